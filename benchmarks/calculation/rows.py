"""The rows that every engine must make, in one form, and the digest by which they are compared.

One row a line: `kind` is earned or taken_back, `month` the year and month it lies in (202603),
`amount_minor` whole cents. `slice_1` to `slice_4` are an earned commission line's working: the part
of the credit inside each tier, in 1/10,000 cent. Other lines have none, which is 0.
"""

import hashlib

import polars as pl

EARNED, TAKEN_BACK = "earned", "taken_back"
COMMISSION, SPIF = "commission", "spif"

SLICES = ("slice_1", "slice_2", "slice_3", "slice_4")
SCHEMA = pl.Schema(
    {
        "payee": pl.Int64,
        "deal": pl.Int64,
        "component": pl.String,
        "kind": pl.String,
        "month": pl.Int64,
        "amount_minor": pl.Int64,
        **dict.fromkeys(SLICES, pl.Int64),
    }
)


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(*SCHEMA).cast(SCHEMA).sort("payee", "deal", "component", "kind")


def digest(rows: pl.DataFrame) -> str:
    return hashlib.sha256(in_order(rows).write_csv().encode()).hexdigest()
