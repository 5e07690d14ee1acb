"""A line added up again from what explains it: terms and steps (semantics 25).

`steps` are slices "row:base" with commas between them, then notes ";name=value". A row is a number
into `rows` of the terms, from 1; a base is a whole number over their `scale`. What the slices give,
less what was paid before, times the multiplier, is rounded once. A cap or a budget notes what the
amount was before it.
"""

import json
from fractions import Fraction
from functools import cached_property
from typing import Any

from incentives.verify.book import Component, Terms
from incentives.verify.exactly import height, round_half_up, whole

# Of a rule that pays a period for several shorter spans, a line explains the last one only.
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
        cut += [part["given"] for part in self.said.get("parts", ())]
        return self._cuts_slices or any(len(n.partition(".")[2]) >= _CUT_AFTER for n in cut)

    def _earned(self, slices: str) -> int:
        kind = self._rule.get("kind", "")
        if kind in ("badge", "streak") and not self._is_shut:
            raise Untold(f"a {kind}, which names how far it had come and not from where")
        if "parts" in self.said:
            return self._of_parts()
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

    def _of_parts(self) -> int:
        """A pay period of several spans that gate or multiplier judged differently."""
        parts = (Fraction(part["given"]) * Fraction(part["times"]) for part in self.said["parts"])
        return whole(sum(parts, Fraction(0)) * self._units)

    def _exact(self, slices: str) -> Fraction:
        """In units of the yield, where rows are not simply paid for."""
        pairs = [piece.split(":") for piece in slices.split(",") if piece]
        found = [(int(row), Fraction(int(base), self._scale)) for row, base in pairs]
        total = self._given(found)
        return (total - Fraction(self.said.get("paid_before", 0))) * self._multiplier

    def _given(self, slices: list[tuple[int, Fraction]]) -> Fraction:
        match self._rule.get("kind"):
            case "interpolated_amount":
                curve = [(Fraction(row["at"]), Fraction(row["gives"])) for row in self._rows]
                return height(curve, slices[0][1]) if slices else Fraction(0)
            case "payout_curve":
                return slices[0][1] * self._share_of_target() if slices else Fraction(0)
            case "scorecard":
                return Fraction(self.said["target"]) * self._score(slices) / 100
        return sum(
            (base * Fraction(self._pays(self._rows[row - 1])) for row, base in slices), Fraction(0)
        )

    def _share_of_target(self) -> Fraction:
        curve = [(Fraction(row["at"]), Fraction(row["pays"])) for row in self._rows]
        at = Fraction(self.said["reached"]) / Fraction(self.said["quota"])
        share = height(curve, at)
        if at > curve[-1][0]:
            share += Fraction(self._rule.get("slope_above", 0)) * (at - curve[-1][0])
        most = self._rule.get("most")
        return share if most is None else min(share, Fraction(most))

    def _score(self, slices: list[tuple[int, Fraction]]) -> Fraction:
        score = sum((points for _, points in slices), Fraction(0))
        least, most = self._rule.get("least"), self._rule.get("most")
        if least is not None and score < Fraction(least):
            return Fraction(0)
        return score if most is None else min(score, Fraction(most))

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

    @staticmethod
    def _pays(row: dict[str, str]) -> str:
        return row["rate"] if "rate" in row else row["amount"]

    @cached_property
    def _over(self) -> int:
        """A number of which each row pays a whole one."""
        over = 1
        for row in self._rows:
            over *= Fraction(self._pays(row)).denominator
        return over

    @cached_property
    def _paid(self) -> list[int]:
        return [int(Fraction(self._pays(row)) * self._over) for row in self._rows]

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
        span, pays = self._component.get("accumulates", "deal"), self._document.get("pays", "month")
        is_shorter = 0 < _LENGTH.index(span) < _LENGTH.index(pays)
        # A week may lie in two months.
        is_of_two = pays == "week" and _LENGTH.index(span) > _LENGTH.index(pays)
        return by_period and (is_shorter or is_of_two)

    @cached_property
    def _cuts_slices(self) -> bool:
        """Another basis of attainment cuts a base in proportion, told with six more decimals."""
        return self._component.get("attainment") is not None
