"""The credits of others that a payee's sum looks at: of those managed, of a pool, of a budget."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property

from incentives.core.activity import Credit
from incentives.core.calendar import Calendar
from incentives.core.case import Membership, Pool
from incentives.core.components import POOL, TEAM
from incentives.core.plans import Agreement
from incentives.store import activities, plans, quotas, teams
from incentives.store.plans import Assignment
from incentives.store.teams import MANAGER, MEMBER, Span


def asks_for(agreements: Iterable[Agreement], whose: str) -> bool:
    """Whether a component of these looks at the credits of a team or a pool."""
    return any(
        component.credited == whose
        for agreement in agreements
        for version in agreement.versions
        for component in version.plan.components
    )


def plans_that_share(agreements: Iterable[Agreement]) -> set[int]:
    """The plans with a budget that is for everybody on them."""
    return {
        version.plan_id
        for agreement in agreements
        for version in agreement.versions
        if any(component.shares_budget for component in version.plan.components)
    }


class OthersCredits:
    """What is known at one moment. Asked for by one payee after the other, and read once."""

    def __init__(
        self, calendar: Calendar, *, until: datetime, reversed_from: datetime | None
    ) -> None:
        self._calendar = calendar
        self._until = until
        self._reversed_from = reversed_from
        self._today = calendar.day_of(until)
        self._pools: dict[int, Pool] = {}
        self._takers: dict[int, list[tuple[int, Credit]]] = {}

    def of_team(self, payee_id: int, agreements: Collection[Agreement]) -> list[Credit]:
        """Those of the people in teams the payee manages, at the dates (semantics 4). Overlays stay
        out: they come on top of what the team did (semantics 8)."""
        if not asks_for(agreements, TEAM):
            return []
        people = {
            stay.person_id
            for team_id in {span.team_id for span in self._roster.managed[payee_id]}
            for stay in self._roster.members_within(team_id)
        }
        return [
            credit
            for owner, credit in self._credits_of(people - {payee_id})
            if not credit.overlay and self._roster.manages(payee_id, owner, self._day(credit))
        ]

    def pool_of(self, payee_id: int, agreements: Collection[Agreement]) -> Pool | None:
        """The team that the payee is in, or was in last."""
        if not asks_for(agreements, POOL):
            return None
        begun = [s for s in self._roster.stays[payee_id] if s.first_day <= self._today]
        if not begun:
            return None
        team_id = begun[-1].team_id
        if team_id not in self._pools:
            self._pools[team_id] = self._pool(team_id)
        return self._pools[team_id]

    def for_budgets(self, agreements: Collection[Agreement]) -> list[tuple[int, Credit]]:
        """Those of everybody who takes from the same budget, the payee among them."""
        return [
            taken
            for plan_id in sorted(plans_that_share(agreements))
            for taken in self._taken_from(plan_id)
        ]

    def _pool(self, team_id: int) -> Pool:
        stays = sorted(self._roster.members_of[team_id], key=lambda s: (s.person_id, s.first_day))
        return Pool(
            members=[Membership(s.person_id, s.first_day, s.end_day) for s in stays],
            credits=[
                (owner, credit)
                for owner, credit in self._credits_of({stay.person_id for stay in stays})
                if self._roster.team_on(owner, self._day(credit)) == team_id
            ],
            quotas=quotas.team_quotas(team_id),
        )

    def _taken_from(self, plan_id: int) -> list[tuple[int, Credit]]:
        if plan_id not in self._takers:
            assigned: dict[int, list[Assignment]] = defaultdict(list)
            for assignment in plans.assignments_of_plan(plan_id):
                assigned[assignment.payee_id].append(assignment)
            self._takers[plan_id] = [
                (owner, credit)
                for owner, credit in self._credits_of(assigned.keys())
                if any(assignment.covers(self._day(credit)) for assignment in assigned[owner])
            ]
        return self._takers[plan_id]

    def _credits_of(self, payee_ids: Collection[int]) -> list[tuple[int, Credit]]:
        return activities.credits_of_several(
            payee_ids, until=self._until, reversed_from=self._reversed_from
        )

    def _day(self, credit: Credit) -> date:
        return self._calendar.day_of(credit.occurred_at)

    @cached_property
    def _roster(self) -> "Roster":
        return Roster()


class Roster:
    """Who was in which team and managed which, on which days."""

    def __init__(self) -> None:
        self.stays: dict[int, list[Span]] = defaultdict(list)
        self.managed: dict[int, list[Span]] = defaultdict(list)
        self.members_of: dict[int, list[Span]] = defaultdict(list)
        for span in teams.spans():
            if span.role == MANAGER:
                self.managed[span.person_id].append(span)
            elif span.role == MEMBER:
                self.stays[span.person_id].append(span)
                self.members_of[span.team_id].append(span)
        self._parents = teams.parents()

    def team_on(self, person_id: int, day: date) -> int | None:
        return next((s.team_id for s in self.stays[person_id] if s.covers(day)), None)

    def manages(self, manager_id: int, person_id: int, day: date) -> bool:
        """Whether somebody manages a person's team, or one that it is in, on a day."""
        team_id = self.team_on(person_id, day)
        above = set(self._with_teams_around(team_id))
        return any(s.team_id in above and s.covers(day) for s in self.managed[manager_id])

    def members_within(self, team_id: int) -> Iterator[Span]:
        """Who was ever in a team or in one inside it."""
        for inside in list(self.members_of):
            if team_id in self._with_teams_around(inside):
                yield from self.members_of[inside]

    def _with_teams_around(self, team_id: int | None) -> Iterator[int]:
        while team_id is not None:
            yield team_id
            team_id = self._parents.get(team_id)
