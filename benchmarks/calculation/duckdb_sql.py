"""DuckDB: SQL windows over BIGINT, on all cores."""

from pathlib import Path

import duckdb
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

NAME = "DuckDB (SQL windows, BIGINT)"

# Bounds are in 1/10,000 cent, as positions are.
_BOUNDS = [percent * SHARES_IN_ONE // 100 for percent in BOUNDS_PERCENT]
_RATES = dict(zip(("first", "second", "third", "fourth"), RATES_PERCENT, strict=True))

# sum(BIGINT) is a HUGEINT in DuckDB, so each running sum is cast back. Nothing that is rounded is
# negative, so adding a half and dividing is half up.
RESULT = f"""
CREATE TABLE result AS
WITH placed AS (
    SELECT *, amount_minor * share_bp AS base,
           (sum(amount_minor * share_bp) OVER year_to_date)::BIGINT AS position
    FROM credits JOIN quotas USING (payee)
    WINDOW year_to_date AS
        (PARTITION BY payee ORDER BY occurred_at ROWS UNBOUNDED PRECEDING)
),
sliced AS (
    SELECT *,
           greatest(0, least(position, {_BOUNDS[0]} * quota_minor)
                       - (position - base)) AS slice_1,
           greatest(0, least(position, {_BOUNDS[1]} * quota_minor)
                       - greatest(position - base, {_BOUNDS[0]} * quota_minor)) AS slice_2,
           greatest(0, least(position, {_BOUNDS[2]} * quota_minor)
                       - greatest(position - base, {_BOUNDS[1]} * quota_minor)) AS slice_3,
           greatest(0, position
                       - greatest(position - base, {_BOUNDS[2]} * quota_minor)) AS slice_4
    FROM placed
),
rounded AS (
    SELECT *, ({_RATES["first"]} * slice_1 + {_RATES["second"]} * slice_2
               + {_RATES["third"]} * slice_3 + {_RATES["fourth"]} * slice_4
               + {RATED_IN_A_CENT // 2}) // {RATED_IN_A_CENT} AS uncapped_minor
    FROM sliced
),
summed AS (
    SELECT *, (sum(uncapped_minor) OVER year_to_date)::BIGINT AS total_minor,
           {CAP_PERCENT} * quota_minor // 100 AS cap_minor
    FROM rounded
    WINDOW year_to_date AS
        (PARTITION BY payee ORDER BY occurred_at ROWS UNBOUNDED PRECEDING)
),
earned AS (
    SELECT payee, deal, 'commission' AS component, occurred_at, reversed_at,
           least(total_minor, cap_minor) - least(total_minor - uncapped_minor, cap_minor)
               AS amount_minor,
           slice_1, slice_2, slice_3, slice_4
    FROM summed
    UNION ALL
    SELECT payee, deal, 'spif', occurred_at, reversed_at,
           ({SPIF_MINOR} * share_bp + {SHARES_IN_ONE // 2}) // {SHARES_IN_ONE}, 0, 0, 0, 0
    FROM credits
    WHERE product = {SPIF_PRODUCT}
      AND occurred_at >= TIMESTAMP '{SPIF_FROM}' AND occurred_at < TIMESTAMP '{SPIF_UNTIL}'
)
SELECT payee, deal, component, 'earned' AS kind,
       100 * year(occurred_at) + month(occurred_at) AS month, amount_minor,
       slice_1, slice_2, slice_3, slice_4
FROM earned
UNION ALL
SELECT payee, deal, component, 'taken_back',
       100 * year(reversed_at) + month(reversed_at), -amount_minor, 0, 0, 0, 0
FROM earned
WHERE reversed_at IS NOT NULL AND amount_minor <> 0
"""


def load(directory: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for table in ("credits", "quotas"):
        path = directory / f"{table}.parquet"
        connection.execute(f"CREATE TABLE {table} AS FROM read_parquet('{path}')")
    return connection


def run(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return connection.execute(RESULT)


def frame(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return pl.DataFrame(connection.table("result"))
