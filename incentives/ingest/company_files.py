"""A company out of files: a plan's activities, quotas, people and exchange rates."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from incentives.core.activity import Issue
from incentives.core.calendar import Calendar
from incentives.core.case import TARGET_INCENTIVE
from incentives.core.company_case import Company
from incentives.core.components import POOL
from incentives.core.exchange import ExchangeRates
from incentives.core.history import Fact, History
from incentives.core.plans import Plan
from incentives.core.roster import Roster, Stay
from incentives.ingest.activity_table import read_activities
from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.holiday_table import read_holidays
from incentives.ingest.people_table import read_people
from incentives.ingest.quota_table import QuotaRow, read_quotas
from incentives.ingest.rate_table import read_rates

ACTIVITIES, QUOTAS, PEOPLE, RATES = "activities", "quotas", "people", "rates"
HOLIDAYS = "holidays"

T = TypeVar("T")
_Goals = dict[tuple[str, str], Decimal]


class CompanyFiles:
    """Files by what they hold. `issues` tell, by file, of every row that says nothing clear."""

    def __init__(self, plan: Plan, calendar: Calendar, files: Mapping[str, bytes]) -> None:
        self.plan = plan
        self.calendar = calendar
        self.files = files
        self.issues: dict[str, list[Issue]] = {name: [] for name in files}

    def read(self) -> Company:
        """The company of all good rows.

        With a file of people only they are on the plan, on their days; without one it is everybody
        who is named anywhere, always. Raises Unreadable where a file as a whole says nothing.
        """
        rates = self._rows(RATES, read_rates)
        holidays = self._rows(HOLIDAYS, read_holidays)
        stays = self._rows(PEOPLE, lambda content: read_people(content, self.calendar))
        quotas = self._rows(QUOTAS, lambda content: read_quotas(content, self.calendar))
        facts = self._rows(
            ACTIVITIES,
            lambda content: read_activities(content, self.calendar, self.plan.currency),
        )
        roster = Roster(stays if PEOPLE in self.files else _everybody_named(facts, quotas))
        self._refuse_two_pools(roster)
        team_goals: dict[str, _Goals] = defaultdict(dict)
        goals = _targets(roster)
        for quota, owner in self._known_owners(roster, quotas):
            owned = goals[owner] if isinstance(owner, int) else team_goals[owner]
            owned[quota.measure, quota.period.key] = quota.amount
        return Company(
            plan=self.plan,
            calendar=self.calendar,
            roster=roster,
            history=History(self._known_facts(roster, facts)),
            quotas=goals,
            team_quotas=team_goals,
            rates=ExchangeRates(rates),
            holidays=frozenset(day for day, _ in holidays),
        )

    def _rows(self, name: str, reader: Callable[[bytes], tuple[list[T], list[Issue]]]) -> list[T]:
        if name not in self.files:
            return []
        try:
            rows, issues = reader(self.files[name])
        except Unreadable as error:
            raise Unreadable(f"The {name} cannot be read. {error}") from error
        self.issues[name] += issues
        return rows

    def _refuse_two_pools(self, roster: Roster) -> None:
        """A pool is that of one team: who moves has no share in that of the team before."""
        if not any(component.credited == POOL for component in self.plan.components):
            return
        for number in roster.numbers:
            first, *later = roster.stays(number)
            for stay in later:
                if stay.team.casefold() != first.team.casefold():
                    message = "The plan has a pool, which is that of one team. Simulate each apart."
                    issue = Issue(stay.row, "team", "two_teams", message, stay.team)
                    self.issues[PEOPLE].append(issue)

    def _known_facts(self, roster: Roster, facts: Iterable[tuple[int, Fact]]) -> Iterator[Fact]:
        """Those whose payees are all on the roster; the others are issues, once for each row."""
        refused: set[tuple[int, str]] = set()
        for row, fact in facts:
            named = [share.payee for share in fact.activity.shares]
            unknown = [payee for payee in named if roster.find(payee) is None]
            for payee in unknown:
                if (row, payee) not in refused:
                    refused.add((row, payee))
                    field = "payee" if len(named) == 1 else "shares"
                    self._refuse(ACTIVITIES, row, field, "payee", payee)
            if not unknown:
                yield fact

    def _known_owners(
        self, roster: Roster, quotas: Iterable[QuotaRow]
    ) -> Iterator[tuple[QuotaRow, int | str]]:
        """Each quota with the number of its payee, or the team in small letters."""
        for quota in quotas:
            owner = roster.find(quota.payee) if quota.payee else quota.team.casefold()
            if owner is None:
                self._refuse(QUOTAS, quota.row, "payee", "payee", quota.payee)
            elif isinstance(owner, str) and owner not in roster.teams:
                self._refuse(QUOTAS, quota.row, "team", "team", quota.team)
            else:
                yield quota, owner

    def _refuse(self, name: str, row: int, field: str, what: str, value: str) -> None:
        message = f"There is no {what} {value} among the people. Add a row there, or correct it."
        self.issues[name].append(Issue(row, field, f"unknown_{what}", message, value))


def _targets(roster: Roster) -> dict[int, _Goals]:
    """The target incentives that stand beside people, by payee."""
    return {
        number: {
            (TARGET_INCENTIVE, period.key): amount
            for period, amount in (stay.target for stay in roster.stays(number) if stay.target)
        }
        for number in roster.numbers
    }


def _everybody_named(
    facts: Iterable[tuple[int, Fact]], quotas: Iterable[QuotaRow]
) -> Iterator[Stay]:
    """Those who have activities, in their order, and then those who have only a quota."""
    named = [(row, share.payee) for row, fact in facts for share in fact.activity.shares]
    named += [(quota.row, quota.payee) for quota in quotas if quota.payee]
    first_rows: dict[str, tuple[int, str]] = {}
    for row, payee in named:
        first_rows.setdefault(payee.casefold(), (row, payee))
    for row, payee in first_rows.values():
        yield Stay(row, payee)
