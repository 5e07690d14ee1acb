"""The engine itself: `calculate_many`, some hundreds of payees at a time.

What is loaded is their cases and columns, as a recalculation reads them from the store.
"""

import gc
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from benchmarks.calculation.plan import (
    BOUNDS_PERCENT,
    CAP_PERCENT,
    LOCKED_AFTER,
    RATES_PERCENT,
    SHARES_IN_ONE,
    SPIF_FROM,
    SPIF_MINOR,
    SPIF_PRODUCT,
    SPIF_UNTIL,
    START,
)
from benchmarks.calculation.rows import COMMISSION, SCHEMA, SLICES, SPIF
from incentives.core.activity import WON
from incentives.core.bulk.crowd import Crowd, crowd_of
from incentives.core.bulk.lines import ManyLines
from incentives.core.bulk.many import calculate_many
from incentives.core.bulk.plain import is_plain
from incentives.core.calendar import Calendar
from incentives.core.case import Case
from incentives.core.columns import Columns
from incentives.core.plans import Agreement, PlanVersion, read_plan
from incentives.core.results import ResultLine

NAME = "the engine (Python, columns of whole numbers)"

CALENDAR = Calendar(ZoneInfo("UTC"))
AS_OF = date(2027, 3, 31)
# Cents times basis points, so that every share is whole.
SCALE = 100 * SHARES_IN_ONE

DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "Bench",
    "currency": "USD",
    "claw_back": {"policy": "at_rate_paid"},
    "components": [
        {
            "key": COMMISSION,
            "name": "Commission",
            "yields": "money",
            "measure": "revenue",
            "accumulates": "year",
            "quota_span": "whole",
            "cap": {"of_quota": str(Decimal(CAP_PERCENT) / 100)},
            "rule": {
                "kind": "marginal_rate",
                "tiers_by": "attainment",
                "tiers": [
                    {"rate": str(Decimal(rate) / 100)}
                    | ({} if bound is None else {"up_to": str(Decimal(bound) / 100)})
                    for bound, rate in zip([*BOUNDS_PERCENT, None], RATES_PERCENT, strict=True)
                ],
            },
        },
        {
            "key": SPIF,
            "name": "SPIF",
            "yields": "money",
            "measure": "deals_won",
            "window": {
                "from": SPIF_FROM.date().isoformat(),
                "until": SPIF_UNTIL.date().isoformat(),
            },
            "conditions": {
                "all": [{"field": "product", "comparison": "is", "value": str(SPIF_PRODUCT)}]
            },
            "rule": {"kind": "spif", "amount": str(Decimal(SPIF_MINOR) / 100)},
        },
    ],
}


# So many payees are summed together.
TOGETHER = 500

Loaded = list[Crowd]
Summed = list[tuple[Crowd, list[ManyLines]]]


def load(directory: Path) -> Loaded:
    credits = pl.read_parquet(directory / "credits.parquet")
    quotas = dict(pl.read_parquet(directory / "quotas.parquet").iter_rows())
    version = PlanVersion(1, 1, 1, START.date(), read_plan(DOCUMENT))
    agreements = (Agreement((version,), START.date(), None),)
    locks = _locks()
    parts = credits.partition_by("payee", as_dict=True, include_key=False, maintain_order=True)
    cases = [_case(payee, agreements, quotas[payee], locks) for (payee,) in parts]
    columns = [_columns(rows) for rows in parts.values()]
    assert all(map(is_plain, cases, columns))
    return [
        crowd_of(cases[first : first + TOGETHER], columns[first : first + TOGETHER])
        for first in range(0, len(cases), TOGETHER)
    ]


def _case(
    payee: int, agreements: tuple[Agreement, ...], quota_minor: int, locks: dict[str, datetime]
) -> Case:
    quotas = {("revenue", "2026"): Decimal(quota_minor) / 100}
    return Case(payee, agreements, (), quotas, CALENDAR, AS_OF, locks=locks)


def _locks() -> dict[str, datetime]:
    months = CALENDAR.parts(CALENDAR.period_of(START.date(), "year"), "month")
    return {month.key: CALENDAR.start_of(month.end_day) + LOCKED_AFTER for month in months}


_PRODUCTS = [{"product": str(number)} for number in range(100)]


def _columns(rows: pl.DataFrame) -> Columns:
    moments = rows["occurred_at"].dt.epoch("us").to_list()
    shares = rows["share_bp"].to_list()
    return Columns(
        activity_ids=rows["deal"].to_list(),
        moments=moments,
        days=CALENDAR.days_of(moments),
        kinds=[WON] * rows.height,
        amounts=(rows["amount_minor"] * rows["share_bp"]).to_list(),
        quantities=[share * 100 for share in shares],
        currencies=["USD"] * rows.height,
        attributes=[_PRODUCTS[product] for product in rows["product"]],
        scale=SCALE,
        reversed_at={
            at: when.replace(tzinfo=UTC)
            for at, when in enumerate(rows["reversed_at"])
            if when is not None
        },
    )


def run(loaded: Loaded) -> Summed:
    gc.disable()
    try:
        return [(crowd, _summed(crowd)) for crowd in loaded]
    finally:
        gc.enable()


def _summed(crowd: Crowd) -> list[ManyLines]:
    made, left = calculate_many(crowd)
    assert not left, "everybody has a quota, and small enough numbers"
    return made


def frame(result: Summed) -> pl.DataFrame:
    rows = [
        _row(case.payee, line)
        for crowd, made in result
        for number, case in enumerate(crowd.cases)
        for component in made
        for line in component.of(number)
    ]
    return pl.DataFrame(rows, SCHEMA, orient="row")


def _row(payee: int, line: ResultLine) -> tuple[Any, ...]:
    """The slices are told of what is earned by commission; a line taken back has none."""
    slices = [0] * len(SLICES)
    if line.component == COMMISSION and line.aspect == "earned":
        for part in line.working.slices:
            slices[part.row - 1] = int(part.base * SCALE)
    year, month = line.period.split("-")
    return (
        payee,
        line.activity_id,
        line.component,
        line.aspect,
        int(year) * 100 + int(month),
        line.amount,
        *slices,
    )
