"""Why somebody stands where they stand, as it is shown: activities, tie, benchmarks, next place."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from incentives.core.boards.definition import TEAMS
from incentives.core.boards.tie_chain import FIRST_REACHED, NAME
from incentives.core.measures import POINTS
from incentives.core.money import EXACT
from incentives.operations.board_items import Contribution
from incentives.operations.read_contributions import Contributions
from incentives.web import formats, ladder
from incentives.web.board_page import address_of

# Shown at once; the rest is one line with a link.
NEWEST = 3


def why(found: Contributions, *, columns: int) -> dict[str, Any]:
    """The opened panel under a row."""
    reading, row, is_you = found.board, found.row, found.row.is_own
    address = {**address_of(reading), "payee_id": row.entrant.id}
    everything = url_for("board_why.contributions", **address)
    newest, rest = found.items[:NEWEST], found.items[NEWEST:]
    has_points = reading.kpi.counts != POINTS and any(item.points for item in found.items)
    return {
        "entrant_id": row.entrant.id,
        "columns": columns,
        "url": url_for("board_why.panel", **address),
        "title": "Why am I here?" if is_you else f"Why is {row.entrant.name} here?",
        "events": [event(item, found) for item in newest],
        "rest": _rest(rest, found, everything) if rest else None,
        "for_periods": _for_periods(found),
        "total_label": _total_label(found),
        "total_url": everything,
        "total_amount_text": formats.score(reading.kpi, row.standing.score),
        "total_points_text": formats.number(found.points),
        "amount_heading": reading.kpi.label,
        "points_heading": "Points" if has_points else None,
        "tie": _tie(found),
        "benchmark": _benchmark(found),
        "changes": _changes(found),
    }


def _total_label(found: Contributions) -> str:
    count, whose = len(found.items), "your" if found.row.is_own else "the"
    noun = "activity makes" if count == 1 else "activities make"
    return f"{formats.number(count)} {noun} {whose} score."


def event(item: Contribution, found: Contributions) -> dict[str, Any]:
    """One activity as a row: what it was, when, and what it adds to the score."""
    credit = item.credit
    parts = [credit.attributes.get("product", ""), credit.attributes.get("account", "")]
    whose = item.payee if found.board.definition.entrants == TEAMS else ""
    return {
        "label": ", ".join(filter(None, parts)) or credit.external_id,
        "url": url_for("activities.show", activity_id=credit.activity_id),
        "when": "Today" if item.day == found.board.today else formats.short_day(item.day),
        "rule": ", ".join(filter(None, [credit.kind.replace("_", " ").capitalize(), whose])),
        "plan": item.plan,
        "amount_text": _added(found, item.adds, item.value),
        "points_text": formats.number(item.points),
    }


def _added(found: Contributions, adds: Decimal | None, value: Decimal) -> str:
    """What is added to the score; where a score is no sum, what was counted."""
    return formats.number(value) if adds is None else formats.score(found.board.kpi, adds)


def _rest(items: Sequence[Contribution], found: Contributions, url: str) -> dict[str, Any]:
    adds = [item.adds for item in items if item.adds is not None]
    with localcontext(EXACT):
        value = sum((item.value for item in items), Decimal(0))
        added = sum(adds, Decimal(0)) if len(adds) == len(items) else None
    first, last = items[-1].day, items[0].day
    noun = "earlier activity" if len(items) == 1 else "earlier activities"
    return {
        "label": f"{formats.number(len(items))} {noun}",
        "url": url,
        "when": formats.short_day(first)
        if first == last
        else f"{formats.short_day(first)} to {formats.short_day(last)}",
        "rule": "",
        "plan": "",
        "amount_text": _added(found, added, value),
        "points_text": formats.number(sum(item.points for item in items)),
    }


def _for_periods(found: Contributions) -> str:
    """Points that no single activity gave, such as those of a milestone."""
    return formats.number(found.for_periods) if found.for_periods else ""


def _tie(found: Contributions) -> dict[str, Any] | None:
    """The tie in words, and who would come first if a prize needed one winner."""
    is_you = found.row.is_own
    if not found.level_with or not found.row.standing.score or found.tie is None:
        return None
    names = [row.entrant.name for row in found.level_with]
    place = found.row.standing.place or 0
    together = len(names) + 1
    first = found.first_of_tie or found.row
    is_first = first.entrant.id == found.row.entrant.id
    winner = "it is you" if is_you and is_first else f"it is {first.entrant.name}"
    score = formats.score(found.board.kpi, found.row.standing.score)
    reason = {
        FIRST_REACHED: f"first to reach {score}",
        NAME: "first by name",
    }.get(found.tie.link, found.tie.label.lower())
    text = Markup(
        "{all} stand {place}, so the next place is {next}. "
        "If a prize needs one winner {winner}: <b>{reason}</b>."
    ).format(
        all="Both" if together == 2 else f"All {together}",
        place=formats.ordinal(place),
        next=formats.ordinal(place + together),
        winner=winner,
        reason=reason,
    )
    return {"title": f"Level with {', '.join(names)}", "text": text}


def _benchmark(found: Contributions) -> dict[str, Any] | None:
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
    whose = "Your" if found.row.is_own else f"{found.row.entrant.name}'s"
    return {
        "note": note,
        "label": f"{whose} score against the top half, quarter and tenth of the board",
        "marks": ladder.marks([*points, own], backwards=kpi.lower_is_better, apart=ladder.CARD),
    }


def _is_better(one: Decimal, other: Decimal, found: Contributions) -> bool:
    return one < other if found.board.kpi.lower_is_better else one > other


def _changes(found: Contributions) -> list[str]:
    row, reading = found.row, found.board
    if row.standing.score is None:
        who = "You rank" if row.is_own else f"{row.entrant.name} ranks"
        if not reading.kpi.minimum_volume:
            return []
        return [f"{who} from {reading.kpi.minimum_volume} on: few tries say little."]
    sentences = []
    if row.standing.gap:
        above = found.above
        gap = formats.score(reading.kpi, row.standing.gap)
        fewer = " fewer" if reading.kpi.lower_is_better else " more"
        place = formats.ordinal(row.above or 0)
        whom = f"with {escape(above.entrant.name)} in {place}" if above else f"in {place}"
        sentences.append(f"{gap}{fewer} draws level {whom}.")
    return sentences
