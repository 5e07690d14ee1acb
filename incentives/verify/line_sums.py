"""A line added up again from what explains it: terms and steps (semantics 25).

`steps` are slices "row:base" with commas between them, then notes ";name=value". A row is a number
into `rows` of the terms, from 1; a base is a whole number over their `scale`. What the slices give,
less what was paid before, times the multiplier, is rounded once. Where a line pays for several
spans, `parts` of the terms say so of each. A cap or a budget notes what the amount was before it.
"""

import json
from fractions import Fraction
from functools import cached_property
from typing import Any

from incentives.verify.book import Component, Terms
from incentives.verify.exactly import round_half_up, whole
from incentives.verify.slice_sums import due, due_in_parts, pays, slices_of

# Of a rule that pays a period for several shorter spans, which gate and multiplier judged alike, a
# line explains the last one only.
_LENGTH = ("deal", "day", "week", "month", "quarter", "year")
_BY_PERIOD = {"retroactive_rate", "interpolated_amount", "payout_curve", "bonus", "scorecard"}
# A number that has no end as a decimal is noted with so many decimals.
_CUT_AFTER = 12


class Untold(Exception):
    """The terms and steps do not tell all that the amount comes from. Its text says why."""


class TermsSum:
    """What the lines under some terms come to."""

    def __init__(self, terms: Terms, component: Component, document: dict[str, Any] | None) -> None:
        self.said: dict[str, Any] = json.loads(terms.content)
        self._units = component.units if component.yields == "money" else 1
        self._document = document or {}
        self._key = component.key
        self._scale = int(self.said.get("scale", 1))
        self._is_shut = str(self.said.get("gate", "")).endswith(": no")

    def amount(self, steps: str, aspect: str) -> int:
        """What all lines about a subject so far sum to, before budget and cap. Raises Untold."""
        kind = aspect.partition("-")[0]
        if "contest" in self.said:
            return self._prize()
        if kind == "floor":
            return self._floor()
        if kind == "adjusted":
            raise Untold("an adjustment, which somebody decided on")
        if "team_amount" in self.said:
            raise Untold("a part of a team's pool")
        slices = steps.partition(";")[0]
        if kind == "taken_back" and "origin" in self.said:
            return self._taken_back(steps, slices)
        return self._earned(slices)

    @property
    def is_cut(self) -> bool:
        """Whether a number it is made of was noted with fewer decimals than it has."""
        cut = [str(self.said.get(name, "")) for name in ("paid_before", "quota", "reached")]
        for part in self.said.get("parts", ()):
            cut += [part.get(name, "") for name in ("paid_before", "quota", "reached")]
        return self._cuts_slices or any(len(n.partition(".")[2]) >= _CUT_AFTER for n in cut)

    def _earned(self, slices: str) -> int:
        kind = self._rule.get("kind", "")
        if kind in ("badge", "streak") and not self._is_shut:
            raise Untold(f"a {kind}, which names how far it had come and not from where")
        if "parts" in self.said:
            return self._of_parts(slices)
        if self._has_several_spans and not self._is_shut:
            raise Untold("a pay period with several spans, of which the last one is told")
        return self._of_slices(slices)

    def _of_slices(self, slices: str) -> int:
        if self._is_shut:
            return 0
        if not self._is_plain:
            return whole(self._exact(slices) * self._units)
        number = 0
        for piece in slices.split(",") if slices else ():
            row, _, base = piece.partition(":")
            number += int(base) * self._paid[int(row) - 1]
        return round_half_up(number * self._times.numerator, self._per)

    def _of_parts(self, slices: str) -> int:
        """A pay period of several spans, each with its own quota, gate and multiplier."""
        found = slices_of(slices, self._scale)
        return whole(due_in_parts(found, self._rows, self.said["parts"], self._rule) * self._units)

    def _exact(self, slices: str) -> Fraction:
        """In units of the yield, where rows are not simply paid for."""
        found = slices_of(slices, self._scale)
        return due(found, self._rows, self.said, self._rule) * self._multiplier

    def _prize(self) -> int:
        exact = whole(Fraction(self.said["exact"]) * self._units)
        if not self.said["tied"]:
            return int(self.said["prizes"].get(str(self.said["place"]), 0))
        return exact

    def _floor(self) -> int:
        return whole(Fraction(self.said["floor"]) * self._units) - int(self.said["earned"])

    def _taken_back(self, steps: str, slices: str) -> int:
        """What a deal was paid or, where less was left of the line that paid it, that."""
        if "before_" in steps:
            raise Untold("what is taken back of a line that was cut down")
        paid = self._of_slices(slices)
        left = steps.partition(";left=")[2]
        share = Fraction(self.said.get("share_taken_back", 1))
        return -whole((min(paid, int(left)) if left else paid) * share)

    # What is the same for all lines

    @cached_property
    def _component(self) -> dict[str, Any]:
        found = (c for c in self._document.get("components", ()) if c["key"] == self._key)
        return next(found, {})

    @cached_property
    def _rule(self) -> dict[str, Any]:
        rule: dict[str, Any] = self._component.get("rule", {})
        return rule

    @cached_property
    def _rows(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = self.said.get("rows", [])
        return rows

    @cached_property
    def _multiplier(self) -> Fraction:
        return Fraction(self.said.get("multiplier", 1))

    @cached_property
    def _is_plain(self) -> bool:
        return "paid_before" not in self.said and all(
            "rate" in row or "amount" in row for row in self._rows
        )

    @cached_property
    def _over(self) -> int:
        """A number of which each row pays a whole one."""
        over = 1
        for row in self._rows:
            over *= Fraction(pays(row)).denominator
        return over

    @cached_property
    def _paid(self) -> list[int]:
        return [int(Fraction(pays(row)) * self._over) for row in self._rows]

    @cached_property
    def _times(self) -> Fraction:
        return self._multiplier * self._units

    @cached_property
    def _per(self) -> int:
        return self._scale * self._over * self._times.denominator

    @cached_property
    def _has_several_spans(self) -> bool:
        by_period = self._rule.get("kind") in _BY_PERIOD or (
            self._rule.get("reading") == "retroactive"
        )
        span = self._component.get("accumulates", "deal")
        pay_period = self._document.get("pays", "month")
        return by_period and 0 < _LENGTH.index(span) < _LENGTH.index(pay_period)

    @cached_property
    def _cuts_slices(self) -> bool:
        """Another basis of attainment cuts a base in proportion, told with six more decimals."""
        return self._component.get("attainment") is not None
