"""An amount for each unit, by tier, with a flat part and in packages (semantics 11 to 13)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from marshmallow import fields, validate

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import ByActivity, ByPeriod, Due, Earned, Flow, Reach, RuleSum
from incentives.core.scaled import packages, scaled
from incentives.core.tiers import (
    ATTAINMENT,
    TieredSchema,
    TierSchema,
    bound_in_words,
    of_quota,
    tier_at,
    tiers_of,
    upper_bounds,
    way,
    whole_bounds,
)
from incentives.core.words import number

KIND, LABEL = "unit_tiers", "Amount per unit by tier"
YIELDS = (MONEY, POINTS)

MARGINAL, RETROACTIVE = "marginal", "retroactive"


class UnitTierSchema(TierSchema):
    """`amount` for each unit in the tier, or for each package of so many units, rounded up.

    `flat` is added once some part of a unit lies in the tier.
    """

    amount = ExactDecimal(required=True)
    flat = ExactDecimal(load_default=Decimal(0))
    package = ExactDecimal(
        load_default=None, allow_none=True, validate=validate.Range(min=0, min_inclusive=False)
    )


class Params(TieredSchema):
    """One ascending list of upper bounds, the last without one, with an amount for each unit.

    `tiers_by` says what the bounds are: shares of the quota (0.5 is half of it) or numbers of
    units. `reading: marginal` pays each tier for what lies inside it; `retroactive` pays all units
    at the tier reached.
    """

    reading = fields.String(required=True, validate=one_of([MARGINAL, RETROACTIVE]))
    tiers = tiers_of(UnitTierSchema)


class UnitTiers(RuleSum):
    """What both readings have in common: the table, and its working.

    A tier has two rows: its amount for each unit or package, and behind all of those its flat part.
    """

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_quota = params["tiers_by"] == ATTAINMENT
        self._tiers: Sequence[Mapping[str, Any]] = params["tiers"]
        self._bounds = upper_bounds(self._tiers)
        self._paid, self._per = scaled(
            [tier["amount"] for tier in self._tiers] + [tier["flat"] for tier in self._tiers]
        )
        self._rows = [_amount_row(tier) for tier in self._tiers] + [
            {"amount": format(tier["flat"], "f"), "flat_of_tier": str(at)}
            for at, tier in enumerate(self._tiers, start=1)
        ]

    def _counts(self, tier: int, inside: int, scale: int) -> Counter[int]:
        """How many of each row, over `scale`, are due for so much inside a tier (from 1)."""
        size = self._tiers[tier - 1]["package"]
        units = inside if size is None else packages(inside, scale, size) * scale
        flat = self._tiers[tier - 1]["flat"] and inside > 0
        return Counter({tier: units} | ({len(self._tiers) + tier: scale} if flat else {}))

    def bends(self, quota: Fraction | None) -> list[Fraction]:
        return of_quota(self._bounds, quota) if self.needs_quota else self._bounds

    def describe(self, unit: str) -> str:
        parts: list[str] = []
        for tier in self._tiers:
            size = tier["package"]
            each = "each" if size is None else f"each package of {number(size)} begun"
            flat = f" and {number(tier['flat'])} once" if tier["flat"] else ""
            given = f"{number(tier['amount'])} {unit} for {each}{flat}"
            if tier["up_to"] is not None:
                parts.append(f"{given}, up to {bound_in_words(tier['up_to'], self._by)}")
            else:
                parts.append(f"{given}, above that" if parts else given)
        if len(parts) == 1:
            return parts[0]
        return f"{'; then '.join(parts)}; {_READINGS[self.params['reading']]}"

    @property
    def _by(self) -> str:
        by: str = self.params["tiers_by"]
        return by


class MarginalUnits(UnitTiers, ByActivity):
    """Each tier pays for the units inside it; a credit is cut where it crosses a bound."""

    counts_own_units = True

    def earn(self, flow: Flow) -> Earned:
        tops, wider = whole_bounds(self.bends(flow.quota), flow.scale)
        scale = flow.scale * wider
        position = flow.start * wider
        held = [self._held(position, tops, scale)]
        gained = []
        for value in flow.values:
            position += value * wider
            held.append(self._held(position, tops, scale))
        for before, after in pairwise(held):
            rows = sorted(before.keys() | after.keys())
            gained.append([(row, after[row] - before[row]) for row in rows])
        return Earned(
            amounts=[sum(self._paid[row - 1] * more for row, more in each) for each in gained],
            per=scale * self._per,
            steps=[",".join(f"{row}:{more}" for row, more in each if more) for each in gained],
            rows=self._rows,
            scale=scale,
        )

    def _held(self, position: int, tops: Sequence[int], scale: int) -> Counter[int]:
        """How many of each row are due at a position, from the first unit on."""
        held: Counter[int] = Counter()
        for tier, inside in way(0, position, tops):
            held.update(self._counts(tier, inside, scale))
        return held


class RetroactiveUnits(UnitTiers, ByPeriod):
    """All units pay the amount of the tier reached, with its package and its flat part."""

    pays_each_version = True

    jumps = True

    def due(self, reach: Reach) -> Due:
        tier = tier_at(self.bends(reach.quota), reach.reached, upper=self.upper) + 1
        scale = reach.base.denominator
        counts = self._counts(tier, reach.base.numerator, scale)
        slices = [(row, Fraction(count, scale)) for row, count in sorted(counts.items())]
        total = sum((self._paid[row - 1] * count for row, count in slices), Fraction(0))
        return Due(total / self._per, slices, self._rows, reach.notes())

    def unit_paid(self, reach: Reach) -> list[tuple[int, Fraction]] | None:
        at = tier_at(self.bends(reach.quota), reach.reached, upper=self.upper)
        return [(at + 1, 1 / Fraction(self._tiers[at]["package"] or 1))]


def Rule(params: dict[str, Any], *, at_bound: str = "upper") -> ByActivity | ByPeriod:
    """By activity where tiers are read as marginal, by period where they are retroactive."""
    if params["reading"] == MARGINAL:
        return MarginalUnits(params, at_bound=at_bound)
    return RetroactiveUnits(params, at_bound=at_bound)


def _amount_row(tier: Mapping[str, Any]) -> dict[str, str]:
    names = ("amount", "up_to", "package")
    return {name: format(tier[name], "f") for name in names if tier[name] is not None}


_READINGS = {
    MARGINAL: "each pays only inside its own tier",
    RETROACTIVE: "the tier reached pays for all",
}

EXAMPLE: dict[str, Any] = {
    "params": {
        "tiers_by": "amount",
        "reading": "marginal",
        "tiers": [
            {"up_to": "10", "amount": "10", "flat": "2"},
            {"up_to": "20", "amount": "5", "flat": "3"},
            {"amount": "5", "flat": "3"},
        ],
    },
    "values": ["1", "9", "1", "1", "9"],
    "earns": ["12", "90", "8", "5", "48"],
}
