"""The one sum behind a contest: read by its page, its result, its prizes and its preview."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from incentives.core.calendar import Calendar, Period
from incentives.core.columns import as_micros
from incentives.core.day_results import company_value
from incentives.core.measures import MEASURES, POINTS, Kpi
from incentives.core.ranking import Entry, Standing, rank
from incentives.core.registry import contest_formats
from incentives.core.standings import Entrant, MeasuredSpan
from incentives.store import activities, contest_facts, people, teams
from incentives.store.companies import Company
from incentives.store.exchange_rates import the_rates
from incentives.store.teams import Stay

ONE_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Field:
    """Who competes, and on which days each of them was in the contest's teams. A contest for
    everyone asks for no teams and has no stays."""

    entrants: list[Entrant]
    stays: dict[int, list[Stay]]

    @property
    def ids(self) -> list[int]:
        return [entrant.id for entrant in self.entrants]

    def was_in(self, payee_id: int, day: date) -> bool:
        """Whether a payee was in one of the contest's teams on a day. A move between teams never
        moves history; in a contest for everyone all days count, as on the board of everyone."""
        if not self.stays:
            return True
        return any(stay.covers(day) for stay in self.stays.get(payee_id, ()))


@dataclass(frozen=True, slots=True)
class Scored:
    """What one activity gave an entrant, in each measure of the KPI."""

    payee_id: int
    activity_id: int
    occurred_at: datetime
    day: date
    values: dict[str, Decimal]


def days_of(starts_at: datetime, ends_at: datetime, calendar: Calendar) -> Period:
    """The company days that a window touches."""
    last = calendar.day_of(ends_at - ONE_MOMENT)
    return Period("window", "", calendar.day_of(starts_at), last + timedelta(days=1))


def the_field(team_ids: Collection[int], days: Period) -> Field:
    """Everybody with a stay in the teams during the window; without teams, everybody who was here
    when it began."""
    wanted = teams.with_teams_inside(team_ids) if team_ids else None
    stays: dict[int, list[Stay]] = defaultdict(list)
    for stay in teams.stays(days, wanted):
        stays[stay.payee_id].append(stay)
    entrants = [_entrant(found[-1]) for found in stays.values()]
    if team_ids:
        return Field(entrants, dict(stays))
    entrants += [
        Entrant(person.id, person.name)
        for person in people.payees()
        if person.id not in stays and not person.has_left(days.first_day)
    ]
    return Field(entrants, {})


def _entrant(stay: Stay) -> Entrant:
    return Entrant(stay.payee_id, stay.name, stay.office, stay.colour)


def what_counts(
    kpi: Kpi,
    field: Field,
    starts_at: datetime,
    ends_at: datetime,
    *,
    received_before: datetime,
    company: Company,
    only: int | None = None,
) -> list[Scored]:
    """Every activity that counts in [starts_at, ends_at), for the teams it was done in; with
    `only`, those of one entrant."""
    window = (field.ids if only is None else [only], starts_at, ends_at)
    if kpi.counts == POINTS:
        found = _points(window, received_before, company.calendar)
    else:
        found = _credits(kpi, window, received_before, company)
    return [scored for scored in found if field.was_in(scored.payee_id, scored.day)]


def _points(
    window: tuple[list[int], datetime, datetime], received_before: datetime, calendar: Calendar
) -> list[Scored]:
    earned = contest_facts.points_between(*window, received_before=received_before)
    return [
        Scored(
            item.payee_id,
            item.activity_id,
            item.occurred_at,
            calendar.day_of(item.occurred_at),
            {POINTS: Decimal(item.points)},
        )
        for item in earned
    ]


def _credits(
    kpi: Kpi,
    window: tuple[list[int], datetime, datetime],
    received_before: datetime,
    company: Company,
) -> list[Scored]:
    """Counted as on boards: in the company's currency, without overlays."""
    rates = the_rates()
    found = []
    for payee_id, credit in activities.credits_between(*window, received_before=received_before):
        day = company.calendar.day_of(credit.occurred_at)
        values = {}
        for slug in kpi.measures:
            value = company_value(MEASURES[slug], credit, day, company.currency, rates)
            if value is not None:
                values[slug] = value
        if values:
            found.append(Scored(payee_id, credit.activity_id, credit.occurred_at, day, values))
    return found


def rank_scored(
    format_: str, kpi: Kpi, entrants: Sequence[Entrant], scored: Iterable[Scored]
) -> list[Standing]:
    """The standings of a contest. Everybody stands there, with 0 if nothing came."""
    entries = entries_of(format_, kpi, entrants, scored)
    return rank(entries, lower_is_better=kpi.lower_is_better)


def entries_of(
    format_: str, kpi: Kpi, entrants: Sequence[Entrant], scored: Iterable[Scored]
) -> list[Entry]:
    """What everybody scored in a contest, before it is ranked."""
    done: dict[int, MeasuredSpan] = defaultdict(MeasuredSpan)
    for item in scored:
        at = as_micros(item.occurred_at)
        for measure, value in item.values.items():
            done[item.payee_id].add(measure, value, at if value > 0 else 0)
    found: list[Entry] = contest_formats()[format_].entries(kpi, entrants, done)
    return found
