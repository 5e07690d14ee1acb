"""A contest as its templates show it: figures written, lengths ready, and nothing personal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import url_for

from incentives.core.measures import POINTS, Kpi
from incentives.operations.contest_rows import ContestRow
from incentives.operations.read_contest import ContestReading, prizes_held
from incentives.store.contests import CANCELLED, FINAL, LIVE, PROVISIONAL, UPCOMING, Contest
from incentives.web import formats
from incentives.web.contest_cards import countdown_parts
from incentives.web.rows import MEDALS, RankedRow, bar_heights, is_within_reach, ranked

STATES = {
    UPCOMING: "Upcoming",
    LIVE: "Live",
    PROVISIONAL: "Provisional",
    FINAL: "Final",
    CANCELLED: "Cancelled",
}
_TIME_HEADINGS = {
    UPCOMING: "Starts in",
    LIVE: "Time left",
    PROVISIONAL: "Until the result is final",
    FINAL: "The result is final",
    CANCELLED: "Called off",
}
# Holders that the block lists; with more, the tower below says the rest.
MOST_HOLDERS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestRowView(RankedRow):
    url: str
    bars: list[float]
    bars_label: str
    deals: int
    biggest: str
    prize_text: str
    prize_close: bool


@dataclass(frozen=True, slots=True)
class ContestView:
    """What `contests/_live.html` and `contests/_block.html` are drawn from."""

    slug: str
    version: int
    ended: bool
    summary: str
    state: str
    countdown: list[tuple[str, str]] | None
    ends_at: str
    starts_text: str
    ends_text: str
    elapsed: int
    time_heading: str
    prizes: list[dict[str, Any]]
    more_holders: int
    race_title: str
    race: list[tuple[Any, ...]]
    standings: list[ContestRowView]
    has_bars: bool
    bars_heading: str
    bars_current: int | None
    deals_heading: str
    has_biggest: bool
    score_heading: str
    prize_heading: str


def contest_view(reading: ContestReading, rows: Sequence[ContestRow] | None = None) -> ContestView:
    """The contest drawn as of its reading; with `rows`, as a result that was declared."""
    rows = reading.rows if rows is None else rows
    contest, kpi = reading.contest, reading.kpi
    has_bars = bool(rows and rows[0].bars) and kpi.over is None
    holders = _holders(reading, rows)
    return ContestView(
        slug=contest.slug,
        version=reading.version,
        ended=reading.is_over,
        summary=summary(reading),
        state=reading.state,
        countdown=None if reading.is_over else countdown_parts(reading.time_left),
        ends_at=_counts_to(reading).isoformat(),
        starts_text=_short(contest.starts_at, reading),
        ends_text=f"{_short(contest.ends_at, reading)}, {_city(reading)}",
        elapsed=_elapsed(reading),
        time_heading=_TIME_HEADINGS[reading.state],
        prizes=holders[:MOST_HOLDERS],
        more_holders=max(0, len(holders) - MOST_HOLDERS),
        race_title=_race_title(reading),
        race=_race(reading),
        standings=[_row(reading, row, has_bars=has_bars) for row in rows],
        has_bars=has_bars,
        bars_heading=f"By {reading.bars[0].kind}" if reading.bars else "",
        bars_current=_current(reading),
        deals_heading=_deals_heading(kpi),
        has_biggest=kpi.over is None and kpi.unit in ("money", "points"),
        score_heading=kpi.label,
        prize_heading=_prize_heading(contest),
    )


def summary(reading: ContestReading) -> str:
    """The contest in one sentence, for those who listen."""
    if reading.state == UPCOMING:
        return "The contest has not started."
    if reading.state == CANCELLED:
        return "The contest was called off."
    leader = next((row for row in reading.rows if row.standing.score), None)
    if leader is None:
        return "Nobody has scored yet."
    verb = "leads" if reading.state == LIVE else "won"
    return f"{leader.entrant.name} {verb} with {score(reading.kpi, leader.standing.score)}."


def score(kpi: Kpi, value: Decimal | None) -> str:
    return formats.score(kpi, value)


def prize_text(amount_minor: int, currency: str) -> str:
    """$1,500, or $33.34 where there are cents."""
    return formats.money(amount_minor, currency).removesuffix(".00")


def window_text(contest: Contest, reading_zone: Any) -> str:
    """'Sun 1 Nov 2026 00:00 to Thu 19 Nov 2026 00:00'."""
    starts, ends = (at.astimezone(reading_zone) for at in (contest.starts_at, contest.ends_at))
    return f"{formats.day(starts.date())} {starts:%H:%M} to {formats.day(ends.date())} {ends:%H:%M}"


def team_text(contest: Contest) -> str:
    return ", ".join(team.name for team in contest.teams) or "Everyone"


def _counts_to(reading: ContestReading) -> datetime:
    contest = reading.contest
    if reading.state == UPCOMING:
        return contest.starts_at
    return contest.ends_at if reading.state == LIVE else contest.settles_at


def _elapsed(reading: ContestReading) -> int:
    contest = reading.contest
    if reading.now <= contest.starts_at:
        return 0
    gone = (min(reading.now, contest.ends_at) - contest.starts_at) / timedelta(seconds=1)
    return int(100 * gone // ((contest.ends_at - contest.starts_at) / timedelta(seconds=1)))


def _short(instant: datetime, reading: ContestReading) -> str:
    local = instant.astimezone(reading.company.calendar.zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _city(reading: ContestReading) -> str:
    return reading.company.time_zone.rpartition("/")[2].replace("_", " ")


def _holders(reading: ContestReading, rows: Sequence[ContestRow]) -> list[dict[str, Any]]:
    if reading.state == CANCELLED:
        return []
    return [
        {
            "place_label": formats.place(held.place, bool(held.row and held.row.standing.tied)),
            "medal": MEDALS.get(held.place),
            "holder": held.row.entrant.name if held.row else None,
            "holder_url": _score_url(reading, held.row) if held.row else None,
            "team": held.row.entrant.team if held.row else "",
            "amount_text": prize_text(held.amount_minor, held.currency),
        }
        for held in prizes_held(reading.contest, rows)
    ]


def _score_url(reading: ContestReading, row: ContestRow) -> str:
    return url_for("contests.entrant", slug=reading.contest.slug, payee_id=row.entrant.id)


def _race_title(reading: ContestReading) -> str:
    if reading.state == LIVE and reading.contest.prizes:
        return f"The race for {formats.ordinal(len(reading.contest.prizes))}"
    return "At a glance"


def _race(reading: ContestReading) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    if reading.state == LIVE:
        for row in reading.contenders[:2]:
            label = f"{formats.ordinal(row.standing.place or 0)}, {row.entrant.name}"
            missing = f"{score(reading.kpi, row.to_prize)} away"
            rows.append((label, missing, _score_url(reading, row)))
    rows.append(("Entrants with a score", f"{reading.with_a_score} of {len(reading.rows)}"))
    prizes = reading.contest.prizes
    if prizes:
        rows.append(("Prize budget", prize_text(reading.budget_minor, prizes[0].currency)))
    if reading.contest.reserve is not None:
        rows.append(("Needed to win", score(reading.kpi, reading.contest.reserve)))
    return rows


def _current(reading: ContestReading) -> int | None:
    today = reading.company.calendar.day_of(reading.now)
    return next((i for i, part in enumerate(reading.bars) if today in part), None)


def _deals_heading(kpi: Kpi) -> str:
    """What the activities behind a score are called; nothing where the score counts them itself."""
    if kpi.unit == "count":
        return ""
    return "Activities" if kpi.slug == POINTS else "Deals"


def _prize_heading(contest: Contest) -> str:
    if not contest.prizes:
        return ""
    return f"Prize, or to {formats.ordinal(len(contest.prizes))}"


def _row(reading: ContestReading, row: ContestRow, *, has_bars: bool) -> ContestRowView:
    standing, entrant, kpi = row.standing, row.entrant, reading.kpi
    prize = _prize(reading, row)
    return ContestRowView(
        **ranked(entrant, standing, row.moved),
        url=_score_url(reading, row),
        bars=bar_heights(row.bars) if has_bars else [],
        bars_label=_bars_label(reading, row),
        deals=row.deals,
        biggest=score(kpi, row.biggest),
        score_text=score(kpi, standing.score),
        gap_text=_gap_text(kpi, row),
        prize_text=prize,
        prize_close=_is_close(row),
        phone_note=", ".join(filter(None, [entrant.team, _phone_prize(reading, row, prize)])),
    )


def _prize(reading: ContestReading, row: ContestRow) -> str:
    if row.prize_minor:
        return prize_text(row.prize_minor, reading.contest.prizes[0].currency)
    if row.to_prize is not None:
        return score(reading.kpi, row.to_prize)
    return formats.NONE if reading.contest.prizes else ""


def _phone_prize(reading: ContestReading, row: ContestRow, prize: str) -> str:
    if row.prize_minor:
        return f"wins {prize}" if reading.state != LIVE else f"holds {prize}"
    return f"{prize} to a prize" if row.to_prize is not None else ""


def _is_close(row: ContestRow) -> bool:
    missing, reached = row.to_prize, row.standing.score
    return is_within_reach(missing, reached)


def _gap_text(kpi: Kpi, row: ContestRow) -> str:
    standing = row.standing
    if standing.score is None:
        return formats.NONE
    if standing.gap is None:
        return "Leader" if standing.score and not standing.tied else formats.NONE
    return score(kpi, standing.gap)


def _bars_label(reading: ContestReading, row: ContestRow) -> str:
    if not row.bars:
        return ""
    values = ", ".join(score(reading.kpi, bar) for bar in row.bars)
    return f"{reading.kpi.label} by {reading.bars[0].kind}: {values}"
