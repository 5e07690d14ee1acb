"""The naive model: plain Python, one credit after the other, everything a Decimal in dollars.

Decimal's usual 28 digits hold every product here exactly.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from benchmarks.calculation.plan import (
    BOUNDS_PERCENT,
    CAP_PERCENT,
    RATES_PERCENT,
    SHARES_IN_ONE,
    SPIF_FROM,
    SPIF_MINOR,
    SPIF_PRODUCT,
    SPIF_UNTIL,
)
from benchmarks.calculation.rows import COMMISSION, EARNED, SCHEMA, SLICES, SPIF, TAKEN_BACK

NAME = "plain Python, Decimal"

CENT = Decimal("0.01")
BOUNDS = [Decimal(percent) / 100 for percent in BOUNDS_PERCENT]
RATES = [Decimal(percent) / 100 for percent in RATES_PERCENT]
CAP = Decimal(CAP_PERCENT) / 100
SPIF_AMOUNT = SPIF_MINOR * CENT
NONE, WITHOUT_END = Decimal(0), Decimal("Infinity")


class Credit(NamedTuple):
    payee: int
    deal: int
    occurred_at: datetime
    reversed_at: datetime | None
    product: int
    amount: Decimal
    share: Decimal


class Line(NamedTuple):
    payee: int
    deal: int
    component: str
    kind: str
    month: int
    amount: Decimal
    slices: list[Decimal]


class ToDate:
    """How far one payee has come in the year."""

    def __init__(self, quota: Decimal) -> None:
        self.bounds = [*(bound * quota for bound in BOUNDS), WITHOUT_END]
        self.cap = CAP * quota
        self.credited = self.uncapped = NONE

    def slices(self, credited: Decimal) -> list[Decimal]:
        """Move on by a credit; what of it lies in each tier."""
        position = self.credited
        self.credited += credited
        parts = []
        for bound in self.bounds:
            parts.append(max(min(self.credited, bound) - position, NONE))
            position += parts[-1]
        return parts

    def capped(self, amount: Decimal) -> Decimal:
        before = min(self.uncapped, self.cap)
        self.uncapped += amount
        return min(self.uncapped, self.cap) - before


Loaded = tuple[list[Credit], dict[int, Decimal]]


def load(directory: Path) -> Loaded:
    credits = [
        Credit._make((*about, amount_minor * CENT, Decimal(share_bp) / SHARES_IN_ONE))
        for *about, amount_minor, share_bp in _rows(directory / "credits.parquet")
    ]
    quotas = _rows(directory / "quotas.parquet")
    return credits, {payee: quota_minor * CENT for payee, quota_minor in quotas}


def _rows(path: Path) -> Iterator[tuple[Any, ...]]:
    return pl.read_parquet(path).iter_rows()


def run(loaded: Loaded) -> list[Line]:
    credits, quotas = loaded
    years = {payee: ToDate(quota) for payee, quota in quotas.items()}
    return [line for credit in credits for line in _lines(credit, years[credit.payee])]


def _lines(credit: Credit, year: ToDate) -> Iterator[Line]:
    slices = year.slices(credit.amount * credit.share)
    exact = sum((base * rate for base, rate in zip(slices, RATES, strict=True)), NONE)
    yield from _earned(credit, COMMISSION, year.capped(_rounded(exact)), slices)
    if credit.product == SPIF_PRODUCT and SPIF_FROM <= credit.occurred_at < SPIF_UNTIL:
        yield from _earned(credit, SPIF, _rounded(SPIF_AMOUNT * credit.share), [])


def _earned(
    credit: Credit, component: str, amount: Decimal, slices: list[Decimal]
) -> Iterator[Line]:
    """The line, and what takes it back where the deal was reversed."""
    payee, deal = credit.payee, credit.deal
    yield Line(payee, deal, component, EARNED, _month(credit.occurred_at), amount, slices)
    if credit.reversed_at and amount:
        yield Line(payee, deal, component, TAKEN_BACK, _month(credit.reversed_at), -amount, [])


def _rounded(exact: Decimal) -> Decimal:
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def _month(at: datetime) -> int:
    return at.year * 100 + at.month


def frame(lines: list[Line]) -> pl.DataFrame:
    return pl.DataFrame([_row(line) for line in lines], SCHEMA, orient="row")


def _row(line: Line) -> tuple[Any, ...]:
    *about, amount, slices = line
    whole = [int(part * 100 * SHARES_IN_ONE) for part in slices] or [0] * len(SLICES)
    return (*about, int(amount * 100), *whole)
