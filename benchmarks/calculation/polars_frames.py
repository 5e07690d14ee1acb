"""Polars: whole columns of int64, on all cores."""

from pathlib import Path

import polars as pl

from benchmarks.calculation.plan import (
    BOUNDS_PERCENT,
    CAP_PERCENT,
    RATED_IN_A_CENT,
    RATES_PERCENT,
    SHARES_IN_ONE,
    SPIF_FROM,
    SPIF_MINOR,
    SPIF_PRODUCT,
    SPIF_UNTIL,
)
from benchmarks.calculation.rows import COMMISSION, EARNED, SCHEMA, SLICES, SPIF, TAKEN_BACK

NAME = "Polars (int64)"


def load(directory: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    return (
        pl.read_parquet(directory / "credits.parquet"),
        pl.read_parquet(directory / "quotas.parquet"),
    )


def run(loaded: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    credits, quotas = loaded
    earned = pl.concat([_commission(credits, quotas), _spif(credits)])
    reversed_lines = earned.filter(
        pl.col("reversed_at").is_not_null() & (pl.col("amount_minor") != 0)
    )
    taken_back = reversed_lines.with_columns(
        pl.lit(TAKEN_BACK).alias("kind"),
        _month("reversed_at"),
        -pl.col("amount_minor"),
        *(pl.lit(0, pl.Int64).alias(name) for name in SLICES),
    )
    return pl.concat([earned.select(*SCHEMA), taken_back.select(*SCHEMA)]).collect()


def _commission(credits: pl.DataFrame, quotas: pl.DataFrame) -> pl.LazyFrame:
    """The credits lie by payee and time, so running sums need no sorting."""
    base, position, quota = pl.col("base"), pl.col("position"), pl.col("quota_minor")
    total, cap = pl.col("total_minor"), quota * CAP_PERCENT // 100
    rated = pl.sum_horizontal(
        pl.col(name) * rate for name, rate in zip(SLICES, RATES_PERCENT, strict=True)
    )
    return (
        credits.lazy()
        .join(quotas.lazy(), on="payee", maintain_order="left")
        .with_columns(base=pl.col("amount_minor") * pl.col("share_bp"))
        .with_columns(position=base.cum_sum().over("payee"))
        .with_columns(**_slices(position - base, position, quota))
        .with_columns(uncapped_minor=(rated + RATED_IN_A_CENT // 2) // RATED_IN_A_CENT)
        .with_columns(total_minor=pl.col("uncapped_minor").cum_sum().over("payee"))
        .with_columns(
            amount_minor=pl.min_horizontal(total, cap)
            - pl.min_horizontal(total - pl.col("uncapped_minor"), cap)
        )
        .select(*_about(COMMISSION), "amount_minor", *SLICES)
    )


def _slices(start: pl.Expr, end: pl.Expr, quota: pl.Expr) -> dict[str, pl.Expr]:
    """The way from start to end inside each tier; bounds in 1/10,000 cent, as positions are."""
    bounds = [quota * (percent * SHARES_IN_ONE // 100) for percent in BOUNDS_PERCENT]
    tops = [*(pl.min_horizontal(end, bound) for bound in bounds), end]
    floors = [start, *(pl.max_horizontal(start, bound) for bound in bounds)]
    return {
        name: pl.max_horizontal(top - floor, 0)
        for name, floor, top in zip(SLICES, floors, tops, strict=True)
    }


def _spif(credits: pl.DataFrame) -> pl.LazyFrame:
    occurred_at = pl.col("occurred_at")
    within = (occurred_at >= SPIF_FROM) & (occurred_at < SPIF_UNTIL)
    amount = (pl.col("share_bp") * SPIF_MINOR + SHARES_IN_ONE // 2) // SHARES_IN_ONE
    return (
        credits.lazy()
        .filter((pl.col("product") == SPIF_PRODUCT) & within)
        .select(
            *_about(SPIF),
            amount.alias("amount_minor"),
            *(pl.lit(0, pl.Int64).alias(name) for name in SLICES),
        )
    )


def _about(component: str) -> list[pl.Expr]:
    return [
        *(pl.col(name) for name in ("payee", "deal", "reversed_at")),
        pl.lit(component).alias("component"),
        pl.lit(EARNED).alias("kind"),
        _month("occurred_at"),
    ]


def _month(column: str) -> pl.Expr:
    at = pl.col(column).dt
    return (at.year().cast(pl.Int64) * 100 + at.month()).alias("month")


def frame(result: pl.DataFrame) -> pl.DataFrame:
    return result
