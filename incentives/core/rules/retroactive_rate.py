"""Retroactive tiers: the rate of the tier reached pays on everything (semantics 11 to 13)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError, validates_schema

from incentives.core.fields import ExactDecimal
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import ByPeriod, Due, Reach
from incentives.core.scaled import scaled
from incentives.core.tiers import (
    ATTAINMENT,
    RateTierSchema,
    TieredSchema,
    bound_in_words,
    of_quota,
    rate_rows,
    rates_in_words,
    rates_paid,
    tests_of,
    tier_at,
    tiers_of,
    upper_bounds,
    way,
)

KIND, LABEL = "retroactive_rate", "Rate by tier, on everything"
YIELDS = (MONEY, POINTS)


class Params(TieredSchema):
    """One ascending list of upper bounds, the last without one; the rate reached pays on all of it.

    `tiers_by` says what the bounds are: shares of the quota (0.5 is half of it) or amounts.
    `marginal_from` names one of them: above it, each rate pays only inside its tier.
    """

    tiers = tiers_of(RateTierSchema)
    marginal_from = ExactDecimal(load_default=None, allow_none=True)

    @validates_schema
    def marginal_from_is_a_bound(self, params: Mapping[str, Any], **_: Any) -> None:
        bounds = [tier["up_to"] for tier in params["tiers"] if tier["up_to"] is not None]
        wanted: Decimal | None = params["marginal_from"]
        if wanted is not None and wanted not in bounds:
            listed = ", ".join(format(bound, "f") for bound in bounds) or "none, so leave it out"
            raise ValidationError(
                f"Write one of the bounds of the tiers: {listed}.", "marginal_from"
            )


class Rule(ByPeriod):
    """The rate of the tier reached pays on the base, up to the bound where tiers turn marginal.

    Where the base is only a part of what was reached (this period's credits, or those of one
    version), it lies where those credits lie in the running sum.
    """

    pays_each_version = True
    jumps = True

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_quota = params["tiers_by"] == ATTAINMENT
        self.tier_tests = tests_of(params["tiers"])
        self._bounds = upper_bounds(params["tiers"])
        self._rates, self._rate_scale = scaled([tier["rate"] for tier in params["tiers"]])

    def due(self, reach: Reach) -> Due:
        rates = rates_paid(self._rates, reach.failing)
        slices = self._slices(reach)
        total = sum((base * rates[tier - 1] for tier, base in slices), Fraction(0))
        return Due(
            amount=total / self._rate_scale,
            slices=slices,
            rows=rate_rows(self.params["tiers"], reach.failing),
            notes=reach.notes(),
        )

    def _slices(self, reach: Reach) -> list[tuple[int, Fraction]]:
        bounds = self.bends(reach.quota)
        if self.params["marginal_from"] is None:
            return [(tier_at(bounds, reach.reached, upper=self.upper) + 1, reach.base)]
        last = self._bounds.index(Fraction(self.params["marginal_from"]))
        turn = bounds[last]
        if max(reach.start, reach.reached) <= turn:
            reached = tier_at(bounds[:last], reach.reached, upper=self.upper)
            return [(reached + 1, reach.base)]
        return self._turning(reach, bounds, last)

    def _turning(
        self, reach: Reach, bounds: Sequence[Fraction], last: int
    ) -> list[tuple[int, Fraction]]:
        """The base cut at the bound where tiers turn marginal, by the way it makes through them."""
        turn, moved = bounds[last], reach.reached if reach.moved is None else reach.moved
        if moved == 0:
            return [(tier_at(bounds, reach.reached, upper=self.upper) + 1, reach.base)]
        start, end = reach.start, reach.start + moved
        below = min(end, turn) - min(start, turn)
        reached = tier_at(bounds[:last], reach.reached, upper=self.upper) + 1
        pieces = [(reached, below), *way(max(start, turn), max(end, turn), bounds)]
        return [(tier, inside * reach.base / moved) for tier, inside in pieces if inside]

    def unit_paid(self, reach: Reach) -> list[tuple[int, Fraction]] | None:
        if not reach.base:
            return None
        return [(tier, base / reach.base) for tier, base in self._slices(reach)]

    def bends(self, quota: Fraction | None) -> list[Fraction]:
        return of_quota(self._bounds, quota) if self.needs_quota else self._bounds

    def describe(self, unit: str) -> str:
        told = rates_in_words(self.params["tiers"], self.params["tiers_by"])
        turn = self.params["marginal_from"]
        if turn is None:
            return f"{told}; the rate reached pays on everything"
        bound = bound_in_words(turn, self.params["tiers_by"])
        return (
            f"{told}; the rate reached pays on everything up to {bound}, "
            "and above that each rate pays only inside its own tier"
        )


EXAMPLE: dict[str, Any] = {
    "params": {
        "tiers_by": "amount",
        "tiers": [
            {"up_to": "10000", "rate": "0.05"},
            {"up_to": "25000", "rate": "0.07"},
            {"rate": "0.10"},
        ],
    },
    "reached": "30000",
    "base": "30000",
    "quota": None,
    "earns": "3000.00",
}
