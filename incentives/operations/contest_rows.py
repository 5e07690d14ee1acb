"""A contest's rows: who stands where, what made the score, what it wins or lacks for a prize."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import Any

from incentives.core.calendar import Calendar, Period
from incentives.core.measures import KPIS, Kpi
from incentives.core.money import EXACT
from incentives.core.prizes import award
from incentives.core.ranking import Standing, movement
from incentives.core.standings import Entrant
from incentives.operations.contest_standings import (
    Scored,
    days_of,
    rank_scored,
    the_field,
    what_counts,
)
from incentives.store.companies import Company
from incentives.store.contests import Contest

# A bar for each day reads well up to a month; a longer contest shows its weeks, a year its months.
_MOST_DAYS, _MOST_WEEKS = 31, 27


@dataclass(frozen=True, slots=True)
class ContestRow:
    """`deals` counts the activities behind the score and `biggest` is the largest of them.

    `prize_minor` is what the row wins as things stand; `to_prize` what is missing to the last
    prize, None where a prize is held or no score is set to beat.
    """

    entrant: Entrant
    standing: Standing
    deals: int
    biggest: Decimal | None
    prize_minor: int
    to_prize: Decimal | None = None
    moved: int | None = None
    bars: list[Decimal] = field(default_factory=list)

    def as_stored(self) -> dict[str, Any]:
        """The row as it is kept in a declared result."""
        standing = self.standing
        return {
            "entrant_id": self.entrant.id,
            "name": self.entrant.name,
            "team": self.entrant.team,
            "colour": self.entrant.colour,
            "score": _text(standing.score),
            "place": standing.place,
            "tied": standing.tied,
            "gap": _text(standing.gap),
            "deals": self.deals,
            "biggest": _text(self.biggest),
            "prize_minor": self.prize_minor,
        }

    @classmethod
    def from_stored(cls, kept: dict[str, Any]) -> "ContestRow":
        entrant = Entrant(kept["entrant_id"], kept["name"], kept["team"], kept["colour"])
        standing = Standing(
            entrant.id,
            entrant.name,
            _number(kept["score"]),
            kept["place"],
            kept["tied"],
            _number(kept["gap"]),
        )
        return cls(entrant, standing, kept["deals"], _number(kept["biggest"]), kept["prize_minor"])


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def contest_rows(contest: Contest, *, now: datetime, company: Company) -> list[ContestRow]:
    """The rows as of now: what occurred in the window so far and came before the grace ended."""
    kpi, calendar = KPIS[contest.kpi], company.calendar
    until = min(now, contest.ends_at, contest.cancelled_at or contest.ends_at)
    days = days_of(contest.starts_at, contest.ends_at, calendar)
    entered = the_field([team.id for team in contest.teams], days)
    scored = what_counts(
        kpi,
        entered,
        contest.starts_at,
        until,
        received_before=contest.settles_at,
        company=company,
    )
    standings = rank_scored(contest.format, kpi, entered.entrants, scored)
    prizes = _prizes(contest)
    won = award(standings, prizes, reserve=contest.reserve)
    to_beat = _score_to_beat(standings, prizes, contest.reserve)
    moved = _moves(contest, kpi, entered.entrants, scored, standings, calendar.day_of(now))
    parts = bar_periods(contest, calendar)
    entrants = {entrant.id: entrant for entrant in entered.entrants}
    behind = _by_entrant(scored)
    return [
        ContestRow(
            entrant=entrants[row.entrant_id],
            standing=row,
            deals=_count(kpi, behind[row.entrant_id]),
            biggest=_biggest(kpi, behind[row.entrant_id]),
            prize_minor=won.get(row.entrant_id, 0),
            to_prize=None if row.entrant_id in won else _missing(kpi, row, to_beat),
            moved=moved.get(row.entrant_id),
            bars=_bars(kpi, behind[row.entrant_id], parts),
        )
        for row in standings
    ]


def _prizes(contest: Contest) -> dict[int, int]:
    """Prizes by place; a contest that was called off has none."""
    if contest.cancelled_at is not None:
        return {}
    return {prize.place: prize.amount_minor for prize in contest.prizes}


def bar_periods(contest: Contest, calendar: Calendar) -> list[Period]:
    """The parts of the window that are drawn as bars."""
    days = days_of(contest.starts_at, contest.ends_at, calendar)
    kind = "day" if days.days <= _MOST_DAYS else "week" if days.days <= _MOST_WEEKS * 7 else "month"
    return calendar.parts(days, kind)


def _by_entrant(scored: Sequence[Scored]) -> dict[int, list[Scored]]:
    found: dict[int, list[Scored]] = defaultdict(list)
    for item in scored:
        found[item.payee_id].append(item)
    return found


def _values(kpi: Kpi, scored: Sequence[Scored]) -> list[Decimal]:
    return [item.values[kpi.counts] for item in scored if kpi.counts in item.values]


def _count(kpi: Kpi, scored: Sequence[Scored]) -> int:
    return len(_values(kpi, scored))


def _biggest(kpi: Kpi, scored: Sequence[Scored]) -> Decimal | None:
    return max(_values(kpi, scored), default=None)


def _bars(kpi: Kpi, scored: Sequence[Scored], parts: Sequence[Period]) -> list[Decimal]:
    sums = [Decimal(0)] * len(parts)
    with localcontext(EXACT):
        for item in scored:
            place = next(i for i, part in enumerate(parts) if item.day in part)
            sums[place] += item.values.get(kpi.counts, Decimal(0))
    return sums


def _score_to_beat(
    standings: Sequence[Standing], prizes: dict[int, int], reserve: Decimal | None
) -> Decimal | None:
    """The score at the last place that wins; at least the reserve. None where none is set yet."""
    last = max(prizes, default=0)
    at_last = standings[last - 1].score if 0 < last <= len(standings) else None
    scores = [score for score in (at_last or None, reserve) if score is not None]
    return max(scores, default=None) if prizes else None


def _missing(kpi: Kpi, row: Standing, to_beat: Decimal | None) -> Decimal | None:
    if to_beat is None or row.score is None:
        return None
    missing = row.score - to_beat if kpi.lower_is_better else to_beat - row.score
    return missing if missing > 0 else None


def _moves(
    contest: Contest,
    kpi: Kpi,
    entrants: Sequence[Entrant],
    scored: Sequence[Scored],
    standings: Sequence[Standing],
    today: date,
) -> dict[int, int | None]:
    """Places climbed since today began; none on the first day and after the last."""
    earlier = [item for item in scored if item.day < today]
    if not earlier or len(earlier) == len(scored):
        return {}
    before = {
        row.entrant_id: row.place for row in rank_scored(contest.format, kpi, entrants, earlier)
    }
    return {row.entrant_id: movement(before.get(row.entrant_id), row.place) for row in standings}
