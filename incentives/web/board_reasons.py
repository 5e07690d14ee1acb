"""Why somebody stands where they stand, as it is shown: activities, tie, benchmarks, next place."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from flask import url_for

from incentives.core.boards.definition import TEAMS
from incentives.core.measures import POINTS
from incentives.core.money import EXACT
from incentives.operations.board_items import Contribution
from incentives.operations.points_given import PointsGiven
from incentives.operations.read_contributions import Contributions
from incentives.web import formats, ladder
from incentives.web.board_page import address_of
from incentives.web.board_tie import tie

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
        "periods": [_for_period(each) for each in found.periods],
        "total_label": _total_label(found),
        "total_url": everything,
        "total_amount_text": _amount(found, row.standing.score),
        "total_points_text": formats.number(found.points),
        "amount_heading": reading.kpi.label,
        "points_heading": "Points" if has_points else None,
        "rules": _rules(found),
        "tie": tie(found),
        "benchmark": _benchmark(found),
        "changes": _changes(found),
    }


def _total_label(found: Contributions) -> str:
    count, whose = len(found.items), "your" if found.row.is_own else "the"
    noun = "activity makes" if count == 1 else "activities make"
    return f"{formats.number(count)} {noun} {whose} score."


def event(item: Contribution, found: Contributions) -> dict[str, Any]:
    """One activity as a row: what it was, when, what gave points for it, and what it adds."""
    credit = item.credit
    parts = [credit.attributes.get("product", ""), credit.attributes.get("account", "")]
    whose = item.payee if found.board.definition.entrants == TEAMS else ""
    kind = credit.kind.replace("_", " ").capitalize()
    givers = dict.fromkeys(each.component for each in item.given)
    return {
        "label": ", ".join(filter(None, parts)) or credit.external_id,
        "url": url_for("activities.show", activity_id=credit.activity_id),
        "when": "Today" if item.day == found.board.today else formats.short_day(item.day),
        "rule": ", ".join(filter(None, [*(givers or [kind]), whose])),
        "plan": item.plan,
        "amount_text": _added(found, item.adds, item.value),
        "points_text": formats.number(item.points),
    }


def _for_period(given: PointsGiven) -> dict[str, Any]:
    """Points that no single activity gave, such as those of a streak."""
    return {
        "label": "For a whole period",
        "rule": given.component,
        "plan": given.plan,
        "amount_text": formats.number(given.points),
    }


def _rules(found: Contributions) -> list[dict[str, str]]:
    """What gave the points, each rule once, as its plan says it."""
    given = [*found.periods, *(each for item in found.items for each in item.given)]
    rules = dict.fromkeys((each.rule, each.plan) for each in given if each.rule)
    return [{"text": rule, "plan": plan} for rule, plan in rules]


def _added(found: Contributions, adds: Decimal | None, value: Decimal) -> str:
    """What is added to the score; where a score is no sum, what was counted."""
    return formats.number(value) if adds is None else _amount(found, adds)


def _amount(found: Contributions, value: Decimal | None) -> str:
    """As on the board; with cents where they are needed for the rows to sum to the score."""
    if value is not None and found.board.kpi.unit == "money" and found.adds_cents:
        return formats.number(value, 2)
    return formats.score(found.board.kpi, value)


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
        "rule": ", ".join(dict.fromkeys(each.component for item in items for each in item.given)),
        "plan": ", ".join(dict.fromkeys(item.plan for item in items if item.plan)),
        "amount_text": _added(found, added, value),
        "points_text": formats.number(sum(item.points for item in items)),
    }


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
        whom = f"with {above.entrant.name} in {place}" if above else f"in {place}"
        sentences.append(f"{gap}{fewer} draws level {whom}.")
    return sentences
