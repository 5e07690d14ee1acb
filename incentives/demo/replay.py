"""What the demo holds back, played as live activity: deals that were open are won and lost now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event

from flask import current_app

from incentives.core.activity import OPEN, Activity
from incentives.ingest.catalogue import Catalogue
from incentives.ingest.columns import columns_to_use
from incentives.ingest.csv_reading import read_table
from incentives.ingest.opportunities import FIELDS, SOURCE, Expected, read_opportunities
from incentives.operations.record_activities import record_activities
from incentives.operations.refresh_stale import refresh_stale
from incentives.store import people
from incentives.store.activity_search import kinds_by_external_id
from incentives.store.companies import the_company
from incentives.store.products import all_products, product_aliases


def _file(data_dir: Path) -> Path:
    return data_dir / "demo-replay.csv"


def keep_for_replay(data_dir: Path, held_back: bytes) -> None:
    _file(data_dir).write_bytes(held_back)


def left_to_play(data_dir: Path) -> list[Activity]:
    """The deals that are held back and still open, in order of date. What was played is closed in
    the store, so that a restart repeats nothing."""
    try:
        table = read_table(_file(data_dir).read_bytes())
    except FileNotFoundError:
        return []
    company = the_company()
    expected = Expected(
        calendar=company.calendar,
        currency=company.currency,
        catalogue=Catalogue([product.name for product in all_products()], product_aliases()),
        agents={person.name for person in people.payees()},
    )
    reading = read_opportunities(table, columns_to_use(table, FIELDS, None), expected)
    kinds = kinds_by_external_id(SOURCE)
    return [deal for _, deal in reading.activities if kinds.get(deal.external_id, OPEN) == OPEN]


def replay(
    data_dir: Path,
    *,
    clock: Callable[[], datetime],
    pause_seconds: float,
    limit: int | None,
    stop: Event,
) -> tuple[int, int]:
    """Play deals until none is left, the limit is reached or `stop` is set.

    Returns how many were played and how many are left.
    """
    # Contexts of their own give the connection back: a pause must not hold an old reading open.
    with current_app.app_context():
        deals = left_to_play(data_dir)
    todo = deals if limit is None else deals[:limit]
    played = 0
    for deal in todo:
        if stop.wait(pause_seconds):
            break
        with current_app.app_context():
            _play(deal, clock)
        played += 1
    return played, len(deals) - played


def _play(deal: Activity, clock: Callable[[], datetime]) -> None:
    now = clock()
    record_activities([(0, _closed_at(deal, now))], now=now)
    if not current_app.config["REDIS_URL"]:
        refresh_stale(clock=clock)


def _closed_at(deal: Activity, now: datetime) -> Activity:
    """The deal as if it closed now. One that would only be engaged later was engaged as many days
    ago as the export says it took."""
    today = the_company().calendar.day_of(now)
    opened = date.fromisoformat(deal.attributes["opened_on"])
    if opened > today:
        opened = today - timedelta(days=int(deal.attributes["days_to_close"]))
    days = (today - opened).days
    attributes = {**deal.attributes, "opened_on": opened.isoformat(), "days_to_close": str(days)}
    return replace(deal, occurred_at=now, attributes=attributes)
