"""Read badges: which a payee has and why, and how far the others are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from itertools import groupby

from incentives.core import conditions
from incentives.core.activity import Credit
from incentives.core.calendar import Calendar, Period
from incentives.core.measures import MEASURES
from incentives.core.money import EXACT
from incentives.core.plans import Component
from incentives.core.results import BADGE
from incentives.core.rules.badge import ONCE
from incentives.operations.read_earned import label_of
from incentives.store import activities, ledger, people, plans
from incentives.store.activities import StoredActivity
from incentives.store.companies import Company, the_company
from incentives.store.ledger import BadgeHeld
from incentives.store.people import Person


@dataclass(frozen=True, slots=True)
class Award:
    """One time a badge was won: when, by which activity, and the numbers that did it."""

    day: date
    activity_id: int
    label: str
    reached: Decimal
    at_least: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the current span has come towards the threshold."""

    period: Period
    reached: Decimal
    at_least: Decimal

    @property
    def percent(self) -> int:
        """For drawing: a bar that is short of its end until the badge is won."""
        return max(0, min(99, int(100 * self.reached / self.at_least)))


@dataclass(frozen=True, slots=True)
class BadgeRow:
    """A badge of the payee's plans. `holders` counts the people who have it now."""

    component_id: int
    name: str
    icon: str
    measure: str
    unit: str
    span: str
    at_least: Decimal | None
    awards: tuple[Award, ...]
    progress: Progress | None
    holders: int

    @property
    def times(self) -> int:
        return sum(award.count for award in self.awards)

    @property
    def newest(self) -> Award | None:
        return self.awards[0] if self.awards else None


@dataclass(frozen=True, slots=True)
class Badges:
    payee: Person
    rows: tuple[BadgeRow, ...]
    payees: int
    today: date
    company: Company

    @property
    def earned(self) -> tuple[BadgeRow, ...]:
        """The newest first."""
        mine = [row for row in self.rows if row.newest]
        return tuple(sorted(mine, key=_newest_day, reverse=True))

    @property
    def within_reach(self) -> tuple[BadgeRow, ...]:
        """Those that can be won in the current span, the nearest first."""
        open_rows = [row for row in self.rows if row.progress]
        return tuple(
            sorted(open_rows, key=lambda row: -row.progress.percent if row.progress else 0)
        )


def _newest_day(row: BadgeRow) -> date:
    return row.newest.day if row.newest else date.min


def read_badges(payee: Person, *, now: datetime) -> Badges:
    """The gallery of one payee."""
    return read_gallery([payee], now=now)[0]


def read_gallery(payees: Sequence[Person], *, now: datetime) -> list[Badges]:
    """The galleries of several payees, such as a team."""
    company = the_company()
    today = company.calendar.day_of(now)
    held = ledger.badges()
    found = activities.activities_by_id(badge.activity_id for badge in held)
    everyone = len(people.payees())
    return [
        Badges(payee, tuple(_rows(payee, held, found, company, now)), everyone, today, company)
        for payee in payees
    ]


def _rows(
    payee: Person,
    held: Sequence[BadgeHeld],
    found: dict[int, StoredActivity],
    company: Company,
    now: datetime,
) -> Iterable[BadgeRow]:
    holders: dict[int, set[int]] = {}
    for badge in held:
        holders.setdefault(badge.component_id, set()).add(badge.payee_id)
    mine = [badge for badge in held if badge.payee_id == payee.id]
    today = company.calendar.day_of(now)
    credits = activities.credits_of(payee.id, until=now)
    seen: set[int] = set()
    for component_id, component in _in_force(payee.id, today):
        seen.add(component_id)
        awards = _awards([b for b in mine if b.component_id == component_id], found)
        yield BadgeRow(
            component_id,
            component.name,
            component.rule["icon"],
            component.measure,
            MEASURES[component.measure].unit,
            component.accumulates,
            component.rule["at_least"],
            awards,
            _progress(component, awards, credits, company.calendar, today),
            len(holders.get(component_id, ())),
        )
    # Badges of plans that no longer hold stay won, with nothing more to reach.
    earlier = sorted((b for b in mine if b.component_id not in seen), key=lambda b: b.component_id)
    for component_id, badges in groupby(earlier, key=lambda b: b.component_id):
        former = list(badges)
        awards = _awards(former, found)
        yield BadgeRow(
            component_id,
            former[0].name,
            "award",
            "",
            "",
            "",
            None,
            awards,
            None,
            len(holders[component_id]),
        )


def _in_force(payee_id: int, today: date) -> Iterable[tuple[int, Component]]:
    for agreement in plans.agreements_of(payee_id):
        version = agreement.version_on(today)
        if version is None:
            continue
        ids = ledger.components_of_plan(version.plan_id)
        for component in version.plan.components:
            if component.yields == BADGE and component.key in ids:
                yield ids[component.key], component


def _awards(held: Collection[BadgeHeld], found: dict[int, StoredActivity]) -> tuple[Award, ...]:
    awards = [
        Award(
            badge.day,
            badge.activity_id,
            label_of(found[badge.activity_id]) if badge.activity_id in found else badge.name,
            Decimal(badge.working.get("reached", "0")),
            Decimal(badge.working.get("at_least", "0")),
            badge.count,
        )
        for badge in held
    ]
    return tuple(sorted(awards, key=lambda award: (award.day, award.activity_id), reverse=True))


def _progress(
    component: Component,
    awards: Sequence[Award],
    credits: Sequence[Credit],
    calendar: Calendar,
    today: date,
) -> Progress | None:
    """Towards the next one: None where the current span has brought the only one it can.

    A badge for one deal shows the largest deal of the quarter.
    """
    of_one_deal = component.accumulates == "deal"
    period = calendar.period_of(today, "quarter" if of_one_deal else component.accumulates)
    once = component.rule["award"] == ONCE
    if once and any(award.day in period for award in awards):
        return None
    values = [
        value
        for credit in credits
        if calendar.day_of(credit.occurred_at) in period
        and conditions.holds(component.conditions, credit)
        and (value := MEASURES[component.measure].of(credit)) is not None
    ]
    with localcontext(EXACT):
        reached = max(values, default=Decimal(0)) if of_one_deal else sum(values, Decimal(0))
        if not once:
            reached %= component.rule["at_least"]
    return Progress(period, reached, component.rule["at_least"])
