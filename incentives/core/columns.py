"""Credits as columns of whole numbers: what the sums run over, one payee at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from math import lcm
from typing import Any, TypeVar

from incentives.core.activity import Credit
from incentives.core.calendar import Calendar
from incentives.core.exchange import ExchangeRates, Rate
from incentives.core.scaled import scaled

# Which shares of an activity count.
ALL, PRIMARY, OVERLAY = "all", "primary", "overlay"

Cell = TypeVar("Cell")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_micros(instant: datetime) -> int:
    """An instant as whole microseconds, the finest step that is stored."""
    since = instant - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@dataclass(slots=True)
class Columns:
    """Credits in the order of semantics 14, one list a column, all of one length.

    `amounts` and `quantities` stand over `scale`. `moments` are whole microseconds since 1970 and
    `days` the company days in which they lie. `reversed_at` says, by index, when the reversal came
    in of those that have one; `owners` whose each credit is, where they are several people's.
    `rates` and `without_rate` are by index, too: the amounts that were converted, and those that
    cannot be; `taken_off` are negative ones that were put in for cancelled deals,
    with the day of the deal.
    """

    activity_ids: list[int]
    moments: list[int]
    days: list[date]
    kinds: list[str]
    amounts: list[int]
    quantities: list[int]
    currencies: list[str | None]
    attributes: list[Mapping[str, str]]
    scale: int
    overlays: list[bool] | None = None
    sources: list[str] = field(default_factory=list)
    external_ids: list[str] = field(default_factory=list)
    reversed_at: dict[int, datetime] = field(default_factory=dict)
    owners: list[int] | None = None
    rates: dict[int, Rate] = field(default_factory=dict)
    without_rate: frozenset[int] = frozenset()
    taken_off: dict[int, date] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.days)

    def only(self, indexes: Sequence[int]) -> "Columns":
        """The same columns with these rows alone, in this order."""

        def take(column: list[Cell]) -> list[Cell]:
            return [column[at] for at in indexes] if column else column

        def taken(said: Mapping[int, Any]) -> dict[int, Any]:
            return {new: said[old] for new, old in enumerate(indexes) if said and old in said}

        return Columns(
            activity_ids=take(self.activity_ids),
            moments=take(self.moments),
            days=take(self.days),
            kinds=take(self.kinds),
            amounts=take(self.amounts),
            quantities=take(self.quantities),
            currencies=take(self.currencies),
            attributes=take(self.attributes),
            scale=self.scale,
            overlays=take(self.overlays) if self.overlays else None,
            sources=take(self.sources),
            external_ids=take(self.external_ids),
            reversed_at=taken(self.reversed_at),
            owners=take(self.owners) if self.owners else None,
            rates=taken(self.rates),
            without_rate=frozenset(
                new for new, old in enumerate(indexes) if old in self.without_rate
            ),
        )

    def in_currency(self, currency: str, rates: ExchangeRates) -> "Columns":
        """Every amount in one currency, exactly, at the rate of its day (semantics 9)."""
        if set(self.currencies) <= {currency}:
            return self
        foreign = [
            at
            for at, said in enumerate(self.currencies)
            if said != currency and (said is not None or self.amounts[at])
        ]
        if not foreign:
            return self
        found = {at: rates.on(self.currencies[at] or "", currency, self.days[at]) for at in foreign}
        known = {at: rate for at, rate in found.items() if rate is not None}
        ratios = {at: Fraction(rate.rate) for at, rate in known.items()}
        finer = lcm(*(ratio.denominator for ratio in ratios.values()))
        amounts = [amount * finer for amount in self.amounts]
        for at, ratio in ratios.items():
            amounts[at] = self.amounts[at] * int(ratio * finer)
        changed = self.only(range(len(self)))
        changed.amounts = amounts
        changed.quantities = [quantity * finer for quantity in self.quantities]
        changed.scale = self.scale * finer
        changed.rates = known
        changed.without_rate = frozenset(at for at in foreign if at not in known)
        return changed

    def with_shares(self, wanted: str) -> "Columns":
        """Only the primary shares, or only the overlays, as a component says."""
        if wanted == ALL:
            return self
        overlays = self.overlays or [False] * len(self)
        return self.only([at for at, said in enumerate(overlays) if said is (wanted == OVERLAY)])

    def one_for_each_activity(self) -> "Columns":
        """The same credits with those of one activity summed: a manager's people may share a deal,
        and a payee may have an overlay on the own deal. What is several people's stays apart."""
        if len(set(self.activity_ids)) == len(self):
            return self
        first: dict[tuple[int, int], int] = {}
        amounts, quantities = list(self.amounts), list(self.quantities)
        owners = self.owners or [0] * len(self)
        for at, whose in enumerate(zip(owners, self.activity_ids, strict=True)):
            into = first.setdefault(whose, at)
            if into != at:
                amounts[into] += amounts[at]
                quantities[into] += quantities[at]
        summed = self.only(range(len(self)))
        summed.amounts, summed.quantities = amounts, quantities
        return summed.only(list(first.values()))


def columns_of(credits: Iterable[Credit], calendar: Calendar) -> Columns:
    """Columns of one payee's credits, which may come in any order."""
    return _columns(sorted(credits, key=lambda credit: credit.place), calendar)


def columns_of_several(credits: Iterable[tuple[int, Credit]], calendar: Calendar) -> Columns:
    """Columns of several payees' credits, each with whose it is; ties by payee."""
    ordered = sorted(credits, key=lambda each: (each[1].place, each[0]))
    columns = _columns([credit for _, credit in ordered], calendar)
    columns.owners = [payee for payee, _ in ordered]
    return columns


def _columns(ordered: Sequence[Credit], calendar: Calendar) -> Columns:
    numbers, scale = scaled(
        [credit.amount for credit in ordered] + [credit.quantity for credit in ordered]
    )
    return Columns(
        activity_ids=[credit.activity_id for credit in ordered],
        moments=[as_micros(credit.occurred_at) for credit in ordered],
        days=[calendar.day_of(credit.occurred_at) for credit in ordered],
        kinds=[credit.kind for credit in ordered],
        amounts=numbers[: len(ordered)],
        quantities=numbers[len(ordered) :],
        currencies=[credit.currency for credit in ordered],
        attributes=[credit.attributes for credit in ordered],
        scale=scale,
        overlays=[credit.overlay for credit in ordered],
        sources=[credit.source for credit in ordered],
        external_ids=[credit.external_id for credit in ordered],
        reversed_at={
            at: credit.reversed_at
            for at, credit in enumerate(ordered)
            if credit.reversed_at is not None
        },
    )
