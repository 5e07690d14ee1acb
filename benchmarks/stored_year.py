"""The year of deals of `benchmarks.calculation` as the service keeps it, on either database."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from flask_migrate import upgrade
from sqlalchemy import text

from benchmarks.calculation.deals import write_deals
from benchmarks.calculation.engine import DOCUMENT
from benchmarks.calculation.plan import START
from incentives import create_app
from incentives.core.activity import WON
from incentives.extensions import db
from incentives.operations.publish_plan_version import assign_to_plan, publish_plan_version
from incentives.operations.recalculate import recalculate
from incentives.store import people, plans
from incentives.store.driver import Driver
from incentives.store.transaction import writing
from tests.conftest import config_for
from tests.services.postgres_server import PostgresServer, address

# After every deal and every reversal.
NOW = datetime(2027, 4, 1, tzinfo=UTC)
# Stored numbers are in millionths: cents and basis points are ten thousand times as large.
PER_CENT_OR_BP = 10**4


@contextmanager
def databases(directory: Path) -> Iterator[dict[str, str]]:
    """The address of a SQLite file and of a PostgreSQL that does not wait for the disk."""
    with tempfile.TemporaryDirectory(prefix="incentives-postgres-") as name:
        server = PostgresServer(Path(name))
        try:
            url = address(server.directory, "postgres")
            yield {
                "SQLite": f"sqlite:///{directory / 'incentives.db'}",
                "PostgreSQL": url.replace("postgresql://", "postgresql+psycopg://", 1),
            }
        finally:
            server.stop()


@contextmanager
def a_stored_year(directory: Path, url: str, *, deals: int, payees: int) -> Iterator[list[int]]:
    """A company with the deals and their credits, and all payees on the plan, behind only by its
    lines. Gives the ids of the payees."""
    if not (directory / "credits.parquet").exists():
        write_deals(directory, deals=deals, payees=payees)
    app = create_app(config_for(directory, url))
    with app.app_context():
        upgrade()
        with writing() as session:
            _load(Driver(session), directory)
        ids = people.payee_ids()
        # Boards are drawn from day results, which no plan changes.
        recalculate(ids, clock=lambda: NOW)
        slug, _ = publish_plan_version(DOCUMENT, first_day=START.date(), by=None, now=NOW)
        with writing() as session:
            plan = plans.plan_by_slug(slug)
            assert plan is not None, "published above"
            assign_to_plan(session, plan, ids, first_day=START.date(), by=None, now=NOW)
        _take_stock()
        yield ids
        db.session.remove()
        db.engine.dispose()


def _load(driver: Driver, directory: Path) -> None:
    credits = pl.read_parquet(directory / "credits.parquet").with_columns(
        occurred=pl.col("occurred_at").dt.epoch("us"),
        reversed=pl.col("reversed_at").dt.epoch("us"),
        # Activities come in as they happen.
        activity=pl.col("occurred_at").rank("dense"),
    )
    quotas = pl.read_parquet(directory / "quotas.parquet")
    payees = sorted(quotas["payee"])
    named = ((payee + 1, f"payee-{payee}", f"Payee {payee}", True) for payee in payees)
    driver.append("person", ("id", "code", "name", "is_payee"), named)
    driver.append(
        "marker", ("payee_id", "wanted", "computed"), ((payee + 1, 1, 0) for payee in payees)
    )
    driver.append(
        "quota",
        ("payee_id", "measure", "period", "amount"),
        (
            (payee + 1, "revenue", "2026", minor * PER_CENT_OR_BP)
            for payee, minor in quotas.iter_rows()
        ),
    )
    _load_deals(driver, credits)


def _load_deals(driver: Driver, credits: pl.DataFrame) -> None:
    deals = credits.unique("activity").sort("activity")
    _append(driver, "activity", (_activity(driver, deal) for deal in deals.iter_rows(named=True)))
    ordered = credits.sort("payee", "occurred")
    _append(driver, "credit", (_credit(credit) for credit in ordered.iter_rows(named=True)))


def _append(driver: Driver, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    columns: Sequence[str] = list(first)
    driver.append(table, columns, (tuple(row.values()) for row in (first, *rows)))


def _said(deal: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": "crm",
        "external_id": f"D{deal['deal']}",
        "kind": WON,
        "amount": deal["amount_minor"] * PER_CENT_OR_BP,
        "currency": "USD",
        "quantity": 10**6,
        "attributes": f'{{"product":"{deal["product"]}"}}',
    }


def _activity(driver: Driver, deal: dict[str, Any]) -> dict[str, Any]:
    at, reversed_at = deal["occurred_at"], deal["reversed_at"]
    return {
        "id": deal["activity"],
        **_said(deal),
        "revision": 1,
        "occurred_at": driver.instant(at.replace(tzinfo=UTC)),
        "received_at": driver.instant(at.replace(tzinfo=UTC)),
        "reversed": reversed_at is not None,
        "reversed_at": reversed_at and driver.instant(reversed_at.replace(tzinfo=UTC)),
        "content_hash": "",
    }


def _credit(credit: dict[str, Any]) -> dict[str, Any]:
    return {
        "payee_id": credit["payee"] + 1,
        "activity_id": credit["activity"],
        **_said(credit),
        "occurred_micros": credit["occurred"],
        "received_micros": credit["occurred"],
        "reversed_micros": credit["reversed"],
        "overlay": False,
        "percent": credit["share_bp"] * PER_CENT_OR_BP,
    }


def _take_stock() -> None:
    """Number on behind what was loaded, and do what databases do by themselves after a load."""
    if db.engine.dialect.name == "postgresql":
        count_on = text("SELECT setval('activity_id_seq', (SELECT max(id) FROM activity))")
        with db.engine.begin() as connection:
            connection.execute(count_on)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
