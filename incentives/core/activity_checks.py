"""Checks every activity passes, whichever way it comes in."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from incentives.core.activity import CASH, OPEN, Activity
from incentives.core.cash import DEAL
from incentives.core.crediting import share_problem
from incentives.core.money import CURRENCIES, has_too_many_decimals, minor_digits

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
LARGEST = Decimal("1000000000000")
# As many as the store keeps exactly.
MOST_DECIMALS = 6
# The one attribute that is calculated with.
DAYS_TO_CLOSE = "days_to_close"
_UNKEPT = re.compile("[\\0\\ud800-\\udfff]")


def problems(activity: Activity) -> Iterator[tuple[str, str, str]]:
    """(field, code, message) of whatever keeps an activity from being stored."""
    texts = {
        "source": (activity.source, 60),
        "external_id": (activity.external_id, 120),
        "kind": (activity.kind, 40),
    }
    for name, (text, longest) in texts.items():
        if not text.strip():
            yield name, "missing", f"{_words(name)} is missing."
        elif len(text) > longest:
            yield name, "too_long", f"{_words(name)} is longer than {longest} characters."
        elif not is_clean(text):
            yield (
                name,
                "unclean",
                f"{_words(name)} has characters that cannot be seen. Remove them.",
            )
    for name, text in activity.attributes.items():
        if not is_clean(name) or not is_clean(text) or len(name) > 60 or len(text) > 500:
            yield "attributes", "unclean", f"{name[:60]!r} is too long or has unseen characters."
    days = activity.attributes.get(DAYS_TO_CLOSE)
    if days is not None and not (days.isascii() and days.isdigit() and len(days) <= 5):
        yield "attributes", "no_number", f"Write {DAYS_TO_CLOSE} in whole days, such as 14."
    yield from _time_problems(activity)
    yield from _amount_problems(activity)
    if activity.kind == CASH:
        yield from _cash_problems(activity)
        return
    shares = share_problem(activity.shares)
    if shares:
        yield "shares", "shares_do_not_total_100", shares


def _cash_problems(activity: Activity) -> Iterator[tuple[str, str, str]]:
    if activity.shares:
        message = "Leave payee and shares out: cash goes to the payees of its deal."
        yield "shares", "shares_of_cash", message
    if not activity.attributes.get(DEAL):
        yield "attributes", "deal_missing", f"Write as {DEAL} the external id of the deal."
    if activity.amount is None:
        yield "amount", "missing", "Write the amount that was received."


def _time_problems(activity: Activity) -> Iterator[tuple[str, str, str]]:
    if activity.occurred_at is None:
        if activity.kind != OPEN:
            yield (
                "occurred_at",
                "missing",
                "Say when it happened. Only an open deal may have no date.",
            )
    elif activity.occurred_at < EARLIEST:
        yield "occurred_at", "too_early", "The date is before 1970. Check the year."
    elif activity.occurred_at >= LATEST:
        yield "occurred_at", "too_late", "The date is after 2199. Check the year."


def _amount_problems(activity: Activity) -> Iterator[tuple[str, str, str]]:
    if activity.currency and not is_currency(activity.currency):
        yield "currency", "unknown", "That is no currency. Write a code like USD."
    elif activity.amount is not None:
        if not activity.currency:
            yield "currency", "missing", "Say the currency of the amount, such as USD."
        elif has_too_many_decimals(activity.amount, activity.currency):
            digits = minor_digits(activity.currency)
            yield "amount", "too_many_decimals", f"{activity.currency} has {digits} decimals."
    if activity.amount is not None and abs(activity.amount) >= LARGEST:
        yield "amount", "too_large", "The amount is too large."
    if not 0 <= activity.quantity < LARGEST:
        yield "quantity", "out_of_range", "The quantity must be 0 or more."
    elif _decimals(activity.quantity) > MOST_DECIMALS:
        yield "quantity", "too_many_decimals", f"Write at most {MOST_DECIMALS} decimals."
    if any(_decimals(share.percent) > MOST_DECIMALS for share in activity.shares):
        yield "shares", "too_many_decimals", f"Write at most {MOST_DECIMALS} decimals."


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "NaN and infinity are refused before they get here"
    return -exponent


def is_currency(code: str) -> bool:
    """Whether this is the ISO 4217 code of a currency."""
    return code in CURRENCIES


def is_clean(text: str) -> bool:
    """No control, surrogate or invisible characters: two ids that look alike are alike."""
    # Nearly every text is printable, and this asks once instead of once per character.
    if text.isprintable():
        return True
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text)


def can_be_kept(text: str) -> bool:
    """Neither NUL nor half a character, both of which JSON can write: no database keeps them."""
    return not _UNKEPT.search(text)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
