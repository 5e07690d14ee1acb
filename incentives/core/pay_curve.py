"""What a component pays for each result: for the curve on its page, and to find where pay falls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from incentives.core.components import Component
from incentives.core.multipliers import factor_for
from incentives.core.result_tests import ATTAINMENT
from incentives.core.results import BADGE
from incentives.core.rules import ByActivity, ByPeriod, Flow, Reach
from incentives.core.scaled import scaled
from incentives.core.tiers import of_quota, upper_bounds

# How near a bound is looked at: finer than any number that a document can hold.
_NEXT = Fraction(1, 10**12)
# What pay may grow by within that: less than any minor unit.
_NOTHING = Fraction(1, 10**6)
_ANY_DAY = date(2000, 1, 3)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """`earned` is unrounded: what one payee would have at `result` of the measure."""

    result: Fraction
    earned: Fraction


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pay before and after, from one result to a higher one; at a bound, both are the bound."""

    start: CurvePoint
    end: CurvePoint

    @property
    def is_at_a_bound(self) -> bool:
        return self.start.result == self.end.result


@dataclass(frozen=True, slots=True)
class PayCurve:
    """The pay of one component, by its own sum, before cap and floor.

    A table by attainment is read against `quota`, shares of a target against `target_incentive`
    where the plan names none. A multiplier counts where it reads the component's own result.
    """

    component: Component
    quota: Fraction
    target_incentive: Fraction = Fraction(100)

    def bends(self) -> list[Fraction]:
        """Where the curve may bend or jump, ascending."""
        found = set(self.component.sum.bends(self.quota)) | set(self._bounds_of_multiplier())
        return sorted(bend for bend in found if bend > 0)

    def earned_at(self, result: Fraction) -> Fraction:
        return self._paid_by_the_rule(result) * self._factor(result)

    def points(self, results: Iterable[Fraction]) -> list[CurvePoint]:
        return [CurvePoint(result, self.earned_at(result)) for result in results]

    def outline(self, results: Iterable[Fraction]) -> list[CurvePoint]:
        """Points to draw a line through: where pay jumps, the pay on both sides as well."""
        drawn: list[CurvePoint] = []
        for result in results:
            for side in (-_NEXT, Fraction(0), _NEXT) if result else (Fraction(0),):
                point = CurvePoint(result, self.earned_at(result + side))
                if not drawn or not _is_there(drawn[-1], point):
                    drawn.append(point)
        return drawn

    def falls(self) -> list[Stretch]:
        """Where pay falls as the result rises: at a bound, or between two of them."""
        found: list[Stretch] = []
        for start, end in pairwise([Fraction(0), *self.bends(), self._beyond()]):
            found += self._fall_at(start) if start else []
            first, last = self.points([start + _NEXT, end - _NEXT])
            if last.earned < first.earned:
                found.append(Stretch(CurvePoint(start, first.earned), CurvePoint(end, last.earned)))
        return found

    def _fall_at(self, bound: Fraction) -> Sequence[Stretch]:
        before, on, after = (self.earned_at(bound + step) for step in (-_NEXT, Fraction(0), _NEXT))
        # The pay on the bound is one of the two, so a fall shows on one of its sides.
        if on < before - _NOTHING or after < on - _NOTHING:
            return [Stretch(CurvePoint(bound, max(before, on)), CurvePoint(bound, min(on, after)))]
        return []

    def jumps(self, share: Fraction) -> list[Stretch]:
        """The bounds at which pay jumps by more than a share of the pay before it."""
        found = []
        for bound in self.bends():
            before, after = self.earned_at(bound - _NEXT), self.earned_at(bound + _NEXT)
            if before > 0 and after - before > share * before + _NOTHING:
                found.append(Stretch(CurvePoint(bound, before), CurvePoint(bound, after)))
        return found

    def _beyond(self) -> Fraction:
        bends = self.bends()
        return 2 * (bends[-1] if bends else self.quota)

    def _paid_by_the_rule(self, result: Fraction) -> Fraction:
        rule = self.component.sum
        if isinstance(rule, ByPeriod):
            reach = Reach(result, result, self.quota, target_incentive=self.target_incentive)
            return rule.due(reach).amount
        assert isinstance(rule, ByActivity)
        values, scale = scaled([result])
        flow = Flow(values, values, 0, scale, self.quota, days=[_ANY_DAY], attributes=[{}])
        earned = rule.earn(flow)
        return Fraction(sum(earned.amounts), earned.per)

    def _factor(self, result: Fraction) -> Fraction:
        multiplier = self.component.multiplier
        if multiplier is None or not ("factor" in multiplier or self._multiplies_itself):
            return Fraction(1)
        by_quota = multiplier.get("read") == ATTAINMENT
        found = result / self.quota if by_quota else result
        return factor_for(multiplier, found, upper=self.component.upper)

    def _bounds_of_multiplier(self) -> list[Fraction]:
        if not self._multiplies_itself:
            return []
        assert self.component.multiplier is not None
        bounds = upper_bounds(self.component.multiplier["tiers"])
        by_quota = self.component.multiplier.get("read") == ATTAINMENT
        return of_quota(bounds, self.quota) if by_quota else bounds

    @property
    def _multiplies_itself(self) -> bool:
        """Whether the multiplier reads the very result that the rule pays for."""
        multiplier, component = self.component.multiplier, self.component
        return (
            multiplier is not None
            and "tiers" in multiplier
            and multiplier["measure"] == component.measure
            and multiplier["over"] == component.accumulates
        )


def _is_there(last: CurvePoint, point: CurvePoint) -> bool:
    return last.result == point.result and abs(last.earned - point.earned) <= _NOTHING


def has_curve(component: Component) -> bool:
    """Whether pay bends or jumps somewhere, so that a curve says something."""
    return component.yields != BADGE and bool(PayCurve(component, Fraction(1)).bends())
