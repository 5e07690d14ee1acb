"""The personal and opened parts of a board: your place at its foot, and why somebody is there."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from incentives.core.ranking import around
from incentives.operations.read_board import BoardReading, BoardRow
from incentives.operations.read_contributions import Contribution, Contributions
from incentives.web import formats, ladder
from incentives.web.board_page import address_of, gap_phrase
from incentives.web.rows import MEDALS

# Shown at once; the rest is one line with a link.
NEWEST = 3


@dataclass(frozen=True, slots=True)
class Ladder:
    label: str
    marks: list[ladder.LadderMark]
    near_marks: list[ladder.LadderMark]


def dock(reading: BoardReading, payee_id: int | None) -> dict[str, Any] | None:
    """Your place, or None for somebody who is not ranked on this board."""
    row = next((row for row in reading.rows if row.entrant.id == payee_id), None)
    if row is None or row.standing.score is None or payee_id is None:
        return None
    standing = row.standing
    address = address_of(reading)
    level = [r for r in reading.rows if standing.tied and r.standing.place == standing.place]
    names = [r.entrant.name.split()[0] for r in level if r.entrant.id != payee_id]
    return {
        "url": url_for("boards.dock", **address),
        "entrant_id": payee_id,
        "place_label": formats.place(standing.place, standing.tied),
        "medal": MEDALS.get(standing.place or 0),
        "name": f"You, with {names[0]}" if len(names) == 1 else "You",
        "change": row.moved,
        "note": _note(reading, row),
        "phone_note": (
            f"{formats.percent(row.attainment)} of quota" if row.attainment is not None else ""
        ),
        "score_text": formats.score(reading.kpi, standing.score),
        "gap_phrase": gap_phrase(reading, row),
        "ladder": your_ladder(reading, payee_id),
    }


def your_ladder(reading: BoardReading, payee_id: int) -> Ladder:
    ranked = [row.standing for row in reading.rows if row.standing.score is not None]
    return Ladder(
        "Your neighbours on the board and how far away they are",
        ladder.neighbours(around(ranked, payee_id, 7), payee_id, reading.kpi),
        ladder.neighbours(around(ranked, payee_id, 4), payee_id, reading.kpi, apart=ladder.NEAR),
    )


def _note(reading: BoardReading, row: BoardRow) -> str:
    """'1,241 to 8th, 634 clear of 11th'."""
    place = row.standing.place or 0
    behind = next((o.standing for o in reading.rows if (o.standing.place or 0) > place), None)
    parts = [gap_phrase(reading, row)]
    if behind is not None and behind.gap:
        clear = formats.score(reading.kpi, behind.gap)
        parts.append(f"{clear} clear of {formats.ordinal(behind.place or 0)}")
    return ", ".join(filter(None, parts))


def why(found: Contributions, *, is_you: bool, columns: int) -> dict[str, Any]:
    """The opened panel under a row."""
    reading, row = found.board, found.row
    address = {**address_of(reading), "payee_id": row.entrant.id}
    everything = url_for("boards.contributions", **address)
    newest, rest = found.items[:NEWEST], found.items[NEWEST:]
    count = len(found.items)
    whose = "your" if is_you else "the"
    noun = "activity makes" if count == 1 else "activities make"
    return {
        "entrant_id": row.entrant.id,
        "columns": columns,
        "url": url_for("boards.why", **address),
        "title": "Why am I here?" if is_you else f"Why is {row.entrant.name} here?",
        "events": [event(item, found) for item in newest],
        "rest": _rest(rest, found, everything) if rest else None,
        "total_label": f"{count} {noun} {whose} score.",
        "total_url": everything,
        "total_amount_text": formats.score(reading.kpi, row.standing.score),
        "total_points_text": formats.number(found.points),
        "amount_heading": reading.kpi.label,
        "points_heading": "Points" if reading.kpi.slug != "points" else None,
        "tie": _tie(found, is_you=is_you),
        "benchmark": _benchmark(found, is_you=is_you),
        "changes": _changes(found, is_you=is_you),
    }


def event(item: Contribution, found: Contributions) -> dict[str, Any]:
    """One activity as a row: what it was, when, and what it gave."""
    credit = item.credit
    parts = [credit.attributes.get("product", ""), credit.attributes.get("account", "")]
    return {
        "label": ", ".join(filter(None, parts)) or credit.external_id,
        "url": url_for("activities.show", activity_id=credit.activity_id),
        "when": "Today" if item.day == found.board.today else formats.short_day(item.day),
        "rule": credit.kind.replace("_", " ").capitalize(),
        "plan": item.plan,
        "amount_text": formats.score(found.board.kpi, item.value)
        if found.board.kpi.over is None
        else formats.number(item.value),
        "points_text": formats.number(item.points),
    }


def _rest(items: list[Contribution], found: Contributions, url: str) -> dict[str, Any]:
    value = sum(item.value for item in items)
    first, last = items[-1].day, items[0].day
    noun = "earlier activity" if len(items) == 1 else "earlier activities"
    return {
        "label": f"{len(items)} {noun}",
        "url": url,
        "when": formats.short_day(first)
        if first == last
        else f"{formats.short_day(first)} to {formats.short_day(last)}",
        "rule": "",
        "plan": "",
        "amount_text": formats.number(value),
        "points_text": formats.number(sum(item.points for item in items)),
    }


def _tie(found: Contributions, *, is_you: bool) -> dict[str, Any] | None:
    """The tie in words, and who would come first if a prize needed one winner."""
    if not found.level_with or not found.row.standing.score:
        return None
    names = [row.entrant.name for row in found.level_with]
    place = found.row.standing.place or 0
    together = len(names) + 1
    group = [
        row.entrant.name
        for row in found.board.rows
        if row.standing.place == place and row.standing.tied
    ]
    first = group[0]
    winner = "it is you" if is_you and first == found.row.entrant.name else f"it is {first}"
    text = Markup(
        "{all} stand {place}, so the next place is {next}. "
        "If a prize needs one winner {winner}: <b>first to reach {score}</b>."
    ).format(
        all="Both" if together == 2 else f"All {together}",
        place=formats.ordinal(place),
        next=formats.ordinal(place + together),
        winner=winner,
        score=formats.score(found.board.kpi, found.row.standing.score),
    )
    return {"title": f"Level with {', '.join(names)}", "text": text}


def _benchmark(found: Contributions, *, is_you: bool) -> dict[str, Any] | None:
    score, kpi = found.row.standing.score, found.board.kpi
    if score is None or not found.benchmarks:
        return None
    points = [
        ladder.Point(
            mark.score, f"Top {mark.percent}{formats.THIN}%", formats.score(kpi, mark.score)
        )
        for mark in found.benchmarks
    ]
    own = ladder.Point(score, "", "", you=True)
    ahead = [mark for mark in found.benchmarks if _is_better(mark.score, score, found)]
    note = (
        f"{formats.score(kpi, abs(ahead[0].score - score))} to the top "
        f"{ahead[0].percent}{formats.THIN}%"
        if ahead
        else f"among the top {found.benchmarks[-1].percent}{formats.THIN}%"
    )
    whose = "Your" if is_you else f"{found.row.entrant.name}'s"
    return {
        "note": note,
        "label": f"{whose} score against the top half, quarter and tenth of the board",
        "marks": ladder.marks([*points, own], backwards=kpi.lower_is_better, apart=ladder.CARD),
    }


def _is_better(one: Decimal, other: Decimal, found: Contributions) -> bool:
    return one < other if found.board.kpi.lower_is_better else one > other


def _changes(found: Contributions, *, is_you: bool) -> list[str]:
    row, reading = found.row, found.board
    if row.standing.score is None:
        who = "You rank" if is_you else f"{row.entrant.name} ranks"
        return [f"{who} from {reading.kpi.minimum_volume} on: few tries say little."]
    sentences = []
    if row.standing.gap:
        above = next(
            other
            for other in reversed(reading.rows)
            if (other.standing.place or 0) < (row.standing.place or 0) and other.standing.place
        )
        gap = formats.score(reading.kpi, row.standing.gap)
        fewer = " fewer" if reading.kpi.lower_is_better else " more"
        place = formats.ordinal(above.standing.place or 0)
        sentences.append(f"{gap}{fewer} draws level with {escape(above.entrant.name)} in {place}.")
    return sentences
