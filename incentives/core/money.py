"""Exact money: Decimal while computing, whole minor units once posted (semantics 6 and 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

from babel.numbers import list_currencies

# Wide enough that no product of amount, share and rate is ever cut short before its one rounding.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

ROUNDING_RULE = "Each line is rounded once, half up (away from zero), to the minor unit."

# Those of today, and those of which amounts may still be known.
CURRENCIES = frozenset(list_currencies())

# ISO 4217, list one, as of 1 January 2026. CLDR, which Babel has, leaves out decimals that are no
# longer minted: RSD, ALL, IQD. They are still written in every account.
_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
_WITH_FOUR = "CLF UYW"
_DIGITS = {
    **dict.fromkeys(_WITHOUT_DECIMALS.split(), 0),
    **dict.fromkeys(_WITH_THREE.split(), 3),
    **dict.fromkeys(_WITH_FOUR.split(), 4),
}


def minor_digits(currency: str) -> int:
    """Decimals of a currency's minor unit by ISO 4217: USD 2, JPY 0, KWD 3."""
    return _DIGITS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Round an amount in major units, half up, to whole minor units: 2.345 USD is 235."""
    with localcontext(EXACT):
        scaled = amount.scaleb(minor_digits(currency))
        return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_minor(amount_minor: int, currency: str) -> Decimal:
    """The exact amount in major units with the currency's decimals: 235 in USD is 2.35."""
    with localcontext(EXACT):
        return Decimal(amount_minor).scaleb(-minor_digits(currency))


def whole(amount: Decimal) -> int:
    """Round to a whole unit, half up away from zero: the one rounding of points and badges."""
    with localcontext(EXACT):
        return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def as_decimal(value: Decimal | Fraction) -> Decimal:
    """A number as it is told: exact where it ends as a decimal, else to sixty digits."""
    if isinstance(value, Decimal):
        return value
    with localcontext(EXACT):
        return Decimal(value.numerator) / value.denominator


def has_too_many_decimals(amount: Decimal, currency: str) -> bool:
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int), "NaN and infinity are refused before they get here"
    return -exponent > minor_digits(currency)


def divide(total: int, weights: Sequence[Decimal]) -> list[int]:
    """Divide whole units by weight so that the parts sum to the whole (semantics 8).

    Left-over units go by largest remainder, ties by order: 100 in three is 34, 33, 33.
    A negative total divides as the mirror of the positive one.
    """
    assert sum(weights) > 0, "a division needs a positive weight"
    if total < 0:
        return [-part for part in divide(-total, weights)]
    with localcontext(EXACT):
        exact = [total * weight / sum(weights) for weight in weights]
        parts = [int(share.to_integral_value(rounding=ROUND_DOWN)) for share in exact]
        by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Money:
    """Whole minor units of one currency. Two currencies never meet in a sum."""

    amount_minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        return from_minor(self.amount_minor, self.currency)

    def __add__(self, other: "Money") -> "Money":
        assert self.currency == other.currency, "amounts of two currencies are never summed"
        return Money(self.amount_minor + other.amount_minor, self.currency)
