"""Contests that were won, from the moment the result is final. The prize is pay, and not told."""

from decimal import Decimal

from incentives.core.measures import KPIS
from incentives.core.recognition import CONTEST
from incentives.operations.contest_rows import ContestRow
from incentives.operations.wins import Asked, Named, Win
from incentives.store.companies import the_company
from incentives.store.contests import FINAL, Contest, all_contests


def find(asked: Asked) -> list[Win]:
    """All who share the first place. Who is hidden is left out, and the others stay first."""
    found = [win for contest in all_contests() if (win := _told(contest, asked))]
    return sorted(found, key=lambda win: win.at, reverse=True)[: asked.limit]


def _told(contest: Contest, asked: Asked) -> Win | None:
    result = contest.results[-1] if contest.results else None
    if result is None or result.state != FINAL:
        return None
    if not asked.start <= result.declared_at < asked.end:
        return None
    rows = [ContestRow.from_stored(kept) for kept in result.standings]
    first = [row for row in rows if row.standing.place == 1 and (row.standing.score or Decimal(0))]
    winners = [row.entrant for row in first if asked.curtain.names(row.entrant.id)]
    if not any(asked.tells_of(winner.id) for winner in winners):
        return None
    unit = KPIS[contest.kpi].unit
    return Win(
        key=f"{CONTEST}-{contest.id}",
        kind=CONTEST,
        at=result.declared_at,
        people=[Named(winner.id, winner.name) for winner in winners],
        what=contest.name,
        value=first[0].standing.score,
        unit=unit,
        currency=the_company().currency if unit == "money" else None,
        slug=contest.slug,
    )
