"""What is taken back for a deal cancelled after its pay period was locked (semantics 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from dateutil.relativedelta import relativedelta
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from incentives.core.fields import one_of

RESTATE, AT_RATE_PAID, AT_CURRENT_TIER, TIME_LEFT = (
    "restate_origin",
    "at_rate_paid",
    "at_current_tier",
    "time_left",
)
ALL_OF_IT = Fraction(1)
_MONTHS = validate.Range(1, 120, error="Write a number of months from 1 to 120.")


@dataclass(frozen=True, slots=True)
class ClawBack:
    """`within` and `over` are months since the deal: after `within` nothing is taken back, and of
    `over` months the share that is left is."""

    policy: str = RESTATE
    within: int | None = None
    over: int | None = None

    def is_over(self, occurred: date, reversed_on: date) -> bool:
        """Whether a deal was cancelled too late for anything to be taken back."""
        return self.within is not None and reversed_on >= occurred + relativedelta(
            months=self.within
        )

    def share(self, occurred: date, reversed_on: date) -> Fraction:
        """The share of what was paid that is taken back; a month begun counts as used."""
        if self.policy != TIME_LEFT:
            return ALL_OF_IT
        assert self.over is not None, "the schema refuses time_left without it"
        used = 0
        while used < self.over and occurred + relativedelta(months=used) <= reversed_on:
            used += 1
        return Fraction(self.over - used, self.over)


class ClawBackSchema(Schema):
    """The policy, for deals cancelled after their pay period was locked.

    `restate_origin` calculates again without the deal, `at_rate_paid` takes back what the deal was
    paid, `at_current_tier` takes it off where the payee stands now, `time_left` takes back the
    share of `over` months that is left.
    """

    policy = fields.String(
        required=True, validate=one_of([RESTATE, AT_RATE_PAID, AT_CURRENT_TIER, TIME_LEFT])
    )
    within = fields.Integer(strict=True, load_default=None, allow_none=True, validate=_MONTHS)
    over = fields.Integer(strict=True, load_default=None, allow_none=True, validate=_MONTHS)

    @validates_schema
    def time_left_says_over_what(self, claw_back: Mapping[str, Any], **_: Any) -> None:
        if (claw_back["policy"] == TIME_LEFT) != (claw_back["over"] is not None):
            raise ValidationError("Write over, the number of months, with time_left.", "over")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ClawBack:
        return ClawBack(**data)


def describe_claw_back(terms: ClawBack) -> str:
    said = {
        RESTATE: "the month it belonged to is calculated again without it",
        AT_RATE_PAID: "what it was paid is taken back",
        AT_CURRENT_TIER: "it is taken off at the tier reached by then",
        TIME_LEFT: f"the share of {terms.over} months that is left is taken back",
    }[terms.policy]
    within = f", within {terms.within} months of the deal" if terms.within else ""
    return f"When a deal is cancelled after its pay period was closed, {said}{within}."
