"""From one import to another, and to what came in: the links of the Data pages."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from incentives.access import may
from incentives.operations.import_formats import ImportFormat, import_formats
from incentives.operations.import_report import ImportReport
from incentives.store.import_runs import ImportRun

# Where what came in is to be seen: the capability it takes, the words, the page and its query.
SEE: dict[str, list[tuple[str, str, str, dict[str, Any]]]] = {
    "teams": [("manage_people", "See the teams", "teams.index", {})],
    "opportunities": [
        ("see_boards", "See the board", "boards.index", {}),
        ("import_data", "See the activities", "activities.index", {"source": "crm"}),
    ],
}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class FirstFile:
    """A kind of file in the list of what a company needs."""

    label: str
    note: str
    done: bool
    action_label: str
    action_url: str


@dataclass(frozen=True, slots=True)
class ImportFirst:
    """Another file that was meant to come before this one."""

    sentence: str
    link: Link


def see_links(format: ImportFormat) -> list[Link]:
    """The pages that show what such a file brings in, as far as the reader may open them."""
    return [
        Link(label, url_for(page, **query))
        for capability, label, page, query in SEE.get(format.kind, ())
        if may(capability)
    ]


def format_links(run: ImportRun, chosen: ImportFormat) -> list[Link]:
    """The kinds that an uploaded file may be, each with the page of its columns."""
    return [
        Link(
            each.label,
            url_for("data.show_import", run_id=run.id, columns=1, kind=each.kind),
            current=each.kind == chosen.kind,
        )
        for each in import_formats().values()
    ]


def first_files() -> list[FirstFile]:
    """Every kind of file in the order in which a company needs them, and whether some are in."""
    return [_first_file(each) for each in import_formats().values()]


def _first_file(format: ImportFormat) -> FirstFile:
    there = format.there()
    link = _import_link(format)
    return FirstFile(
        label=format.label,
        note=f"{there:,} {format.things} are in." if there else f"No {format.things} yet.",
        done=there > 0,
        action_label=link.label,
        action_url=link.url,
    )


def comes_first(format: ImportFormat, report: ImportReport) -> list[ImportFirst]:
    """What to import before a file of this kind, as the issues of its report tell."""
    found = []
    for need in format.needs:
        names = dict.fromkeys(i.value for i in report.issues if i.code == need.code)
        if names:
            other = import_formats()[need.kind]
            sentence = (
                f"{need.lacking} {_some_of(list(names))}. "
                f"Import {other.label.lower()} first, then check this file again."
            )
            found.append(ImportFirst(sentence, _import_link(other)))
    return found


def _some_of(names: list[str]) -> str:
    """At most three names: the list below has them all."""
    if len(names) > 3:
        return f"{', '.join(names[:3])} and others"
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _import_link(format: ImportFormat) -> Link:
    address = url_for("data.index", kind=format.kind, _anchor="upload")
    return Link(f"Import {format.label.lower()}", address)
