"""What a plan agrees on between earnings and payout: draw, guarantee, holdback (semantics 18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.words import number, percent

RECOVERABLE, NON_RECOVERABLE = "recoverable", "non_recoverable"
# In the working of a settlement: no number of pay periods, but the cash of each deal.
WITH_CASH = "with cash"
_WRITE_A_DAY: dict[str, Any] = {"invalid": "Write a day, such as 2026-01-31."}
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Draw:
    """An advance on earnings: `amount`, in major units, for each pay period that begins in
    [first_day, end_day). A recoverable one is owed, and recovered from `recover_after` pay periods
    after its first on, by at most the share `recover_at_most` of what exceeds the running draw.
    """

    kind: str
    amount: Decimal
    first_day: date | None = None
    end_day: date | None = None
    recover_after: int = 0
    recover_at_most: Decimal = Decimal(1)

    @property
    def is_recoverable(self) -> bool:
        return self.kind == RECOVERABLE

    def runs_in(self, period_first_day: date) -> bool:
        """Whether the draw is paid for the pay period that begins on this day."""
        has_begun = self.first_day is None or self.first_day <= period_first_day
        return has_begun and (self.end_day is None or period_first_day < self.end_day)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Pay is at least `amount`, in major units, in the first `periods` pay periods."""

    amount: Decimal
    periods: int


@dataclass(frozen=True, slots=True)
class Holdback:
    """`percent` of earnings is held back. It is released `after` so many pay periods or, where that
    is None, in step with the cash received on each deal."""

    percent: Decimal
    after: int | None = None

    @property
    def waits_for_cash(self) -> bool:
        return self.after is None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is in force for a payee in a pay period, the `number`th (from 1) of the assignment."""

    number: int
    draw: Draw | None = None
    guarantee: Guarantee | None = None
    holdback: Holdback | None = None

    @property
    def running_guarantee(self) -> Guarantee | None:
        runs = self.guarantee is not None and self.number <= self.guarantee.periods
        return self.guarantee if runs else None

    def running_draw(self, period_first_day: date) -> Draw | None:
        runs = self.draw is not None and self.draw.runs_in(period_first_day)
        return self.draw if runs else None


# Of a pay period in which the payee is not assigned: balances go on, nothing new is promised.
NO_TERMS = Terms(number=0)


class DrawSchema(Schema):
    """An advance per pay period, from a day until, and not including, another."""

    kind = fields.String(required=True, validate=one_of([RECOVERABLE, NON_RECOVERABLE]))
    amount = ExactDecimal(required=True, minimum_zero=True)
    first_day = fields.Date(data_key="from", load_default=None, error_messages=_WRITE_A_DAY)
    end_day = fields.Date(data_key="until", load_default=None, error_messages=_WRITE_A_DAY)
    recover_after = fields.Integer(
        strict=True,
        load_default=0,
        validate=validate.Range(0, _LONGEST, error="Write a number of pay periods, such as 2."),
    )
    recover_at_most = ExactDecimal(
        load_default=Decimal(1),
        validate=validate.Range(
            0, 1, min_inclusive=False, error='Write a share above 0 and up to 1, such as "0.5".'
        ),
    )

    @validates_schema
    def it_begins_before_it_ends(self, draw: Mapping[str, Any], **_: Any) -> None:
        first_day, end_day = draw["first_day"], draw["end_day"]
        if first_day is not None and end_day is not None and end_day <= first_day:
            raise ValidationError(f"Write a day after {first_day}, or leave it out.", "until")

    @validates_schema(pass_original=True)
    def only_what_is_owed_is_recovered(
        self, draw: Mapping[str, Any], original: Mapping[str, Any], **_: Any
    ) -> None:
        if draw["kind"] == RECOVERABLE:
            return
        for name in ("recover_after", "recover_at_most"):
            if name in original:
                raise ValidationError("Leave this out: the draw is not recovered.", name)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Draw:
        return Draw(**data)


class GuaranteeSchema(Schema):
    """The least pay in the first pay periods of an assignment."""

    amount = ExactDecimal(required=True, minimum_zero=True)
    periods = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(1, _LONGEST, error="Write a number of pay periods, such as 3."),
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Guarantee:
        return Guarantee(**data)


class ReleasedSchema(Schema):
    """When what was held back is paid: pay periods later, or as the cash of a deal comes in."""

    after = fields.Integer(
        strict=True,
        validate=validate.Range(1, _LONGEST, error="Write a number of pay periods, such as 3."),
    )
    with_ = fields.String(data_key="with", validate=one_of(["cash"]))

    @validates_schema
    def it_is_one_of_the_two(self, released: Mapping[str, Any], **_: Any) -> None:
        if len(released) != 1:
            raise ValidationError(
                "Write either after, a number of pay periods, or with: cash.", "after"
            )


class HoldbackSchema(Schema):
    """The part of earnings that is paid later, in per cent."""

    percent = ExactDecimal(
        required=True,
        validate=validate.Range(
            0, 100, min_inclusive=False, error='Write per cent above 0 and up to 100, such as "20".'
        ),
    )
    released = fields.Nested(ReleasedSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Holdback:
        return Holdback(data["percent"], data["released"].get("after"))


def describe_draw(draw: Draw, currency: str) -> str:
    """A draw as one sentence a rep understands."""
    days = [f"from {draw.first_day}"] if draw.first_day else []
    days += [f"until before {draw.end_day}"] if draw.end_day else []
    which = " that begins " + " ".join(days) if days else ""
    kind = "recoverable" if draw.is_recoverable else "non-recoverable"
    amount = f"{number(draw.amount)} {currency}"
    return f"Each pay period{which} has a {kind} draw of {amount}{_recovery(draw)}."


def _recovery(draw: Draw) -> str:
    if not draw.is_recoverable:
        return ", which is not paid back"
    most = "" if draw.recover_at_most == 1 else f" at most {percent(draw.recover_at_most)} of"
    recovered = f", recovered from{most} what is earned above it"
    if draw.recover_after == 0:
        return recovered
    return f"{recovered}, beginning {_periods(draw.recover_after)} after its first"


def describe_guarantee(guarantee: Guarantee, currency: str) -> str:
    """A guarantee as one sentence a rep understands."""
    count = guarantee.periods
    spans = "first pay period" if count == 1 else f"first {count} pay periods"
    least = f"{number(guarantee.amount)} {currency}"
    return f"In the {spans} on the plan, pay is at least {least}, and the top-up is kept."


def describe_holdback(holdback: Holdback) -> str:
    """A holdback as one sentence a rep understands."""
    held = f"{number(holdback.percent)} % of earnings is held back"
    if holdback.after is None:
        return f"{held} and released as the cash of each deal comes in."
    return f"{held} and released {_periods(holdback.after)} later."


def _periods(count: int) -> str:
    return "1 pay period" if count == 1 else f"{count} pay periods"
