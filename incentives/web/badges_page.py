"""Badges in words and plates."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from incentives.core.measures import MEASURES
from incentives.operations.read_badges import Award, BadgeRow, Badges, Progress
from incentives.web import formats, links

# What a span is called in "this …"; a badge for one deal is measured by the best of the quarter.
_SPANS = {"deal": "one deal", "day": "a day", "week": "a week", "month": "a month"}
# Reasons listed under the gallery; older ones stand behind their badge's count.
REASONS_SHOWN = 40


def gallery_view(badges: Badges, *, is_own: bool) -> dict[str, Any]:
    """Everything `badges/show.html` needs."""
    reasons = [(row, award) for row in badges.earned for award in row.awards]
    reasons.sort(key=lambda pair: (pair[1].day, pair[1].activity_id), reverse=True)
    return {
        "title": "Badges" if is_own else f"Badges of {badges.payee.name}",
        "earned_text": earned_text(badges),
        "new": sum(1 for _, award in reasons if award.day == badges.today),
        "earned": [earned_plate(row, badges) for row in badges.earned],
        "within_reach": [open_plate(row, badges) for row in badges.within_reach],
        "reasons": [_reason(row, award, badges) for row, award in reasons[:REASONS_SHOWN]],
        "reasons_left_out": max(0, len(reasons) - REASONS_SHOWN),
        "is_own": is_own,
        "name": badges.payee.name,
    }


def earned_text(badges: Badges) -> str:
    return f"{len(badges.earned)} of {len(badges.rows)} earned"


def earned_plate(row: BadgeRow, badges: Badges, *, url: str | None = None) -> dict[str, Any]:
    """The arguments of `badge_plate` for a badge somebody has."""
    assert row.newest is not None, "an earned badge was won some time"
    is_new = row.newest.day == badges.today
    times = f"{row.times} times, " if row.times > 1 else ""
    when = "New today" if is_new else formats.short_day(row.newest.day)
    people = "person has it" if row.holders == 1 else "people have it"
    return {
        "name": row.name,
        "note": f"{when}, {times}{row.holders} of {badges.payees} {people}",
        "state": "new" if is_new else "earned",
        **_sign(row),
        "progress": None,
        "url": url or f"#badge-{row.component_id}",
        "rule": _rule(row, badges),
    }


def open_plate(row: BadgeRow, badges: Badges, *, url: str | None = None) -> dict[str, Any]:
    """The arguments of `badge_plate` for a badge that is still to be won."""
    assert row.progress is not None, "what is within reach has progress"
    return {
        "name": row.name,
        "note": f"{_where(row, row.progress)}, {progress_text(row)}",
        "state": "locked",
        **_sign(row),
        "progress": row.progress.percent,
        "url": url,
        "rule": f"{_rule(row, badges)} {row.holders} of {badges.payees} have it.",
    }


def _sign(row: BadgeRow) -> dict[str, Any]:
    """Figures such as 5k or 3x stand as text; a longer name is an icon."""
    is_text = any(letter.isdigit() for letter in row.icon)
    return {"icon": None if is_text else row.icon, "text": row.icon if is_text else None}


def progress_text(row: BadgeRow) -> str:
    """8 of 10."""
    assert row.progress is not None
    return f"{_figure(row.progress.reached)} of {_figure(row.progress.at_least)}"


def _where(row: BadgeRow, progress: Progress) -> str:
    match row.span:
        case "deal":
            return "Largest this quarter"
        case "day":
            return "Today"
        case "month":
            return formats.short_month(progress.period)
    return f"This {row.span}"


def _rule(row: BadgeRow, badges: Badges) -> str:
    if row.at_least is None:
        return "From a plan that no longer holds."
    measure = MEASURES[row.measure].label.lower()
    span = _SPANS.get(row.span, f"a {row.span}")
    figure = _figure(row.at_least)
    if row.unit == "money":
        figure = f"{formats.money_whole(row.at_least, badges.company.currency)} of"
    if row.length is not None:
        return f"{row.length} {row.span}s in a row with {figure} {measure}."
    return f"{figure} {measure} in {span}."


def _reason(row: BadgeRow, award: Award, badges: Badges) -> dict[str, Any]:
    return {
        "badge": row.name,
        "badge_id": row.component_id,
        "when": formats.day(award.day),
        "is_new": award.day == badges.today,
        "why": _why(row, award),
        "deal": award.label,
        "url": links.activity(award.activity_id),
        "again": f"{award.count} at once" if award.count > 1 else "",
    }


def _why(row: BadgeRow, award: Award) -> str:
    reached, needed = _figure(award.reached), _figure(award.at_least)
    if row.length is not None:
        return f"{reached} {row.span}s in a row, {needed} needed"
    span = {"deal": "by this deal", "day": "on that day"}.get(row.span, f"in that {row.span}")
    return f"{reached} reached {span}, {needed} needed"


def _figure(value: Decimal) -> str:
    return formats.number(value, 0 if value == value.to_integral_value() else 2)


def team_view(galleries: list[Badges]) -> list[dict[str, Any]]:
    """A row for each person of a team: the newest first."""
    return [
        {
            "name": badges.payee.name,
            "url": url_for("badges.show", code=badges.payee.code),
            "earned_text": earned_text(badges),
            "plates": [_named(row, badges) for row in badges.earned],
            "next": _nearest(badges),
        }
        for badges in sorted(galleries, key=_last_won, reverse=True)
    ]


def _named(row: BadgeRow, badges: Badges) -> dict[str, Any]:
    plate = earned_plate(row, badges, url=url_for("badges.show", code=badges.payee.code))
    times = f", {row.times} times" if row.times > 1 else ""
    newest = row.newest.day if row.newest else badges.today
    when = "new today" if newest == badges.today else formats.short_day(newest)
    return {**plate, "note": f"{when}{times}"}


def _nearest(badges: Badges) -> str:
    row = next(iter(badges.within_reach), None)
    return f"{row.name}: {progress_text(row)}" if row else ""


def _last_won(badges: Badges) -> date:
    newest = [row.newest.day for row in badges.earned if row.newest]
    return max(newest, default=date.min)
