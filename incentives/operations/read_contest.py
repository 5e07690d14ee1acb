"""Read a contest: who stands where, who holds which prize, what came too late, how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incentives.core.calendar import Period
from incentives.core.measures import KPIS, Kpi
from incentives.errors import NotFound
from incentives.operations.contest_rows import ContestRow, bar_periods, contest_rows
from incentives.operations.contest_standings import days_of, the_field
from incentives.store import contest_facts, contests, markers
from incentives.store.companies import Company, the_company
from incentives.store.contests import (
    CANCELLED,
    FINAL,
    LIVE,
    PROVISIONAL,
    UPCOMING,
    Contest,
    ContestResult,
)

# Each counts on its own and none goes back, so their sum tells every change of the page.
_STAGE = {UPCOMING: 0, LIVE: 1, PROVISIONAL: 2, FINAL: 3, CANCELLED: 4}


@dataclass(frozen=True, slots=True)
class PrizeHeld:
    """A prize as it stands: what each holder of a shared place takes, or nobody's yet."""

    place: int
    amount_minor: int
    currency: str
    row: ContestRow | None


@dataclass(frozen=True, slots=True)
class ContestReading:
    """`late` counts activities of the window that came, or changed, after the grace: they wait."""

    contest: Contest
    kpi: Kpi
    state: str
    rows: list[ContestRow]
    bars: list[Period]
    version: int
    late: int
    now: datetime
    company: Company

    @property
    def time_left(self) -> timedelta:
        """Until it starts, until it ends, or until the result is final; never below zero."""
        contest = self.contest
        until = {UPCOMING: contest.starts_at, LIVE: contest.ends_at}.get(
            self.state, contest.settles_at
        )
        return max(timedelta(0), until - self.now)

    @property
    def is_over(self) -> bool:
        return self.state in (FINAL, CANCELLED)

    @property
    def with_a_score(self) -> int:
        return sum(1 for row in self.rows if row.standing.score)

    @property
    def budget_minor(self) -> int:
        return sum(prize.amount_minor for prize in self.contest.prizes)

    @property
    def contenders(self) -> list[ContestRow]:
        """Who comes next for a prize, the nearest first."""
        return [row for row in self.rows if row.to_prize is not None]

    def row_of(self, entrant_id: int) -> ContestRow | None:
        return next((row for row in self.rows if row.entrant.id == entrant_id), None)


def read_contest(slug: str, *, now: datetime) -> ContestReading:
    """A contest as it is now. Raises NotFound."""
    contest = contests.contest_by_slug(slug)
    if contest is None:
        raise NotFound("There is no such contest.")
    company = the_company()
    # Read before the rows: a version shown may contain more than it says, never less.
    version = version_of(contest, now)
    state = state_of(contest, now)
    return ContestReading(
        contest=contest,
        kpi=KPIS[contest.kpi],
        state=state,
        rows=_rows(contest, state, now, company),
        bars=bar_periods(contest, company.calendar),
        version=version,
        late=_late(contest, now, company),
        now=now,
        company=company,
    )


def state_of(contest: Contest, now: datetime) -> str:
    """What the contest may be called. It is final only once that result has been declared."""
    state = contest.state_at(now)
    if state == FINAL and not any(result.state == FINAL for result in contest.results):
        return PROVISIONAL
    return state


def version_of(contest: Contest, now: datetime) -> int:
    """Grows with every change of what the contest's page shows, and never goes back."""
    declared = len(contest.results) + len(contest.amendments)
    return markers.board_version() + _STAGE[contest.state_at(now)] + declared


def _rows(contest: Contest, state: str, now: datetime, company: Company) -> list[ContestRow]:
    if state == FINAL:
        return stored_rows(contest.results[-1])
    return contest_rows(contest, now=now, company=company)


def stored_rows(result: ContestResult) -> list[ContestRow]:
    """The rows of a result as they were declared."""
    return [ContestRow.from_stored(kept) for kept in result.standings]


def read_result(slug: str, version: int, *, now: datetime) -> tuple[ContestReading, ContestResult]:
    """One declared result of a contest, also one that a later version has replaced."""
    reading = read_contest(slug, now=now)
    for result in reading.contest.results:
        if result.version == version:
            return reading, result
    raise NotFound("There is no such result.")


def prizes_held(contest: Contest, rows: Sequence[ContestRow]) -> list[PrizeHeld]:
    """Every prize with its holder, in the order of places; prizes that nobody holds are listed."""
    winners = [row for row in rows if row.prize_minor]
    held = []
    covered: set[int] = set()
    for row in winners:
        place = row.standing.place
        assert place is not None, "who wins has a place"
        together = sum(1 for other in winners if other.standing.place == place)
        covered.update(range(place, place + together))
        held.append(PrizeHeld(place, row.prize_minor, contest.prizes[0].currency, row))
    held += [
        PrizeHeld(prize.place, prize.amount_minor, prize.currency, None)
        for prize in contest.prizes
        if prize.place not in covered
    ]
    return sorted(held, key=lambda prize: prize.place)


def _late(contest: Contest, now: datetime, company: Company) -> int:
    if now < contest.settles_at:
        return 0
    days = days_of(contest.starts_at, contest.ends_at, company.calendar)
    entered = the_field([team.id for team in contest.teams], days)
    return contest_facts.count_late(
        entered.ids, contest.starts_at, contest.ends_at, received_from=contest.settles_at
    )
