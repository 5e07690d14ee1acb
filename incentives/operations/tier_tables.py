"""Tier tables as people read them: every tier with its bounds, and what fell into it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from incentives.core.money import EXACT
from incentives.core.rules import marginal_rate


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a deal that lies in one tier: base × rate is exact."""

    tier: int
    base: Decimal
    rate: Decimal
    exact: Decimal


@dataclass(frozen=True, slots=True)
class TierRow:
    """One tier of a version's table with what fell into it. Bounds are amounts and shares."""

    version: int
    number: int
    from_amount: Decimal
    to_amount: Decimal | None
    from_share: Decimal | None
    to_share: Decimal | None
    base: Decimal
    rate: Decimal
    exact: Decimal


def slices_of(working: Mapping[str, Any]) -> tuple[Slice, ...]:
    return tuple(
        Slice(
            int(part["tier"]),
            Decimal(part["base"]),
            Decimal(part["rate"]),
            Decimal(part["exact"]),
        )
        for part in working.get("slices", [])
    )


def tier_rows(
    rule: dict[str, Any], quota: Decimal | None, slices: Sequence[Slice], version: int
) -> Iterator[TierRow]:
    """The tiers of a rule under a quota, with the slices that fell into each."""
    floor_amount, floor_share = Decimal(0), Decimal(0)
    by_share = rule["tiers_by"] == marginal_rate.ATTAINMENT
    tops = marginal_rate.bounds(rule, quota)
    for number, (tier, top) in enumerate(zip(rule["tiers"], tops, strict=True), start=1):
        inside = [part for part in slices if part.tier == number]
        yield TierRow(
            version=version,
            number=number,
            from_amount=floor_amount,
            to_amount=top,
            from_share=floor_share if by_share else None,
            to_share=tier["up_to"] if by_share else None,
            base=total(part.base for part in inside),
            rate=tier["rate"],
            exact=total(part.exact for part in inside),
        )
        floor_amount, floor_share = top or floor_amount, tier["up_to"] or floor_share


def total(values: Iterable[Decimal | None]) -> Decimal:
    with localcontext(EXACT):
        return sum((value for value in values if value is not None), Decimal(0))


def decimal_in(text: Any) -> Decimal | None:
    """A number of a line's working, or None where it has none."""
    return None if text is None else Decimal(str(text))
