"""What a file may hold. A format is a file in this folder with a FORMAT: its steps, its pages, its
check and its report come by themselves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from incentives.discovery import found_in
from incentives.errors import NotFound
from incentives.ingest.columns import Field, guess_columns
from incentives.ingest.csv_reading import Table
from incentives.operations.import_progress import Progress, SoFar
from incentives.operations.import_report import ImportReport


@dataclass(frozen=True, slots=True)
class ImportTask:
    """What a format is asked to do. A dry run stores nothing and reports what would be done;
    `resume` is what an earlier worker had done."""

    table: Table
    columns: Mapping[str, str]
    aliases: Mapping[str, str]
    by: int | None
    clock: Callable[[], datetime]
    dry_run: bool
    resume: SoFar | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class Need:
    """Another format whose file was meant to come first, told by the code of an issue; `lacking`
    begins a sentence that ends with the names."""

    code: str
    kind: str
    lacking: str


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """`order` is that in which a company that starts empty brings its files in, `things` what the
    rows are, `makes` what an import does, and `there` how much of it there is. `aliased` is the
    field that may call a product by another name, `capability` what applying it takes."""

    kind: str
    order: int
    label: str
    things: str
    makes: str
    fields: tuple[Field, ...]
    work: Callable[[ImportTask], ImportReport]
    there: Callable[[], int]
    aliased: str | None = None
    capability: str = "import_data"
    needs: tuple[Need, ...] = ()


@cache
def import_formats() -> dict[str, ImportFormat]:
    """Every format by its kind, in their order."""
    found = sorted(found_in(__name__, "FORMAT"), key=lambda each: each.order)
    return {each.kind: each for each in found}


def import_format(kind: str) -> ImportFormat:
    try:
        return import_formats()[kind]
    except KeyError:
        raise NotFound("There is no such kind of file.") from None


def guess_format(header: Sequence[str]) -> ImportFormat:
    """The format that uses most of a file's columns, of those that find all they need if any do.
    Where nothing tells them apart it is the last, which a company imports most often."""

    def fit(each: ImportFormat) -> tuple[bool, int, int]:
        found = guess_columns(header, each.fields)
        complete = all(field.name in found for field in each.fields if field.required)
        return complete, len(found), each.order

    return max(import_formats().values(), key=fit)
