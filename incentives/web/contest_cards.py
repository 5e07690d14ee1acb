"""A running contest in a few lines: beside a board, at the foot of the wall, on one's day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from incentives.operations.read_contest import ContestReading, read_contest
from incentives.store.contests import LIVE, all_contests
from incentives.web import formats


def running_contests(*, now: datetime) -> list[ContestReading]:
    """The live contests, the one that ends first on top."""
    live = [contest for contest in all_contests() if contest.state_at(now) == LIVE]
    live.sort(key=lambda contest: contest.ends_at)
    return [read_contest(contest.slug, now=now) for contest in live]


def card(reading: ContestReading, payee_id: int | None) -> dict[str, Any]:
    """The ink block of a contest: time left, your place, what a prize takes."""
    contest = reading.contest
    zone = reading.company.calendar.zone
    own = reading.row_of(payee_id) if payee_id else None
    pairs = []
    if own is not None and own.standing.place is not None:
        place = formats.ordinal(own.standing.place)
        pairs.append(("Your place", f"{place} of {len(reading.rows)}"))
        if own.to_prize is not None:
            pairs.append(("To a prize", formats.score(reading.kpi, own.to_prize)))
    if contest.prizes:
        pairs.append(("Prizes", _prizes(reading)))
    pairs.append(("Ends", f"{formats.at(contest.ends_at, zone)}, {_city(zone.key)}"))
    return {
        "name": contest.name,
        "url": url_for("contests.show", slug=contest.slug),
        "state_label": "Contest, live",
        "countdown": countdown_parts(reading.time_left),
        "ends_at": contest.ends_at.isoformat(),
        "pairs": pairs,
    }


def wall_foot(running: Sequence[ContestReading]) -> dict[str, Any] | None:
    """The contest that ends first, for the foot of a wall screen."""
    if not running:
        return None
    reading = running[0]
    leader = next((row for row in reading.rows if row.standing.score), None)
    return {
        "contest_name": reading.contest.name,
        "countdown": countdown_parts(reading.time_left),
        "ends_at": reading.contest.ends_at.isoformat(),
        "note": f"The first has {formats.score(reading.kpi, leader.standing.score)}"
        if leader
        else "Nobody has scored yet",
    }


def countdown_parts(span: timedelta) -> list[tuple[str, str]]:
    minutes = max(0, int(span.total_seconds()) // 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    return [(str(days), "days"), (f"{hours:02}", "hours"), (f"{minutes:02}", "min")]


def _prizes(reading: ContestReading) -> str:
    return ", ".join(
        formats.money(prize.amount_minor, prize.currency).removesuffix(".00")
        for prize in reading.contest.prizes
    )


def _city(zone_name: str) -> str:
    return zone_name.rpartition("/")[2].replace("_", " ")
