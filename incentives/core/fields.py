"""Marshmallow fields shared by plans, contests and the API."""

import re
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from incentives.core.money import CURRENCIES
from incentives.core.words import did_you_mean

_EXACT = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,10})?")


class ExactDecimal(fields.Field[Decimal]):
    """A decimal written as text, such as "1234.50", so that no float ever stands in between.

    Whole numbers may also come as JSON integers. Nothing is rounded: too many decimals are refused.
    """

    default_error_messages = {
        "invalid": 'Write the number as text with a point, such as "1234.50".',
        "negative": "Must not be negative.",
    }

    def __init__(self, *, minimum_zero: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.minimum_zero = minimum_zero
        self.metadata = {
            "type": "string",
            "format": "decimal",
            "pattern": f"^{_EXACT.pattern}$",
            **self.metadata,
        }

    def _serialize(self, value: Decimal | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else format(value, "f")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.make_error("invalid")
        if isinstance(value, int) and abs(value) >= 10**14:
            raise self.make_error("invalid")
        if not _EXACT.fullmatch(str(value)):
            raise self.make_error("invalid")
        number = Decimal(value)
        if self.minimum_zero and number < 0:
            raise self.make_error("negative")
        return number


class OneOf:
    """A validator that names what may be written; `choices` are published in the schema."""

    def __init__(self, choices: list[str]) -> None:
        self.choices = choices

    def __call__(self, value: str) -> None:
        if value not in self.choices:
            nearest = did_you_mean(value, self.choices)
            raise ValidationError(f"Write one of {', '.join(self.choices)}.{nearest}")


def one_of(choices: list[str]) -> OneOf:
    return OneOf(choices)


def letters(most: int) -> validate.Length:
    """A text of 1 to so many characters."""
    return validate.Length(1, most, error="Write 1 to {max} characters.")


def rows(most: int) -> validate.Length:
    """A list of 1 to so many."""
    return validate.Length(1, most, error="Write at least one and at most {max}.")


class CurrencyCode:
    """A validator of currencies: the code of one that is known."""

    def __call__(self, value: str) -> None:
        if value not in CURRENCIES:
            nearest = did_you_mean(value.upper(), CURRENCIES)
            raise ValidationError(f"Write the code of a currency, such as USD.{nearest}")
