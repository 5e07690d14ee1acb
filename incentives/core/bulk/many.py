"""The sum for many payees under one version of a plan, component after component."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import compress
from typing import Any

import numpy as np

from incentives.core import conditions
from incentives.core.bulk.crowd import Crowd
from incentives.core.bulk.flows import AllEarned, Flows, ForMany
from incentives.core.bulk.lines import ManyLines
from incentives.core.bulk.numbers import (
    LARGEST,
    Whole,
    check_fit,
    cut_where_they_change,
    largest,
    rounded,
    running,
)
from incentives.core.calendar import Calendar, Period
from incentives.core.claw_back import ALL_OF_IT
from incentives.core.components import Component
from incentives.core.finishing import cap_kind
from incentives.core.limits import cap_amount
from incentives.core.line_making import terms_of_back
from incentives.core.measures import MEASURES
from incentives.core.money import minor_digits
from incentives.core.plans import Agreement
from incentives.core.quotas import quota_for
from incentives.core.results import MONEY, TAKEN_BACK, ResultLine, Terms
from incentives.core.scaled import round_half_up
from incentives.core.taking_back import Fate, TakeBack, fate_of
from incentives.core.versions import FOREVER, VersionSpan, version_spans
from incentives.core.words import plain
from incentives.core.working import ROWS, SCALE

ONE = Fraction(1)


@lru_cache(maxsize=256)
def _periods(
    calendar: Calendar, kind: str, first: date, last: date
) -> tuple[Sequence[Period], Whole]:
    """The periods from one day to another, and the ordinals of their first days."""
    found = [calendar.period_of(first, kind)]
    while found[-1].end_day <= last:
        found.append(calendar.after(found[-1]))
    return found, np.array([period.first_day.toordinal() for period in found], np.int64)


class VersionOfMany:
    """One version of a plan, and the payees of a crowd who are on it, each with one assignment."""

    def __init__(self, crowd: Crowd, agreed: Mapping[int, Agreement]) -> None:
        self.crowd, self.agreed = crowd, agreed
        self.spans: dict[int, VersionSpan] = {
            payee: version_spans(agreement)[0] for payee, agreement in agreed.items()
        }
        self.plan = next(iter(self.spans.values())).plan
        # Who cannot be summed with the others after all.
        self.left: set[int] = set()
        self._terms_of_backs: dict[tuple[int, int, int, Fraction | None], Terms] = {}
        self._quotas: dict[tuple[int, str, str, str], Fraction | None] = {}

    def lines(self) -> list[ManyLines]:
        """Of every component, for all but those who are `left`. Raises OverflowError."""
        made = map(self._lines_of, self.plan.components)
        return [lines for lines in made if lines is not None]

    @cached_property
    def calendar(self) -> Calendar:
        return self.crowd.cases[0].calendar

    def numbers_of(self, days: Whole, kind: str) -> tuple[Sequence[Period], Whole]:
        """Periods of a kind, and the number of the one in which each day lies."""
        first = date.fromordinal(int(self.crowd.columns.days.min())).replace(month=1, day=1)
        last = date.fromordinal(int(self.crowd.columns.days.max())).replace(month=12, day=31)
        periods, first_days = _periods(self.calendar, kind, first, last)
        return periods, np.searchsorted(first_days, days, side="right") - 1

    # What counts

    @cached_property
    def standing(self) -> Whole:
        """The credits on days of the version, but for those that were cancelled in time."""
        first_days = np.full(len(self.crowd), LARGEST, np.int64)
        end_days = np.zeros(len(self.crowd), np.int64)
        for payee, span in self.spans.items():
            first_days[payee] = span.first_day.toordinal()
            end_days[payee] = span.end_day.toordinal()
        days, owners = self.crowd.columns.days, self.crowd.owners
        inside = (first_days[owners] <= days) & (days < end_days[owners])
        inside[[at for at, back in self.cancelled.items() if back is None]] = False
        return np.flatnonzero(inside)

    @cached_property
    def cancelled(self) -> Mapping[int, TakeBack | None]:
        """What is taken back of cancelled deals, None where one counts as never made."""
        columns, found = self.crowd.columns, {}
        locks = self.crowd.cases[0].locks
        for at, reversed_at in columns.reversed_at.items():
            day = date.fromordinal(int(columns.days[at]))
            version = self.spans.get(int(self.crowd.owners[at]))
            if version is None or not version.first_day <= day < version.end_day:
                continue
            fate = fate_of(day, reversed_at, (version,), self.calendar, locks)
            if fate is not Fate.STANDS:
                found[at] = fate if isinstance(fate, TakeBack) else None
        return found

    def _selected(self, component: Component) -> Whole:
        columns, found = self.crowd.columns, self.standing
        if component.window:
            first, end = (component.window[name].toordinal() for name in ("first_day", "end_day"))
            days = columns.days[found]
            found = found[(first <= days) & (days < end)]
        counts = self._counting(component)
        return found if all(counts) else found[np.array(counts, np.bool_)[columns.said_at[found]]]

    def _counting(self, component: Component) -> list[bool]:
        """Whether a credit counts of which such things are said, for each that is said."""
        texts, measure = self.crowd.texts, MEASURES[component.measure]
        found = [
            at
            for at, said in enumerate(self.crowd.columns.said)
            if said.kind in measure.kinds and measure.counts(said.attributes)
        ]
        matching = set(conditions.matching(component.conditions, texts, found))
        return [at in matching for at in range(len(self.crowd.columns.said))]

    # What it earns

    def _lines_of(self, component: Component) -> ManyLines | None:
        """None where nothing counts for anybody."""
        columns, where = self.crowd.columns, self._selected(component)
        if not len(where):
            return None
        owners, days = self.crowd.owners[where], columns.days[where]
        values = columns.amounts if MEASURES[component.measure].is_money else columns.quantities
        earned, runs, starts, quotas = self._earned(component, values[where], owners, days)
        periods, period_at = self.numbers_of(days, self.plan.pays)
        amounts = self._whole_amounts(component, earned, runs)
        amounts, before_cap = self._capped(component, amounts, owners, days)
        terms = [
            self._terms(component, int(owners[start]), earned.rows, scale, quota)
            for start, scale, quota in zip(starts.tolist(), earned.scales, quotas, strict=True)
        ]
        made = ManyLines(
            bounds=np.searchsorted(owners, np.arange(len(self.crowd) + 1)).tolist(),
            activity_ids=columns.activity_ids[where],
            days=days,
            periods=period_at,
            keys=[period.key for period in periods],
            amounts=amounts,
            tiers=earned.tiers,
            bases=earned.bases,
            cut=earned.cut,
            before_cap=before_cap,
            terms_at=runs,
            terms=terms,
            back={},
        )
        made.back = self._backs(made, where, owners)
        return made

    def _earned(
        self, component: Component, values: Whole, owners: Whole, days: Whole
    ) -> tuple[AllEarned, Whole, Whole, list[Fraction | None]]:
        rule = component.sum
        assert isinstance(rule, ForMany), "only plain components are summed together"
        spans: Sequence[Period] = ()
        if component.looks_back:
            spans, span_at = self.numbers_of(days, component.accumulates)
            starts, runs = cut_where_they_change(owners, span_at)
        else:
            starts, runs = cut_where_they_change(owners)
        payees = owners[starts].tolist()
        quotas: list[Fraction | None] = [None] * len(payees)
        if component.needs_quota:
            quotas = [
                self._quota(component, payee, spans[number], int(day))
                for payee, number, day in zip(
                    payees, span_at[starts].tolist(), days[starts].tolist(), strict=True
                )
            ]
        scales = [self.crowd.columns.scales[payee] for payee in payees]
        return rule.earn_many(Flows(values, starts, runs, scales, quotas)), runs, starts, quotas

    def _quota(self, component: Component, payee: int, span: Period, day: int) -> Fraction:
        """Where it is missing, the payee is left to `calculate`, which says so in words."""
        measure, quota_span = component.attainment_measure, component.quota_span
        key = payee, measure, span.key, quota_span
        if key not in self._quotas:
            case, agreement = self.crowd.cases[payee], self.agreed[payee]
            self._quotas[key] = quota_for(
                case.quotas,
                measure,
                span,
                self.calendar.period_of(date.fromordinal(day), self.plan.pays),
                quota_span=quota_span,
                terms=self.plan.quotas,
                assigned=(agreement.first_day, agreement.end_day or FOREVER),
                leave=case.leave,
                calendar=self.calendar,
            )
        found = self._quotas[key]
        if not found:
            self.left.add(payee)
        return found or ONE

    def _factor(self, component: Component) -> int:
        return 10 ** minor_digits(self.plan.currency) if component.yields == MONEY else 1

    def _whole_amounts(self, component: Component, earned: AllEarned, runs: Whole) -> Whole:
        """Each credit's amount in whole units, rounded once."""
        factor = self._factor(component)
        check_fit(max(largest(earned.amounts) * factor, max(earned.pers, default=0)))
        return rounded(earned.amounts * factor, np.array(earned.pers, np.int64)[runs])

    def _capped(
        self, component: Component, amounts: Whole, owners: Whole, days: Whole
    ) -> tuple[Whole, Mapping[int, int]]:
        """Amounts of which the running total never exceeds the cap of its period, and what those
        that it changed were before."""
        if component.cap is None:
            return amounts, {}
        periods, period_at = self.numbers_of(days, cap_kind(component, self.plan.pays))
        starts, runs = cut_where_they_change(owners, period_at)
        most = np.array(
            [
                self._most(component, payee, periods[number], day)
                for payee, number, day in zip(
                    owners[starts].tolist(),
                    period_at[starts].tolist(),
                    days[starts].tolist(),
                    strict=True,
                )
            ],
            np.int64,
        )[runs]
        totals = running(amounts, starts, runs)
        capped = np.minimum(totals, most) - np.minimum(totals - amounts, most)
        changed = np.flatnonzero(capped != amounts)
        return capped, dict(zip(changed.tolist(), amounts[changed].tolist(), strict=True))

    def _most(self, component: Component, payee: int, period: Period, day: int) -> int:
        cap = component.cap or {}
        quota = self._quota(component, payee, period, day) if "of_quota" in cap else None
        most = cap_amount(cap, quota, None)
        assert most is not None, "a cap of the target incentive is not plain"
        return min(round_half_up(most * self._factor(component)), LARGEST)

    # What explains it

    def _terms(
        self,
        component: Component,
        payee: int,
        rows: Sequence[Mapping[str, str]],
        scale: int,
        quota: Fraction | None,
    ) -> Terms:
        working: dict[str, Any] = {ROWS: rows, SCALE: str(scale)}
        if quota is not None:
            working["quota"] = plain(quota)
        span = self.spans[payee]
        return Terms(
            span.plan_id,
            span.version_id,
            component.key,
            component.yields,
            self.plan.currency if component.yields == MONEY else None,
            working,
        )

    def _backs(self, made: ManyLines, where: Whole, owners: Whole) -> dict[int, list[ResultLine]]:
        """A line for each deal that is taken back, with the same steps as the line that paid it."""
        taken = {at: back for at, back in self.cancelled.items() if back is not None}
        places = np.searchsorted(where, list(taken))
        paid = where[np.minimum(places, len(where) - 1)] == list(taken)
        places = places[paid]
        found: dict[int, list[ResultLine]] = {}
        for back, place, amount, payee, activity_id, run, period in zip(
            compress(taken.values(), paid.tolist()),
            places.tolist(),
            made.amounts[places].tolist(),
            owners[places].tolist(),
            made.activity_ids[places].tolist(),
            made.terms_at[places].tolist(),
            made.periods[places].tolist(),
            strict=True,
        ):
            share = amount if back.share is ALL_OF_IT else round_half_up(amount * back.share)
            if share:
                line = ResultLine(
                    self._back_terms(made, run, period, back),
                    activity_id,
                    self.calendar.period_of(back.day, self.plan.pays).key,
                    TAKEN_BACK,
                    -share,
                    back.day,
                    made.step(place),
                )
                found.setdefault(payee, []).append(line)
        return found

    def _back_terms(self, made: ManyLines, run: int, period: int, back: TakeBack) -> Terms:
        """The same object for all that one run paid in one period."""
        key = id(made), run, period, None if back.share is ALL_OF_IT else back.share
        found = self._terms_of_backs.get(key)
        if found is None:
            found = terms_of_back(made.terms[run], made.keys[period], back)
            self._terms_of_backs[key] = found
        return found


def calculate_many(crowd: Crowd) -> tuple[list[ManyLines], set[int]]:
    """What each payee of a crowd should have, by component; and the numbers of those payees who
    have to be calculated one by one, whatever is said of them here."""
    made: list[ManyLines] = []
    left: set[int] = set()
    for agreed in _by_version(crowd):
        of_version = VersionOfMany(crowd, agreed)
        try:
            made += of_version.lines()
        except OverflowError:
            left |= agreed.keys()
        left |= of_version.left
    return made, left


def _by_version(crowd: Crowd) -> Iterable[dict[int, Agreement]]:
    """Who has agreed to each version of a plan; once more for who has twice."""
    found: dict[tuple[int, int], dict[int, Agreement]] = {}
    for payee, case in enumerate(crowd.cases):
        times: Counter[int] = Counter()
        for agreement in case.agreements:
            for span in version_spans(agreement):
                version = id(span.plan)
                found.setdefault((version, times[version]), {})[payee] = agreement
                times[version] += 1
    return found.values()
