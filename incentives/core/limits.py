"""Caps and floors: the most and the least that a component pays in a period (semantics 10)."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.result_tests import SPANS
from incentives.core.words import number, percent


class CapSchema(Schema):
    """The most that is paid: an amount, a share of the quota, or a multiple of the payee's target
    incentive; `per` is the period it holds for."""

    amount = ExactDecimal(minimum_zero=True)
    of_quota = ExactDecimal(minimum_zero=True)
    of_target = ExactDecimal(minimum_zero=True)
    per = fields.String(load_default=None, allow_none=True, validate=one_of(list(SPANS)))

    @validates_schema
    def there_is_one_cap(self, cap: Mapping[str, Any], **_: Any) -> None:
        if len(cap.keys() & {"amount", "of_quota", "of_target"}) != 1:
            raise ValidationError("Write one of amount, of_quota and of_target.", "amount")


class FloorSchema(Schema):
    """The least that is paid in a pay period, even where nothing was sold."""

    amount = ExactDecimal(required=True, minimum_zero=True)


def cap_amount(
    cap: Mapping[str, Any], quota: Fraction | None, target_incentive: Fraction | None
) -> Fraction | None:
    """The cap in units of the yield, or None where what it is a share of is missing."""
    if "amount" in cap:
        return _ratio(cap["amount"])
    name, whole = ("of_quota", quota) if "of_quota" in cap else ("of_target", target_incentive)
    return None if whole is None else _ratio(cap[name]) * whole


@lru_cache(maxsize=1024)
def _ratio(number: Decimal) -> Fraction:
    """A number of a plan, the same for all of its payees, as a ratio."""
    return Fraction(number)


def clipped(amounts: Sequence[int], most: int, *, before: int = 0) -> list[int]:
    """Amounts, in order, of which the running total never exceeds `most`; it begins at `before`.

    What one line gives up is not given back by the next: each line is what the capped total gains.
    A total below zero is not clipped.
    """
    if not amounts:
        return []
    if min(amounts) >= 0:
        return _clipped_upwards(amounts, most, before)
    totals = list(accumulate(amounts, initial=before))
    return [min(after, most) - min(earlier, most) for earlier, after in pairwise(totals)]


def _clipped_upwards(amounts: Sequence[int], most: int, before: int) -> list[int]:
    """The same where nothing goes back: up to where the cap is reached nothing changes, and behind
    it nothing is paid."""
    totals = list(accumulate(amounts, initial=before))
    reached = bisect_right(totals, most) - 1
    if reached < 0:
        return [0] * len(amounts)
    if reached == len(amounts):
        return list(amounts)
    return [*amounts[:reached], most - totals[reached], *[0] * (len(amounts) - reached - 1)]


def describe_cap(cap: Mapping[str, Any], unit: str) -> str:
    per = f" a {cap['per']}" if cap["per"] else ""
    if "amount" in cap:
        return f"at most {number(cap['amount'])} {unit}{per}"
    if "of_quota" in cap:
        return f"at most {percent(cap['of_quota'])} of quota{per}"
    return f"at most {percent(cap['of_target'])} of the target incentive{per}"
