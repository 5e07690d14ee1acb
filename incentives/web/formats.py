"""How figures, dates and amounts are written on pages, in one place.

Board figures are whole with thousands commas; pay has its currency and every decimal, a true minus
and no sums: rounding for display never feeds back into a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.numbers import format_currency, get_currency_symbol

from incentives.core.calendar import Period
from incentives.core.measures import Kpi
from incentives.core.money import from_minor, minor_digits, to_minor

MINUS = "\u2212"
THIN = "\u202f"
NONE = "–"


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """12,345 or 12,345.6; an en dash where there is no number."""
    if value is None:
        return NONE
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return _signed(f"{rounded:,f}")


def percent(ratio: Decimal | None, decimals: int = 1) -> str:
    """0.986 as 98.6 %, with a narrow no-break space."""
    return NONE if ratio is None else f"{number(ratio * 100, decimals)}{THIN}%"


def money(amount_minor: int | None, currency: str) -> str:
    """Whole minor units with the currency's sign and all its decimals: $1,188.00."""
    if amount_minor is None:
        return NONE
    # Babel would leave out decimals that are no longer minted.
    digits = minor_digits(currency)
    pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
    text = format_currency(
        abs(from_minor(amount_minor, currency)),
        currency,
        pattern,
        locale="en_US",
        currency_digits=False,
    )
    return (MINUS if amount_minor < 0 else "") + text


def worth(value: Decimal | None, currency: str | None) -> str:
    """What a deal is worth, with its currency's sign; empty where nobody knows."""
    return "" if value is None or currency is None else money(to_minor(value, currency), currency)


def amount(amount_minor: int | None, currency: str) -> str:
    """An amount in a column that names its currency once: 1,188.00."""
    if amount_minor is None:
        return NONE
    return _signed(f"{from_minor(amount_minor, currency):,f}")


def exact(value: Decimal | None, currency: str) -> str:
    """An amount before it was rounded, with every decimal it has and at least the currency's."""
    if value is None:
        return NONE
    least = value.quantize(Decimal(1).scaleb(-minor_digits(currency)))
    return _signed(f"{least if least == value else value.normalize():,f}")


def signed_amount(amount_minor: int | None, currency: str) -> str:
    """A difference, with its sign: +75.00, −204.24, 0.00."""
    if amount_minor is None:
        return NONE
    return ("+" if amount_minor > 0 else "") + amount(amount_minor, currency)


def sum_in_words(amounts: Sequence[int], currency: str) -> str:
    """1,807.79 + 140.84 − 20.00."""
    first, *others = amounts
    signs = (f" {MINUS if each < 0 else '+'} {amount(abs(each), currency)}" for each in others)
    return amount(first, currency) + "".join(signs)


def rate(ratio: Decimal) -> str:
    """0.0125 as 1.25 %, with as many decimals as the plan wrote."""
    return f"{_signed(format((ratio * 100).normalize(), 'f'))}{THIN}%"


def rates(ratios: Sequence[Decimal]) -> str:
    """4 %; 4 and 5 %; 4, 5 and 6 %."""
    texts = [rate(ratio).removesuffix(f"{THIN}%") for ratio in ratios]
    if not texts:
        return ""
    *first, last = texts
    return f"{', '.join(first)} and {last}{THIN}%" if first else f"{last}{THIN}%"


@dataclass(frozen=True, slots=True)
class MoneyParts:
    """An amount as the large figure of a pay page: its cents stand raised."""

    sign: str
    whole: str
    cents: str


def money_parts(amount_minor: int, currency: str) -> MoneyParts:
    whole, point, cents = money(abs(amount_minor), currency).partition(".")
    return MoneyParts(MINUS if amount_minor < 0 else "", whole, point + cents)


def money_whole(value: Decimal | None, currency: str) -> str:
    """A figure in prose without cents: $1,188."""
    if value is None:
        return NONE
    return (
        (MINUS if value < 0 else "") + get_currency_symbol(currency, "en_US") + number(abs(value))
    )


def score(kpi: Kpi, value: Decimal | None) -> str:
    """A KPI value as it stands on a board."""
    if value is None:
        return NONE
    match kpi.unit:
        case "ratio":
            return percent(value)
        case "days":
            return number(value, 1)
    # A share of a deal shows its decimals; whole deals have none.
    decimals = 0 if kpi.unit in ("money", "points") or value == value.to_integral_value() else 2
    return number(value, decimals)


def ordinal(place: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    if place % 100 in (11, 12, 13):
        return f"{place}th"
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th') }"


def place(number_: int | None, tied: bool) -> str:
    """9, or =9 where the place is shared."""
    return NONE if number_ is None else f"={number_}" if tied else str(number_)


def day(value: date) -> str:
    """Thu 14 Dec 2017."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def long_day(value: date) -> str:
    """Thursday 14 December 2017."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def month(value: date) -> str:
    """November 2017."""
    return f"{value:%B %Y}"


def month_name(period: Period) -> str:
    """November, or of months counted in weeks: Period 10."""
    number_ = _number_in_weeks(period)
    return f"Period {number_}" if number_ else f"{period.first_day:%B}"


def short_month(period: Period) -> str:
    """Nov, or P10."""
    number_ = _number_in_weeks(period)
    return f"P{number_}" if number_ else f"{period.first_day:%b}"


def _number_in_weeks(period: Period) -> int | None:
    """10 of a month called 2026-P10."""
    _, marked, number_ = period.key.partition("-P")
    return int(number_) if marked else None


def clock_time(value: datetime, zone: ZoneInfo) -> str:
    """14:32, in the company's zone."""
    return f"{value.astimezone(zone):%H:%M}"


def short_day(value: date) -> str:
    return f"{value.day} {value:%b}"


def at(value: datetime, zone: ZoneInfo) -> str:
    """14 Dec 2017 14:32, in the company's zone."""
    local = value.astimezone(zone)
    return f"{local.day} {local:%b %Y %H:%M}"


def time_or_day(value: datetime, zone: ZoneInfo) -> str:
    """14:32 for what happened with a time, 14 Dec for what came with a date only."""
    local = value.astimezone(zone)
    return time_told(local) or short_day(local.date())


def time_told(local: datetime) -> str:
    """14:32; empty for the start of a day: a source that sends dates alone does not know the
    time."""
    return "" if local.time() == time.min else f"{local:%H:%M}"


def ago(span: timedelta) -> str:
    """8 s ago, 3 min ago, 2 h ago, 5 d ago."""
    seconds = max(0, int(span.total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} s ago"


def left(span: timedelta) -> str:
    """2 d 09 h 28 min; 0 min once it is over."""
    minutes = max(0, int(span.total_seconds()) // 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days:
        return f"{days} d {hours:02} h {minutes:02} min"
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


FILTERS = {
    "number": number,
    "percent": percent,
    "money": money,
    "amount": amount,
    "ordinal": ordinal,
    "day": day,
    "short_day": short_day,
    "at": at,
}
