"""Read badges: which a payee has and why, and how far the others are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from incentives.core.calendar import Calendar, Period
from incentives.core.components import Component
from incentives.core.measures import MEASURES
from incentives.core.results import BADGE
from incentives.core.rules import streak
from incentives.core.rules.badge import ONCE
from incentives.core.sources import AgreementCase, Source
from incentives.core.words import plain
from incentives.core.working import Working
from incentives.extensions import db
from incentives.operations.line_working import label_of
from incentives.operations.payee_cases import PayeeCase, PayeeCases
from incentives.store import activities, ledger, people
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
    """A badge of the payee's plans. `at_least` is to be reached in the `span`; for a streak, in
    each of `length` spans in a row. `holders` counts the people who have it now."""

    component_id: int
    name: str
    icon: str
    measure: str
    unit: str
    span: str
    at_least: Decimal | None
    length: int | None
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
    cases = PayeeCases(db.session(), now=now).of([payee.id for payee in payees])
    case_of = {case.case.payee: case for case in cases}
    return [
        Badges(payee, tuple(_rows(case_of[payee.id], held, found, today)), everyone, today, company)
        for payee in payees
    ]


def _rows(
    case: PayeeCase,
    held: Sequence[BadgeHeld],
    found: dict[int, StoredActivity],
    today: date,
) -> Iterable[BadgeRow]:
    holders: dict[int, set[int]] = {}
    for badge in held:
        holders.setdefault(badge.component_id, set()).add(badge.payee_id)
    mine = [badge for badge in held if badge.payee_id == case.case.payee]
    seen: set[int] = set()
    for component_id, component, source in _in_force(case, today):
        seen.add(component_id)
        awards = _awards([b for b in mine if b.component_id == component_id], found)
        yield BadgeRow(
            component_id,
            component.name,
            component.rule["icon"],
            component.measure,
            MEASURES[component.measure].unit,
            _span(component),
            component.rule["at_least"],
            component.rule.get("length"),
            awards,
            _progress(component, awards, source, case.case.calendar, today),
            len(holders.get(component_id, ())),
        )
    # Badges of plans that no longer hold stay won, with nothing more to reach.
    earlier = sorted((b for b in mine if b.component_id not in seen), key=lambda b: b.component_id)
    for component_id, badges in groupby(earlier, key=lambda b: b.component_id):
        former = list(badges)
        yield BadgeRow(
            component_id,
            former[0].name,
            "award",
            "",
            "",
            "",
            None,
            None,
            _awards(former, found),
            None,
            len(holders[component_id]),
        )


def _span(component: Component) -> str:
    """The span in which the number is to be reached."""
    return str(component.rule.get("every", component.accumulates))


def _in_force(case: PayeeCase, today: date) -> Iterable[tuple[int, Component, Source]]:
    columns = case.columns.one_for_each_activity()
    for agreement in case.case.agreements:
        version = agreement.version_on(today)
        if version is None:
            continue
        read = AgreementCase(case.case, agreement, columns)
        ids = ledger.components_of_plan(version.plan_id)
        for component in version.plan.components:
            if component.yields == BADGE and component.key in ids:
                yield ids[component.key], component, read.source_of(component)


def _awards(held: Collection[BadgeHeld], found: dict[int, StoredActivity]) -> tuple[Award, ...]:
    awards = [
        Award(
            badge.day,
            badge.activity_id,
            label_of(found[badge.activity_id]) if badge.activity_id in found else badge.name,
            *_numbers(badge.working),
            badge.count,
        )
        for badge in held
    ]
    return tuple(sorted(awards, key=lambda award: (award.day, award.activity_id), reverse=True))


def _numbers(working: Working) -> tuple[Decimal, Decimal]:
    """What was reached and what was needed: a number, or a run of days, weeks or months."""
    if not working.slices:
        return Decimal(0), Decimal(0)
    (part,) = working.slices
    needed = part.pays.get("at_least", part.pays.get("length", "0"))
    return Decimal(plain(part.base)), Decimal(needed)


def _progress(
    component: Component,
    awards: Sequence[Award],
    source: Source,
    calendar: Calendar,
    today: date,
) -> Progress | None:
    """Towards the next one: None where the current span has brought the only one it can, and for
    streaks, of which the days say more than a bar.

    A badge for one deal shows the largest deal of the quarter.
    """
    if component.rule["kind"] == streak.KIND:
        return None
    of_one_deal = component.accumulates == "deal"
    period = calendar.period_of(today, "quarter" if of_one_deal else component.accumulates)
    once = component.rule["award"] == ONCE
    if once and any(award.day in period for award in awards):
        return None
    counted = source.selection(component)
    pairs = zip(counted.values, counted.days, strict=True)
    values = [Fraction(value, counted.scale) for value, day in pairs if day in period]
    at_least = Fraction(component.rule["at_least"])
    reached = max(values, default=Fraction(0)) if of_one_deal else sum(values, Fraction(0))
    if not once:
        reached %= at_least
    return Progress(period, Decimal(plain(reached)), component.rule["at_least"])
