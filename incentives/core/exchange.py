"""Exchange rates by date (semantics 9). A missing rate is never taken as 1."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `currency` is worth `rate` of `to`, from a day on until the next rate."""

    currency: str
    to: str
    first_day: date
    rate: Decimal
    provider: str = ""


class ExchangeRates:
    """The rates between pairs of currencies. Nothing is inverted or chained: what is not there is
    missing."""

    def __init__(self, rates: Iterable[Rate] = ()) -> None:
        self._by_pair: dict[tuple[str, str], list[Rate]] = defaultdict(list)
        for rate in sorted(rates, key=lambda each: each.first_day):
            self._by_pair[rate.currency, rate.to].append(rate)

    def on(self, currency: str, to: str, day: date) -> Rate | None:
        """The rate that held on a day; None where none was set by then."""
        rates = self._by_pair.get((currency, to), [])
        begun = bisect_right(rates, day, key=lambda each: each.first_day)
        return rates[begun - 1] if begun else None

    def worth(self, currency: str | None, to: str, day: date) -> Decimal | None:
        """What one unit of `currency` is worth in `to` on a day; None where no rate says so."""
        if currency == to:
            return Decimal(1)
        found = self.on(currency, to, day) if currency else None
        return found.rate if found else None


NO_RATES = ExchangeRates()
