"""Whose credits a component looks at, and what an agreement's tests and tables read of them."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import Any

from incentives.core import conditions
from incentives.core.activity import RATING
from incentives.core.calendar import Period
from incentives.core.case import TARGET_INCENTIVE, Case
from incentives.core.columns import ALL, Columns, columns_of, columns_of_several
from incentives.core.components import BEGUN, DEAL, OWN, POOL, Component
from incentives.core.measures import MEASURES
from incentives.core.money import minor_digits
from incentives.core.plans import Agreement
from incentives.core.quotas import QuotaTerms, quota_for
from incentives.core.result_tests import ATTAINMENT, EARNED, what_is_read
from incentives.core.results import MONEY, ResultLine
from incentives.core.selection import Selection, measured, select
from incentives.core.taking_back import Standing, see_to_cancelled
from incentives.core.versions import FOREVER, VersionSpan, team_spans, version_spans
from incentives.core.working_days import is_working_day

EVERYONE = "everyone"
_FIRST_YEAR = 1970
_DAY = timedelta(days=1)


class Missing(Exception):
    """What a component needs in a span and what is not set, as a code and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def missing_quota(span: Period, quota: Fraction | None) -> Missing:
    """Why a quota that is not set, or is 0, gives no attainment."""
    if quota is None:
        return Missing("quota_missing", f"No quota is set for {span.key}, so nothing is paid yet.")
    return Missing("quota_is_zero", f"The quota for {span.key} is 0, so it has no attainment.")


class Source:
    """Credits that components look at, after cancelled deals were seen to."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.columns: Columns = standing.columns
        self._selections: dict[int, Selection] = {}
        self._running: dict[str, tuple[list[date], list[int], int]] = {}
        self._period_keys: list[str] | None = None

    def period_keys(self, agreement: "AgreementCase") -> list[str]:
        """The key of the pay period of each credit."""
        if self._period_keys is None:
            self._period_keys = agreement.calendar.keys_of(self.columns.days, agreement.pays)
        return self._period_keys

    def selection(self, component: Component) -> Selection:
        """What counts for a component. Asked for several times, made once."""
        found = self._selections.get(id(component))
        if found is None:
            found = self._selections[id(component)] = select(self.columns, component)
        return found

    def result(self, measure_slug: str, first_day: date, end_day: date) -> Fraction:
        """The whole result of a measure over days [first_day, end_day)."""
        if measure_slug not in self._running:
            self._running[measure_slug] = self._run(measure_slug)
        days, totals, scale = self._running[measure_slug]
        start, end = bisect_left(days, first_day), bisect_left(days, end_day)
        return Fraction(totals[max(start, end)] - totals[start], scale)

    def _run(self, measure_slug: str) -> tuple[list[date], list[int], int]:
        columns, measure = self.columns, MEASURES[measure_slug]
        where = [
            at
            for at, kind in enumerate(columns.kinds)
            if kind in measure.kinds
            and measure.counts(columns.attributes[at])
            and not (measure.is_money and at in columns.without_rate)
        ]
        values, scale = measured(columns, where, measure)
        return [columns.days[at] for at in where], list(accumulate(values, initial=0)), scale


class AgreementCase:
    """One agreement of a payee: its versions, the sources of credits, quotas, and the readings."""

    def __init__(self, case: Case, agreement: Agreement, own: Columns) -> None:
        self.case = case
        self.calendar = case.calendar
        self.agreement = agreement
        self.versions = version_spans(agreement)
        if self.versions:
            plan = self.versions[-1].plan
            self.currency, self.pays = plan.currency, plan.pays
            self._minor_units: int = 10 ** minor_digits(plan.currency)
        self.first_day, self.end_day = agreement.first_day, agreement.end_day or FOREVER
        self._own = own
        self._sources: dict[tuple[str, str, bool], Source] = {}
        self._quotas: dict[tuple[str, str, str, str, bool], Fraction | None] = {}
        # The final lines of the components so far: tests look at those that stand above.
        self.final: dict[str, list[ResultLine]] = {}

    def is_working_day(self, day: date) -> bool:
        return is_working_day(day, self.case.holidays, self.case.leave)

    @property
    def own(self) -> Source:
        """All that is credited to the payee: what tests and scorecards read."""
        return self._source(OWN, ALL)

    def source_of(self, component: Component) -> Source:
        name = EVERYONE if component.shares_budget else component.credited
        return self._source(name, component.credits, alone=component.accumulates == DEAL)

    def _source(self, name: str, credits: str, *, alone: bool = False) -> Source:
        key = name, credits, alone
        found = self._sources.get(key)
        if found is None:
            columns = self._credits(name).with_shares(credits).one_for_each_activity()
            columns = columns.in_currency(self.currency, self.case.rates)
            standing = see_to_cancelled(
                columns,
                self._versions_of(name, columns),
                self.calendar,
                self.case.locks,
                alone=alone,
                of_pool=name == POOL,
            )
            found = self._sources[key] = Source(standing)
        return found

    def _versions_of(self, name: str, columns: Columns) -> Callable[[int], Sequence[VersionSpan]]:
        """The versions by which a cancelled deal is judged: what others took from a shared budget
        does not depend on when the payee came or went."""
        every_day = team_spans(self.agreement)
        if name == POOL:
            return lambda at: every_day
        if name == EVERYONE:
            own = {at for at, owner in enumerate(columns.owners or ()) if owner == self.case.payee}
            return lambda at: self.versions if at in own else every_day
        return lambda at: self.versions

    def _credits(self, name: str) -> Columns:
        match name:
            case "own":
                return self._own
            case "team":
                return columns_of(self.case.team_credits, self.calendar)
            case "pool":
                return columns_of_several(
                    self.case.pool.credits if self.case.pool else (), self.calendar
                )
        return columns_of_several(self.case.everyone, self.calendar)

    def pay_period(self, day: date) -> Period:
        return self.calendar.period_of(day, self.pays)

    def factor(self, component: Component) -> int:
        """How many of the smallest units one unit of the yield has."""
        return self._minor_units if component.yields == MONEY else 1

    def pay_periods_begun(self, source: Source, *, of_team: bool = False) -> Iterable[Period]:
        """The pay periods that have begun by now and touch the assignment, in order; those of a
        team whoever comes and goes."""
        versions = team_spans(self.agreement) if of_team else self.versions
        if not versions:
            return
        first = versions[0].first_day
        if first.year < _FIRST_YEAR:
            first = source.columns.days[0] if source.columns.days else self.case.as_of
        last = min(self.case.as_of, versions[-1].end_day)
        if first > last:
            return
        period = self.pay_period(first)
        while period.first_day <= self.case.as_of and period.first_day < versions[-1].end_day:
            yield period
            period = self.calendar.after(period)

    def quota(
        self,
        measure: str,
        span: Period,
        at: Period,
        *,
        component: Component | None = None,
        quota_span: str | None = None,
    ) -> Fraction | None:
        """The quota of a measure for a span, as it is at a pay period; a pool has its own."""
        pooled = component is not None and component.credited == POOL
        said = quota_span or (component.quota_span if component else BEGUN)
        key = measure, span.key, at.key, said, pooled
        if key not in self._quotas:
            self._quotas[key] = self._quota(measure, span, at, said, pooled=pooled)
        return self._quotas[key]

    def _quota(
        self, measure: str, span: Period, at: Period, quota_span: str, *, pooled: bool
    ) -> Fraction | None:
        quotas, terms, leave = self.case.quotas, self.versions[-1].plan.quotas, self.case.leave
        if pooled and self.case.pool:
            # A team has seasons, but neither a first day nor leave.
            quotas = self.case.pool.quotas
            terms, leave = QuotaTerms(seasonality=terms.seasonality), frozenset()
        return quota_for(
            quotas,
            measure,
            span,
            at,
            quota_span=quota_span,
            terms=terms,
            assigned=(self.first_day, self.end_day),
            leave=leave,
            calendar=self.calendar,
        )

    def target_incentive(self, component: Component, span: Period, at: Period) -> Fraction | None:
        """The payee's own target incentive. It has the seasons of the quotas, but it is a goal of
        pay: neither ramp nor leave takes anything off it."""
        return quota_for(
            self.case.quotas,
            TARGET_INCENTIVE,
            span,
            at,
            quota_span=component.quota_span,
            terms=QuotaTerms(seasonality=self.versions[-1].plan.quotas.seasonality),
            assigned=(self.first_day, self.end_day),
            leave=frozenset(),
            calendar=self.calendar,
        )

    def reading(
        self, component: Component, said: Mapping[str, Any], span: Period, until: date
    ) -> Fraction:
        """What a component's test reads over the days of a span before `until`. Raises Missing."""
        end_day = min(span.end_day, until)
        if what_is_read(said) == EARNED:
            return self._earned(said["component"], span.first_day, end_day)
        found = self.own.result(said["measure"], span.first_day, end_day)
        if what_is_read(said) != ATTAINMENT:
            return found
        at = self.pay_period(min(end_day - _DAY, self.case.as_of))
        quota = self.quota(said["measure"], span, at, quota_span=component.quota_span)
        if not quota:
            raise missing_quota(span, quota)
        return found / quota

    def _earned(self, key: str, first_day: date, end_day: date) -> Fraction:
        lines = [line for line in self.final.get(key, ()) if first_day <= line.day < end_day]
        money = lines and lines[0].yields == MONEY
        per = 10 ** minor_digits(self.currency) if money else 1
        return Fraction(sum(line.amount for line in lines), per)

    def achievement_in(
        self, component: Component, span: Period, at: Period, until: date
    ) -> Callable[[Mapping[str, Any]], Fraction | None]:
        """How scorecards ask for an item: the result as a share of the quota, or a rating, None
        where there is none yet. Raises Missing."""

        def achievement(item: Mapping[str, Any]) -> Fraction | None:
            if "rating" in item:
                return self._rating(item, span.first_day, min(span.end_day, until))
            quota = self.quota(item["measure"], span, at, quota_span=component.quota_span)
            if not quota:
                raise missing_quota(span, quota)
            source = self.source_of(component)
            end_day = min(span.end_day, until)
            return self._result_under(source, item, span.first_day, end_day) / quota

        return achievement

    def _result_under(
        self, source: Source, item: Mapping[str, Any], first_day: date, end_day: date
    ) -> Fraction:
        columns, measure = source.columns, MEASURES[item["measure"]]
        first_day, end_day = self._on_the_plan(first_day, end_day)
        where = conditions.matching(
            item["conditions"],
            columns,
            [
                at
                for at, kind in enumerate(columns.kinds)
                if kind in measure.kinds
                and measure.counts(columns.attributes[at])
                and first_day <= columns.days[at] < end_day
                and not (measure.is_money and at in columns.without_rate)
            ],
        )
        values, scale = measured(columns, where, measure)
        return Fraction(sum(values), scale)

    def _on_the_plan(self, first_day: date, end_day: date) -> tuple[date, date]:
        """Those of these days on which the plan held for the payee."""
        return (
            max(first_day, self.versions[0].first_day),
            min(end_day, self.versions[-1].end_day),
        )

    def _rating(self, item: Mapping[str, Any], first_day: date, end_day: date) -> Fraction | None:
        columns = self.own.columns
        first_day, end_day = self._on_the_plan(first_day, end_day)
        found = [
            at
            for at, kind in enumerate(columns.kinds)
            if kind == RATING
            and first_day <= columns.days[at] < end_day
            and columns.attributes[at].get("item") == item["rating"]
            and columns.attributes[at].get("rated_by") == item["rated_by"]
        ]
        return Fraction(columns.quantities[found[-1]], columns.scale) if found else None
