"""A year of seeded deals, their credits and quotas, as two Parquet files.

`credits`, by payee and then by time: payee, deal, occurred_at, reversed_at, product, amount_minor
(cents, of the whole deal) and share_bp (basis points). `quotas`: payee and quota_minor, a whole
number of dollars for the year, so that bounds and cap are whole cents. Times are UTC, no two alike.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import log
from pathlib import Path
from random import Random

import polars as pl

from benchmarks.calculation.plan import END, LOCKED_AFTER, SHARES_IN_ONE, START

DEALS, PAYEES = 1_000_000, 10_000
SEED = 2026
PRODUCTS = 8
MEDIAN_MINOR, SPREAD = 730_000, 0.9
SPLIT_PERCENT, SPLITS_BP = 20, ((6_000, 4_000), (3_333, 6_667))
REVERSED_PERCENT, REVERSED_FROM, REVERSED_UNTIL = 2, timedelta(days=20), timedelta(days=80)
QUOTA_PER_MILLE = (600, 1_500)

SECOND = timedelta(seconds=1)

# payee, deal, occurred_at, reversed_at, product, amount_minor, share_bp
Credit = tuple[int, int, datetime, datetime | None, int, int, int]
COLUMNS = pl.Schema(
    {
        "payee": pl.Int64(),
        "deal": pl.Int64(),
        "occurred_at": pl.Datetime("us"),
        "reversed_at": pl.Datetime("us"),
        "product": pl.Int64(),
        "amount_minor": pl.Int64(),
        "share_bp": pl.Int64(),
    }
)


def write_deals(directory: Path, *, deals: int, payees: int) -> None:
    random = Random(SEED)
    credits = sorted(_credits(random, deals, payees), key=lambda credit: (credit[0], credit[2]))
    pl.DataFrame(credits, COLUMNS, orient="row").write_parquet(directory / "credits.parquet")
    quotas = sorted(_quotas(random, credits).items())
    frame = pl.DataFrame(quotas, {"payee": pl.Int64, "quota_minor": pl.Int64}, orient="row")
    frame.write_parquet(directory / "quotas.parquet")


def _credits(random: Random, deals: int, payees: int) -> Iterator[Credit]:
    seconds = random.sample(range((END - START) // SECOND), deals)
    for deal, second in enumerate(seconds):
        occurred_at = START + second * SECOND
        reversed_at = None
        if random.randrange(100) < REVERSED_PERCENT:
            reversed_at = _reversed_at(random, occurred_at)
        product = random.randrange(PRODUCTS)
        amount_minor = round(random.lognormvariate(log(MEDIAN_MINOR), SPREAD))
        for payee, share_bp in _shares(random, payees):
            yield payee, deal, occurred_at, reversed_at, product, amount_minor, share_bp


def _shares(random: Random, payees: int) -> Iterator[tuple[int, int]]:
    if random.randrange(100) < SPLIT_PERCENT:
        yield from zip(random.sample(range(payees), 2), random.choice(SPLITS_BP), strict=True)
    else:
        yield random.randrange(payees), SHARES_IN_ONE


def _reversed_at(random: Random, occurred_at: datetime) -> datetime:
    """Received 20 to 80 days after the deal, and never before its month was locked."""
    next_month = (occurred_at.replace(day=1) + timedelta(days=31)).replace(
        day=1, hour=0, minute=0, second=0
    )
    earliest = max(occurred_at + REVERSED_FROM, next_month + LOCKED_AFTER)
    latest = occurred_at + REVERSED_UNTIL
    return earliest + random.randrange((latest - earliest) // SECOND) * SECOND


def _quotas(random: Random, credits: Sequence[Credit]) -> dict[int, int]:
    """Whole dollars in cents: 0.6 to 1.5 times what the payee sells in the year."""
    sold: dict[int, int] = {}
    for payee, _, _, _, _, amount_minor, share_bp in credits:
        sold[payee] = sold.get(payee, 0) + amount_minor * share_bp
    return {
        payee: amount * random.randint(*QUOTA_PER_MILLE) // (1_000 * SHARES_IN_ONE * 100) * 100
        for payee, amount in sold.items()
    }
