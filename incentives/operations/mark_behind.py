"""Say who is behind: those whom a change touches, and those whose sum looks at them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from incentives.core.components import POOL, TEAM, Component
from incentives.store import plans, teams
from incentives.store.markers import mark_stale


def mark_behind(session: Session, payee_ids: Collection[int], now: datetime) -> None:
    """Mark payees in the transaction of the change itself, with those who look at their credits."""
    mark_stale(session, {*payee_ids, *who_look_at(session, payee_ids)}, now)


@contextmanager
def teams_changing(session: Session, person_ids: Collection[int], now: datetime) -> Iterator[None]:
    """Around a change of who is in which team, or manages it: those who looked at the credits of
    these people before it, and those who do from now on, are behind."""
    before = who_look_at(session, person_ids)
    yield
    mark_stale(session, before | who_look_at(session, person_ids), now)


def who_look_at(session: Session, payee_ids: Collection[int]) -> set[int]:
    """Whose sums look at the credits of these: managers with a component on their team, members of
    their pools, and those who take from the same budget. All who ever did: a sum too many costs a
    moment, one too few leaves a wrong number."""
    session.flush()
    components = _components_by_plan()
    of_teams, of_pools, of_budgets = (
        [plan_id for plan_id, of_plan in components.items() if any(map(asks, of_plan))]
        for asks in (
            lambda component: component.credited == TEAM,
            lambda component: component.credited == POOL,
            lambda component: component.shares_budget,
        )
    )
    found: set[int] = set()
    if of_teams or of_pools:
        homes = teams.homes_of(payee_ids)
        managers = teams.people_in(teams.with_teams_around(homes), teams.MANAGER)
        found |= plans.payees_on(of_teams) & managers
        found |= plans.payees_on(of_pools) & teams.people_in(homes, teams.MEMBER)
    for plan_id in of_budgets:
        takers = plans.payees_on([plan_id])
        if not takers.isdisjoint(payee_ids):
            found |= takers
    return found


def _components_by_plan() -> dict[int, list[Component]]:
    """Of every version there ever was."""
    return {
        plan_id: [component for version in versions for component in version.plan.components]
        for plan_id, versions in plans.versions_by_plan().items()
    }
