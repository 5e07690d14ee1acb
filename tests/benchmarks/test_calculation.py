"""What the engine is timed beside sums the same plan, each in another language (bin/bench)."""

from datetime import datetime

import polars as pl
import pytest

from benchmarks.calculation import (
    deals,
    duckdb_sql,
    engine,
    engine_on_all,
    plain_decimal,
    plan,
    polars_frames,
)
from benchmarks.calculation.rows import COMMISSION, EARNED, SPIF, TAKEN_BACK, digest, in_order

PEERS = pytest.mark.parametrize("peer", [engine, duckdb_sql, polars_frames, plain_decimal])
MAY, JULY, LAST_OF_AUGUST, SEPTEMBER = map(
    datetime.fromisoformat, ["2026-05-04", "2026-07-01", "2026-08-31T23:59:59", "2026-09-01"]
)
WHOLE, HALF, THIRD = 10_000, 5_000, 3_333


def test_all_agree_on_every_line_and_every_slice(tmp_path):
    deals.write_deals(tmp_path, deals=2_000, payees=50)
    others = [polars_frames, duckdb_sql, engine, engine_on_all]
    first, *others = [rows(peer, tmp_path) for peer in (plain_decimal, *others)]
    assert {digest(first)} == {digest(other) for other in others}
    assert first.filter(pl.col("kind") == TAKEN_BACK).height > 10
    assert first.filter((pl.col("amount_minor") == 0) & (pl.col("kind") == EARNED)).height > 10


def test_seeded_deals_are_always_the_same(tmp_path):
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        deals.write_deals(tmp_path / name, deals=200, payees=5)
    once, again = (
        pl.read_parquet(tmp_path / name / "credits.parquet") for name in ("once", "again")
    )
    assert once.equals(again)


def test_reversals_come_20_to_80_days_later_and_after_the_lock_of_their_month(tmp_path):
    deals.write_deals(tmp_path, deals=5_000, payees=5)
    credits = pl.read_parquet(tmp_path / "credits.parquet").drop_nulls("reversed_at")
    assert credits.height > 50
    for occurred_at, reversed_at in credits.select("occurred_at", "reversed_at").iter_rows():
        assert 20 <= (reversed_at - occurred_at).days < 80
        locked_month = (reversed_at - plan.LOCKED_AFTER).strftime("%Y-%m")
        assert locked_month > occurred_at.strftime("%Y-%m")


@PEERS
def test_a_deal_that_crosses_bounds_is_cut_and_each_rate_pays_inside_its_own_tier(peer, tmp_path):
    # Of a quota of 1,000.00: 500 × 4 % + 300 × 6 % + 100 × 8 % = 20 + 18 + 8.
    write(tmp_path, [credit(amount_minor=90_000)])
    assert lines(peer, tmp_path, "amount_minor") == [(46_00,)]
    assert lines(peer, tmp_path, *[f"slice_{n}" for n in (1, 2, 3, 4)]) == [
        (500_00 * WHOLE, 300_00 * WHOLE, 100_00 * WHOLE, 0)
    ]


@PEERS
def test_the_year_pays_at_most_its_cap(peer, tmp_path):
    # 46.00, then 100 × 8 % + 300 × 16 % = 56.00 of which 90.00 − 46.00 are left, then nothing.
    write(
        tmp_path,
        [
            credit(deal=1, amount_minor=90_000),
            credit(deal=2, amount_minor=40_000),
            credit(deal=3, amount_minor=40_000),
        ],
    )
    assert lines(peer, tmp_path, "amount_minor") == [(46_00,), (44_00,), (0,)]


@PEERS
@pytest.mark.parametrize(
    ("amount_minor", "share_bp", "earned_minor"),
    [(12, WHOLE, 0), (13, WHOLE, 1), (25, HALF, 1), (75, HALF, 2), (74, HALF, 1)],
)
def test_a_line_is_rounded_once_and_half_up(peer, tmp_path, amount_minor, share_bp, earned_minor):
    # 4 % of 0.12 is 0.0048, of 0.13 0.0052; of half of 0.25 0.005, of 0.75 0.015, of 0.74 0.0148.
    write(tmp_path, [credit(amount_minor=amount_minor, share_bp=share_bp)])
    assert lines(peer, tmp_path, "amount_minor") == [(earned_minor,)]


@PEERS
def test_a_spif_is_shared_rounded_half_up_and_half_open(peer, tmp_path):
    # 50.00 × 33.33 % = 16.665 in August; on the first of September the window is over.
    sold = {"product": plan.SPIF_PRODUCT, "share_bp": THIRD}
    write(
        tmp_path,
        [
            credit(deal=1, occurred_at=LAST_OF_AUGUST, **sold),
            credit(deal=2, occurred_at=SEPTEMBER, **sold),
        ],
    )
    assert lines(peer, tmp_path, "deal", "amount_minor", component=SPIF) == [(1, 16_67)]


@PEERS
def test_a_reversal_takes_back_what_was_paid_and_leaves_attainment_untouched(peer, tmp_path):
    # 46.00 and 50.00 are taken back in July; the second deal still pays from 900.00 on: 100 × 8 %.
    write(
        tmp_path,
        [
            credit(
                deal=1,
                amount_minor=90_000,
                product=plan.SPIF_PRODUCT,
                reversed_at=JULY,
            ),
            credit(deal=2, amount_minor=10_000),
        ],
    )
    columns = ("deal", "kind", "month", "amount_minor")
    assert lines(peer, tmp_path, *columns) == [
        (1, EARNED, 202605, 46_00),
        (1, TAKEN_BACK, 202607, -46_00),
        (2, EARNED, 202605, 8_00),
    ]
    assert lines(peer, tmp_path, *columns, component=SPIF) == [
        (1, EARNED, 202605, 50_00),
        (1, TAKEN_BACK, 202607, -50_00),
    ]


def credit(deal=1, *, occurred_at=None, reversed_at=None, product=0, amount_minor=1_00, **said):
    occurred_at = occurred_at or MAY.replace(hour=deal)
    return (1, deal, occurred_at, reversed_at, product, amount_minor, said.get("share_bp", WHOLE))


def write(directory, credits):
    """For one payee with a quota of 1,000.00."""
    frame = pl.DataFrame(credits, deals.COLUMNS, orient="row")
    frame.write_parquet(directory / "credits.parquet")
    quotas = pl.DataFrame({"payee": [1], "quota_minor": [1_000_00]})
    quotas.write_parquet(directory / "quotas.parquet")


def rows(peer, directory):
    return in_order(peer.frame(peer.run(peer.load(directory))))


def lines(peer, directory, *columns, component=COMMISSION):
    return rows(peer, directory).filter(pl.col("component") == component).select(columns).rows()
