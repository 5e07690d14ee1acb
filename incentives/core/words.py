"""Numbers as people read them in a sentence."""

from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction


def percent(ratio: Decimal | Fraction) -> str:
    """A ratio as per cent: 0.125 is 12.5 %."""
    return f"{number(ratio * 100)} %"


def number(value: Decimal | Fraction | int) -> str:
    """A number with separators and without trailing zeros: 150000.50 is 150,000.5."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The nearest known name as a question behind a refusal, or nothing if none is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""


def plain(value: Decimal | Fraction | int) -> str:
    """A number as plain text, exact where it ends within twelve decimals, else cut there."""
    if type(value) is Fraction:
        if value.denominator == 1:
            return str(value.numerator)
        places = next((n for n in range(13) if 10**n % value.denominator == 0), 12)
        value = Decimal(round(value * 10**places)).scaleb(-places)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
