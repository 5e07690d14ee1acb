"""Checks every exchange rate passes, whichever way it comes in (semantics 9)."""

from collections.abc import Iterator
from decimal import Decimal

from incentives.core.activity_checks import EARLIEST, LATEST, is_clean, is_currency
from incentives.core.exchange import Rate

# What the store keeps exactly.
MOST_DECIMALS = 10
LARGEST_RATE = Decimal(10) ** 8
LONGEST_PROVIDER = 60


def rate_problems(rate: Rate) -> Iterator[tuple[str, str, str]]:
    """(field, code, message) of whatever keeps a rate from being set. The fields are currency, to,
    date, rate and provider."""
    for field, code in (("currency", rate.currency), ("to", rate.to)):
        if not is_currency(code):
            yield field, "unknown_currency", f"{code} is no currency. Write a code like USD."
    if rate.currency == rate.to:
        yield "to", "same_currency", "A currency is worth 1 of itself. Write another one."
    if not EARLIEST.date() <= rate.first_day < LATEST.date():
        yield "date", "out_of_range", "Write a day from 1970 to 2199."
    if rate.rate <= 0:
        yield "rate", "not_positive", "A rate is more than 0."
    elif rate.rate >= LARGEST_RATE:
        yield "rate", "too_large", f"Write a rate below {LARGEST_RATE:,}."
    elif rate.rate != rate.rate.quantize(Decimal(1).scaleb(-MOST_DECIMALS)):
        yield "rate", "too_many_decimals", f"Write at most {MOST_DECIMALS} decimals."
    if len(rate.provider) > LONGEST_PROVIDER or not is_clean(rate.provider):
        message = f"Write at most {LONGEST_PROVIDER} characters that can be seen."
        yield "provider", "unclean", message
