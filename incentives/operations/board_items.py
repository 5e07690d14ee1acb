"""The activities behind a score, and what each of them adds to it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from incentives.core.activity import Credit
from incentives.core.boards.adding_up import adds, shares_of_score
from incentives.core.boards.readings import PER_DAY
from incentives.core.day_results import company_value
from incentives.core.exchange import ExchangeRates
from incentives.core.measures import MEASURES, POINTS
from incentives.core.money import as_decimal
from incentives.core.results import NO_ACTIVITY
from incentives.operations.board_look import Look
from incentives.operations.board_ranking import days_available, own_targets
from incentives.operations.contest_standings import the_field as contest_field
from incentives.operations.points_given import Givers, PointsGiven
from incentives.store import known_facts
from incentives.store.activities import credits_between
from incentives.store.exchange_rates import the_rates
from incentives.store.people import names_of
from incentives.store.points_lines import PointsEarned, points_earned


@dataclass(frozen=True, slots=True)
class Contribution:
    """One activity behind a score. `value` is what it adds to the counted measure, `values` to each
    that the board counts, and `adds` to the score itself; None where the score is no sum. `payee`
    is whose it is, and `given` are its points by what gave them."""

    credit: Credit
    day: date
    value: Decimal
    payee: str
    values: Mapping[str, Decimal]
    adds: Decimal | None
    given: Sequence[PointsGiven]

    @property
    def points(self) -> int:
        return sum(each.points for each in self.given)

    @property
    def plan(self) -> str:
        """The plan versions that had a say, such as Field Sales v3."""
        return ", ".join(dict.fromkeys(each.plan for each in self.given if each.plan))


class Items:
    """The activities of an entrant that a board counts."""

    def __init__(self, look: Look, entrant_id: int, givers: Givers) -> None:
        self.entrant_id, self.givers = entrant_id, givers
        self.asked, self.field = look.asked, look.snapshot.field
        self.payees = self.field.members_of(entrant_id)
        self.kpis = self.asked.definition.kpis or (look.asked.kpi,)
        self.shares = self._shares()

    def __iter__(self) -> Iterator[Contribution]:
        rates, names = the_rates(), names_of(self.payees)
        for payee_id in self.payees:
            credits = self._credits(payee_id)
            points = self._points(payee_id, credits)
            for credit in credits:
                earned = points.get(credit.activity_id, ())
                values = self._values(credit, sum(each.points for each in earned), rates)
                if values:
                    yield Contribution(
                        credit=credit,
                        day=self._day(credit),
                        value=values.get(self.kpis[0].counts, Decimal(0)),
                        payee=names[payee_id],
                        values=values,
                        adds=None if self.shares is None else as_decimal(adds(values, self.shares)),
                        given=[self.givers.of(each) for each in earned],
                    )

    def _day(self, credit: Credit) -> date:
        return self.asked.calendar.day_of(credit.occurred_at)

    def _credits(self, payee_id: int) -> list[Credit]:
        found = [credit for _, credit in self._known(payee_id) if self._counts(payee_id, credit)]
        if all(kpi.counts == POINTS for kpi in self.kpis):
            # Points are those of the activity, by a share or by an overlay, and listed once.
            found = list({credit.activity_id: credit for credit in found}.values())
        return found

    def _known(self, payee_id: int) -> list[tuple[int, Credit]]:
        contest, cut = self.asked.contest, self.asked.cut
        start, end = self.asked.calendar.span(self.asked.span)
        if contest is not None:
            start, end = contest.starts_at, contest.ends_at
        end = min(end, self.asked.now, cut.last or end)
        if cut.known_before is not None:
            return known_facts.credits_known([payee_id], start, end, before=cut.known_before)
        before = contest.settles_at if contest else None
        return credits_between([payee_id], start, end, received_before=before)

    def _counts(self, payee_id: int, credit: Credit) -> bool:
        """Whether it was done where the board counts it: a move between teams moves no history."""
        day, contest = self._day(credit), self.asked.contest
        if contest is not None:
            entered = contest_field([team.id for team in contest.teams], self.asked.span)
            return entered.was_in(payee_id, day)
        return self.field.entrant_of(payee_id, day) == self.entrant_id

    def _points(
        self, payee_id: int, credits: Sequence[Credit]
    ) -> Mapping[int, Sequence[PointsEarned]]:
        """What gave points for each activity."""
        ids = {credit.activity_id for credit in credits}
        found: dict[int, list[PointsEarned]] = defaultdict(list)
        for earned in points_earned([payee_id], ids, before=self.asked.cut.known_before):
            found[earned.activity_id].append(earned)
        return found

    def _values(self, credit: Credit, points: int, rates: ExchangeRates) -> dict[str, Decimal]:
        """What a credit adds to each measure; for a ratio also what only counts below the line,
        such as lost deals."""
        found = {}
        for measure in {slug for kpi in self.kpis for slug in kpi.measures}:
            if measure == POINTS:
                value = Decimal(points) if points else None
            else:
                currency = self.asked.company.currency
                value = company_value(MEASURES[measure], credit, self._day(credit), currency, rates)
            if value is not None:
                found[measure] = value
        return found

    def _shares(self) -> Mapping[str, Fraction] | None:
        asked = self.asked
        if asked.contest is not None:
            return {kpi.counts: Fraction(1) for kpi in self.kpis if kpi.over is None} or None
        targets = {
            kpi.counts: own
            for kpi in self.kpis
            if (
                own := own_targets(
                    asked, self.field, kpi.counts, asked.span, [self.entrant_id]
                ).get(self.entrant_id)
            )
        }
        per_day = asked.definition.reading.kind == PER_DAY
        days = days_available(asked, self.field, asked.span) if per_day else {}
        return shares_of_score(asked.definition, targets, days.get(self.entrant_id, 0))


def given_for_periods(look: Look, entrant_id: int, givers: Givers) -> list[PointsGiven]:
    """Points that no single activity gave, where points are what is counted."""
    asked, field = look.asked, look.snapshot.field
    kpis = asked.definition.kpis
    if asked.contest is not None or len(kpis) != 1 or kpis[0].counts != POINTS:
        return []
    last, payees = asked.cut.last, field.members_of(entrant_id)
    return [
        givers.of(each)
        for each in points_earned(payees, [NO_ACTIVITY], before=asked.cut.known_before)
        if each.day in asked.span
        and field.entrant_of(each.payee_id, each.day) == entrant_id
        and (last is None or asked.calendar.start_of(each.day) < last)
    ]
