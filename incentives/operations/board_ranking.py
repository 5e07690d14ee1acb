"""Rank a board: the one sum behind its pages, streams, files and answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from incentives.core.boards import divisions, leagues
from incentives.core.boards.definition import TEAMS, Definition
from incentives.core.boards.parts import LEAGUES
from incentives.core.boards.ranked import Ranked, ranked_rows, with_zones
from incentives.core.boards.readings import IMPROVEMENT, OF_TARGET, PER_DAY
from incentives.core.boards.scoring import Inputs, available_days, entries
from incentives.core.boards.spans import WINDOW, spans_before
from incentives.core.calendar import Calendar, Period
from incentives.core.measures import KPIS, Kpi
from incentives.core.ranking import Entry, rank
from incentives.operations.board_field import Field, began, the_field, without_hidden
from incentives.operations.board_sums import Cut, sums
from incentives.operations.board_targets import targets_of_people, targets_of_teams
from incentives.operations.contest_standings import (
    days_of,
    entries_of,
    what_counts,
)
from incentives.operations.contest_standings import the_field as contest_field
from incentives.store.companies import Company
from incentives.store.contests import Contest
from incentives.store.holidays import holidays
from incentives.store.leave import leave_days_of
from incentives.store.teams import Team


@dataclass(frozen=True)
class Asked:
    """Which board, over which days, for which team, and what may be known of it. `now` is the
    moment as of which it is looked at, and `today` its day."""

    definition: Definition
    span: Period
    team: Team | None
    contest: Contest | None
    now: datetime
    today: date
    cut: Cut
    company: Company

    @property
    def calendar(self) -> Calendar:
        return self.company.calendar

    @property
    def kpi(self) -> Kpi:
        return KPIS[self.contest.kpi] if self.contest else self.definition.kpi

    @property
    def day(self) -> date:
        """Today, or the last day of a span that is over."""
        return max(self.span.first_day, min(self.today, self.span.last_day))


def field_of(asked: Asked) -> Field:
    """Who stands on the board."""
    if asked.contest is None:
        return the_field(asked.definition, asked.span, asked.team)
    entered = contest_field([team.id for team in asked.contest.teams], asked.span)
    return without_hidden(
        asked.definition,
        Field(entered.entrants, {each.id: [] for each in entered.entrants}, takes_all=True),
    )


def entries_on(asked: Asked, field: Field, span: Period) -> list[Entry]:
    """Everybody's score over a span."""
    if asked.contest is not None:
        return _contest_entries(asked, asked.contest, field)
    definition = asked.definition
    inputs = Inputs(
        done=sums(field, definition.measures, span, asked.cut, asked.company),
        targets=_targets(asked, field, span),
        **_days_and_baseline(asked, field, span),
    )
    return entries(definition, field.entrants, inputs)


def ranked(
    asked: Asked,
    field: Field,
    scored: Sequence[Entry],
    groups: Mapping[int, str] | None,
    names: Sequence[str],
) -> list[Ranked]:
    """All rows of a board, best first, in its divisions or leagues."""
    rows = ranked_rows(
        field.entrants,
        scored,
        lower_is_better=asked.kpi.lower_is_better,
        places=asked.definition.places,
        groups=groups,
        order=names,
    )
    divide = asked.definition.divide
    if divide is not None and divide.by == LEAGUES and names:
        rows = with_zones(rows, names, divide.move)
    return rows


def places_by(
    asked: Asked, scored: Sequence[Entry], groups: Mapping[int, str] | None
) -> dict[int, int | None]:
    """The places alone, by the scores of whichever span."""
    found: dict[int, int | None] = {}
    for name in set(groups.values()) if groups else {""}:
        inside = [each for each in scored if not groups or groups[each.entrant_id] == name]
        for row in rank(
            inside, lower_is_better=asked.kpi.lower_is_better, ties=asked.definition.places
        ):
            found[row.entrant_id] = row.place
    return found


def groups_of(asked: Asked, field: Field) -> tuple[dict[int, str] | None, tuple[str, ...]]:
    """The division or league of everybody, and their names in order; None where it has none."""
    divide = asked.definition.divide
    if divide is None:
        return None, ()
    ids = [entrant.id for entrant in field.entrants]
    if divide.by == LEAGUES:
        return _leagues(asked, ids, divide.since, divide.size, divide.move)
    found = divisions.divisions(ids, began(ids), asked.day, divide.days)
    return found, tuple(name for name in divisions.DIVISIONS if name in found.values())


def _leagues(
    asked: Asked, ids: Sequence[int], since: str, size: int, move: int
) -> tuple[dict[int, str] | None, tuple[str, ...]]:
    """By all results since the period before the first one, which decides who begins where."""
    calendar, first = asked.calendar, asked.calendar.period_named(since)
    if first is None or asked.span.first_day < first.first_day or asked.span.kind != first.kind:
        return None, ()
    results, period = [], calendar.before(first)
    while period.first_day < asked.span.first_day:
        results.append(_result(asked, period))
        period = calendar.after(period)
    numbers = leagues.leagues_of(leagues.ladder_after(results, size, move), ids, size)
    names = tuple(leagues.name_of(number) for number in sorted(set(numbers.values())))
    return {entrant: leagues.name_of(number) for entrant, number in numbers.items()}, names


def _result(asked: Asked, period: Period) -> leagues.Result:
    field = the_field(asked.definition, period, asked.team)
    rows = rank(
        entries_on(asked, field, period), lower_is_better=asked.kpi.lower_is_better, ties="ordinal"
    )
    return leagues.Result(
        [row.entrant_id for row in rows],
        {row.entrant_id for row in rows if row.place is not None},
    )


def _contest_entries(asked: Asked, contest: Contest, field: Field) -> list[Entry]:
    """What the contest itself counts, for whom it itself counts it."""
    last, known = asked.cut.last, asked.cut.known_before
    ends_at = min(asked.now, contest.ends_at, contest.cancelled_at or contest.ends_at)
    ends_at = ends_at if last is None else min(ends_at, last)
    settles_at = contest.settles_at if known is None else min(contest.settles_at, known)
    kpi, scored = KPIS[contest.kpi], []
    if contest.starts_at < ends_at:
        entered = contest_field([team.id for team in contest.teams], asked.span)
        scored = what_counts(
            kpi,
            entered,
            contest.starts_at,
            ends_at,
            received_before=settles_at,
            company=asked.company,
        )
    return entries_of(contest.format, kpi, field.entrants, scored)


def contest_days(contest: Contest, calendar: Calendar) -> Period:
    """The days that a contest touches, as the span of a board."""
    days = days_of(contest.starts_at, contest.ends_at, calendar)
    return Period(WINDOW, "", days.first_day, days.end_day)


def _targets(asked: Asked, field: Field, span: Period) -> dict[str, dict[int, Fraction]]:
    definition = asked.definition
    if definition.reading.kind != OF_TARGET:
        return {}
    measures = {
        kpi.counts
        for term, kpi in zip(definition.scores, definition.kpis, strict=True)
        if term.target is None
    }
    return {measure: own_targets(asked, field, measure, span) for measure in measures}


def own_targets(
    asked: Asked, field: Field, measure: str, span: Period, only: Sequence[int] | None = None
) -> dict[int, Fraction]:
    """The own target of everybody, or of some."""
    day = max(span.first_day, min(asked.today, span.last_day))
    of = targets_of_teams if asked.definition.entrants == TEAMS else targets_of_people
    ids = [entrant.id for entrant in field.entrants] if only is None else only
    return of(ids, measure, span, day, asked.calendar)


def _days_and_baseline(asked: Asked, field: Field, span: Period) -> dict[str, Any]:
    """What only some readings ask for."""
    reading = asked.definition.reading
    if reading.kind not in (PER_DAY, IMPROVEMENT):
        return {}
    days = days_available(asked, field, span)
    if reading.kind == PER_DAY:
        return {"days": days}
    then, baseline = _at_baseline(asked, span)
    if field.is_part:
        then = then.only([entrant.id for entrant in field.entrants])
    return {
        "days": days,
        "before": sums(then, asked.definition.measures, baseline, asked.cut, asked.company),
        "days_before": days_available(asked, then, baseline),
    }


def _at_baseline(asked: Asked, span: Period) -> tuple[Field, Period]:
    """Who stood there in the time against which a span is read, and when that was."""
    baseline = spans_before(span, asked.definition.reading.baseline, asked.calendar)
    return the_field(asked.definition, baseline, asked.team), baseline


def counting(asked: Asked, field: Field, span: Period, payee_ids: Collection[int]) -> set[int]:
    """The entrants whose score over a span looks at what these payees did. A team that improves is
    read against those who were in it then, wherever they are now."""
    found = field.counting(payee_ids)
    if asked.definition.entrants == TEAMS and asked.definition.reading.kind == IMPROVEMENT:
        then, _ = _at_baseline(asked, span)
        found |= then.counting(payee_ids)
    return found


def days_available(asked: Asked, field: Field, span: Period) -> dict[int, int]:
    """The days of a span, up to today, on which each entrant was there; a team's are those of its
    people together."""
    end_day = min(span.end_day, asked.today + timedelta(days=1))
    leave, off = leave_days_of(field.payee_ids, end_day), holidays()
    found: dict[int, int] = {}
    for payee_id, spells in field.spells.items():
        days_off = off | leave.get(payee_id, frozenset())
        by_entrant: dict[int, list[tuple[date, date | None]]] = {}
        for spell in spells:
            by_entrant.setdefault(spell.entrant_id, []).append((spell.first_day, spell.end_day))
        if field.takes_all and not spells:
            by_entrant[payee_id] = [(span.first_day, None)]
        for entrant_id, own in by_entrant.items():
            days = available_days(own, span.first_day, end_day, days_off)
            found[entrant_id] = found.get(entrant_id, 0) + days
    return found
