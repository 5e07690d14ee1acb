"""A board's form: its document as texts by field, and what was typed as a document again.

Fields are called by their place in the document, with dashes: span-rolling, privacy-rep-form. What
cannot be read stays in the document as it was typed, so that its own schema says what to write.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from incentives.core.boards.parts import EVERYONE, NEIGHBOURS, TOP_N, VIEWERS
from incentives.core.boards.parts import PEOPLE as BY_PEOPLE
from incentives.core.calendar import PERIOD_KINDS

Texts = MultiDict[str, str]
Document = dict[str, Any]

ROLLING, NAMED_SPAN = "rolling", "named"
CONTEST = "contest:"
MOST_SCORES, MOST_TIES = 12, 5
AUDIENCES = (EVERYONE, *VIEWERS)
# How many rows a form of seeing a board shows, by the name of that number.
NUMBERS = {TOP_N: "top", NEIGHBOURS: "window"}

_STARTER: Document = {
    "schema": 1,
    "name": "",
    "scores": [{"kpi": "revenue"}],
    "span": {"period": "quarter"},
}


def starter() -> Texts:
    """A new board as most begin."""
    return texts_of(_STARTER, ZoneInfo("UTC"))


def texts_of(document: Document, zone: ZoneInfo) -> Texts:
    """What the form shows of a document. Times are those of the company."""
    texts: Texts = MultiDict()
    for name in ("name", "entrants", "places", "celebrations"):
        texts[name] = str(document.get(name, ""))
    texts["benchmarks"] = "1" if document.get("benchmarks", True) else ""
    texts.setlist("hidden", list(document.get("hidden", ())))
    texts.setlist("ties", list(document.get("ties", ())))
    _put_scores(texts, document["scores"])
    _put_span(texts, document["span"])
    _put_audience(texts, document.get("audience") or {})
    for part in ("reading", "divide"):
        for name, value in (document.get(part) or {}).items():
            texts[f"{part}-{name}"] = _text(value)
    for viewer, form in (document.get("privacy") or {}).items():
        texts[f"privacy-{viewer}-form"] = form["form"]
        texts[f"privacy-{viewer}-number"] = _text(form.get(NUMBERS.get(form["form"], "")))
    freeze = document.get("freeze")
    if freeze:
        at = datetime.fromisoformat(freeze["at"]).astimezone(zone)
        texts["freeze-at"] = f"{at:%Y-%m-%dT%H:%M}"
        texts.setlist("freeze-for", list(freeze["for"]))
    return texts


def _put_scores(texts: Texts, scores: list[Document]) -> None:
    texts["scores"] = str(len(scores))
    for at, score in enumerate(scores):
        contest = score.get("contest")
        texts[f"scores-{at}-kpi"] = f"{CONTEST}{contest}" if contest else _text(score.get("kpi"))
        texts[f"scores-{at}-weight"] = _text(score.get("weight"))
        texts[f"scores-{at}-target"] = _text(score.get("target"))


def _put_span(texts: Texts, span: Document) -> None:
    period = span.get("period")
    if span.get("rolling") is not None:
        texts["span"], texts["span-rolling"] = ROLLING, str(span["rolling"])
    elif period in PERIOD_KINDS:
        texts["span"] = period
    else:
        texts["span"], texts["span-period"] = NAMED_SPAN, _text(period)


def _put_audience(texts: Texts, audience: Document) -> None:
    texts["audience-of"] = audience.get("of", "")
    named = list(audience.get("named", ()))
    texts.setlist("audience-people", named if audience.get("of") == BY_PEOPLE else [])
    texts.setlist("audience-named", named)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def document_of(texts: Texts, zone: ZoneInfo) -> Document:
    """The document that was typed; what is left empty, or holds anyway, is left out."""
    said: Document = {
        "schema": 1,
        "name": texts.get("name", "").strip(),
        "scores": [_score(texts, at) for at in range(scores_in(texts))],
        "span": _span(texts),
        "entrants": texts.get("entrants", ""),
        "places": texts.get("places", ""),
        "celebrations": texts.get("celebrations", ""),
        "audience": _audience(texts),
        "reading": _part(texts, "reading", ("kind", "over"), ("minimum_volume", "baseline")),
        "divide": _divide(texts),
        "ties": _chosen(texts, "ties"),
        "privacy": _privacy(texts),
        "freeze": _freeze(texts, zone),
        "hidden": _chosen(texts, "hidden"),
    }
    found = {name: value for name, value in said.items() if value not in ("", {}, [], None)}
    found.setdefault("name", "")
    return found if texts.get("benchmarks") else {**found, "benchmarks": False}


def scores_in(texts: Texts) -> int:
    """How many numbers the score is made of, at least one."""
    return max(1, min(MOST_SCORES, _whole(texts.get("scores", ""), 1)))


def _score(texts: Texts, at: int) -> Document:
    what = texts.get(f"scores-{at}-kpi", "")
    kind = "contest" if what.startswith(CONTEST) else "kpi"
    said = {kind: what.removeprefix(CONTEST)}
    numbers = {name: _number(texts.get(f"scores-{at}-{name}", "")) for name in ("weight", "target")}
    return {**said, **{name: value for name, value in numbers.items() if value}}


def _span(texts: Texts) -> Document:
    kind = texts.get("span", "")
    if kind == ROLLING:
        return {"rolling": _as_whole(texts.get("span-rolling", ""))}
    return {"period": texts.get("span-period", "").strip() if kind == NAMED_SPAN else kind}


def _audience(texts: Texts) -> Document:
    of = texts.get("audience-of", "")
    if not of or of == "company":
        return {}
    field = "audience-people" if of == BY_PEOPLE else "audience-named"
    return {"of": of, "named": _chosen(texts, field)}


def _divide(texts: Texts) -> Document:
    by = texts.get("divide-by", "")
    names = {"new_hires": ("days",), "leagues": ("size", "move")}.get(by, ())
    texts_too = ("by", "since") if by == "leagues" else ("by",)
    return _part(texts, "divide", texts_too, names) if by else {}


def _privacy(texts: Texts) -> Document:
    found = {}
    for viewer in AUDIENCES:
        form = texts.get(f"privacy-{viewer}-form", "")
        if not form:
            continue
        said: Document = {"form": form}
        number = texts.get(f"privacy-{viewer}-number", "").strip()
        if form in NUMBERS and number:
            said[NUMBERS[form]] = _as_whole(number)
        found[viewer] = said
    return found


def _freeze(texts: Texts, zone: ZoneInfo) -> Document:
    at = texts.get("freeze-at", "").strip()
    if not at:
        return {}
    with suppress(ValueError):
        at = datetime.fromisoformat(at).replace(tzinfo=zone).isoformat()
    return {"at": at, "for": texts.getlist("freeze-for")}


def _part(
    texts: Texts, part: str, names: tuple[str, ...], whole_numbers: tuple[str, ...]
) -> Document:
    found: Document = {name: texts.get(f"{part}-{name}", "").strip() for name in names}
    for name in whole_numbers:
        found[name] = _as_whole(texts.get(f"{part}-{name}", ""))
    return {name: value for name, value in found.items() if value != ""}


def _chosen(texts: Texts, field: str) -> list[str]:
    return list(dict.fromkeys(filter(None, texts.getlist(field))))


def _number(text: str) -> str:
    return text.strip().replace(",", "")


def _as_whole(text: str) -> int | str:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _whole(text: str, otherwise: int) -> int:
    found = _as_whole(text)
    return found if isinstance(found, int) else otherwise


def change_rows(texts: Texts, wish: str) -> None:
    """Add a number to the score, or take one away."""
    count = scores_in(texts)
    what, _, where = wish.partition(":")
    if what == "add-score" and count < MOST_SCORES:
        texts["scores"] = str(count + 1)
    dropped = _whole(where, count)
    if what == "drop-score" and dropped < count and count > 1:
        for at in range(dropped, count):
            for name in ("kpi", "weight", "target"):
                texts[f"scores-{at}-{name}"] = texts.get(f"scores-{at + 1}-{name}", "")
        texts["scores"] = str(count - 1)


def field_of(path: str, texts: Mapping[str, str]) -> str:
    """The field beside which a refusal of the document at a path stands."""
    name = path.replace("[", "-").replace("]", "").replace(".", "-")
    if name.startswith("scores-") and name.endswith("-contest"):
        return name.removesuffix("contest") + "kpi"
    if name == "scores":
        return "scores-0-kpi"
    if name == "span-period" and texts.get("span") != NAMED_SPAN:
        return "span"
    if name.startswith("audience-named") and texts.get("audience-of") == BY_PEOPLE:
        return "audience-people"
    if name.startswith("privacy-"):
        viewer = name.split("-")[1]
        return f"privacy-{viewer}-form" if name.endswith("-form") else f"privacy-{viewer}-number"
    for whole in ("audience-named", "hidden", "freeze-for", "ties"):
        if name.startswith(whole):
            return whole
    return name
