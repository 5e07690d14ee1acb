"""A company in memory: who is on one plan, and everything that was ever told about activities.

`cases_at` is what the sum needs to know about each payee at a moment.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from incentives.core.activity import Credit
from incentives.core.calendar import ALWAYS, Calendar
from incentives.core.case import Case, Membership, Pool, Quotas
from incentives.core.components import POOL, TEAM
from incentives.core.exchange import NO_RATES, ExchangeRates
from incentives.core.history import History
from incentives.core.plans import Agreement, Plan, PlanVersion
from incentives.core.roster import Roster

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Company:
    """`quotas` are by number of the payee, `team_quotas` by name of the team in small letters.

    Everybody whom the history names is on the roster.
    """

    plan: Plan
    calendar: Calendar
    roster: Roster
    history: History
    quotas: Mapping[int, Quotas] = field(default_factory=dict)
    team_quotas: Mapping[str, Quotas] = field(default_factory=dict)
    rates: ExchangeRates = NO_RATES
    holidays: frozenset[date] = frozenset()

    @cached_property
    def versions(self) -> tuple[PlanVersion, ...]:
        return (PlanVersion(1, 1, 1, ALWAYS, self.plan),)

    def agreements(self, payee: int) -> list[Agreement]:
        return [Agreement(self.versions, *span) for span in self.roster.spans(payee)]

    def is_credited(self, whose: str) -> bool:
        """Whether a component looks at the credits of these: own, team or pool."""
        return any(component.credited == whose for component in self.plan.components)

    @property
    def shares_budget(self) -> bool:
        return any(component.shares_budget for component in self.plan.components)


def last_day_before(moment: datetime, calendar: Calendar) -> date:
    """The last company day that has begun before a moment."""
    return calendar.day_of(moment - _INSTANT)


def cases_at(company: Company, moment: datetime, locks: Mapping[str, datetime]) -> Iterator[Case]:
    """Everybody's case by what was known before a moment, with the pay periods locked so far."""
    credits = _Credits(company, moment)
    for payee in company.roster.numbers:
        yield Case(
            payee=payee,
            agreements=company.agreements(payee),
            credits=credits.of_payee[payee],
            quotas=company.quotas.get(payee, {}),
            calendar=company.calendar,
            as_of=last_day_before(moment, company.calendar),
            rates=company.rates,
            locks=locks,
            leave=company.roster.leave(payee),
            holidays=company.holidays,
            team_credits=credits.of_those_below.get(payee, ()),
            pool=credits.pool_of(payee),
            everyone=credits.on_the_plan if company.shares_budget else (),
        )


class _Credits:
    """The credits that were known at a moment: by payee, by manager and by team."""

    def __init__(self, company: Company, moment: datetime) -> None:
        self._company = company
        self._today = last_day_before(moment, company.calendar)
        self.everyone = list(_credits_before(company, moment))
        self.of_payee: dict[int, list[Credit]] = defaultdict(list)
        for payee, credit in self.everyone:
            self.of_payee[payee].append(credit)

    @cached_property
    def on_the_plan(self) -> list[tuple[int, Credit]]:
        """Who takes from a shared budget: everybody, on the days of their own assignment."""
        roster, calendar = self._company.roster, self._company.calendar
        return [
            (payee, credit)
            for payee, credit in self.everyone
            if any(
                first_day <= calendar.day_of(credit.occurred_at) < (end_day or date.max)
                for first_day, end_day in roster.spans(payee)
            )
        ]

    @cached_property
    def of_those_below(self) -> Mapping[int, list[Credit]]:
        """Manager -> credits of the people below, on the days on which they were. Overlays stay
        out: they come on top of what the team did (semantics 8)."""
        if not self._company.is_credited(TEAM):
            return {}
        found: dict[int, list[Credit]] = defaultdict(list)
        for payee, credit in self.everyone:
            if credit.overlay:
                continue
            day = self._company.calendar.day_of(credit.occurred_at)
            for manager in self._company.roster.managers_on(payee, day):
                found[manager].append(credit)
        return found

    def pool_of(self, payee: int) -> Pool | None:
        """The team that the payee is in, or was in last."""
        if not self._company.is_credited(POOL):
            return None
        begun = [s for s in self._company.roster.stays(payee) if s.first_day <= self._today]
        team = begun[-1].team.casefold() if begun else ""
        return self._pools.get(team)

    @cached_property
    def _pools(self) -> Mapping[str, Pool]:
        roster, calendar = self._company.roster, self._company.calendar
        credits: dict[str, list[tuple[int, Credit]]] = defaultdict(list)
        for payee, credit in self.everyone:
            team = roster.team_on(payee, calendar.day_of(credit.occurred_at))
            credits[team].append((payee, credit))
        return {
            team: Pool(
                members=[
                    Membership(number, stay.first_day, stay.end_day)
                    for number, stay in roster.members(team)
                ],
                credits=credits[team],
                quotas=self._company.team_quotas.get(team, {}),
            )
            for team in roster.teams
        }


def _credits_before(company: Company, moment: datetime) -> Iterator[tuple[int, Credit]]:
    for known in company.history.known_before(moment):
        for called, credit in known.credits():
            payee = company.roster.find(called)
            assert payee is not None, "everybody in the history is on the roster"
            yield payee, credit
