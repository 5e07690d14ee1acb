"""A late deal for a payee with a thousand lines: read, recalculated, compared, and what differs is
stored; beside only reading what is compared."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from benchmarks.measure import Measure, compare
from benchmarks.stored_year import NOW, a_stored_year, databases
from benchmarks.workshop import Workshop
from incentives.core.activity import WON, Activity, Share
from incentives.extensions import db
from incentives.operations.recalculate import recalculate
from incentives.operations.record_activities import record_within
from incentives.operations.refresh_payees import refresh_payees
from incentives.store import people
from incentives.store.driver import Driver
from incentives.store.transaction import writing

PAYEES, LINES_EACH = 200, 1_000
# Every fifth deal has two payees, and every sixteenth pays a second component.
DEALS = PAYEES * LINES_EACH * 100 // 126
MID_YEAR = datetime(2026, 6, 15, 12, tzinfo=UTC)


def measures(workshop: Workshop) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(prefix="incentives-bench-") as name:
        directory = Path(name)
        with databases(directory) as urls:
            for database, url in urls.items():
                with a_stored_year(directory, url, deals=DEALS, payees=PAYEES) as payees:
                    recalculate(payees, clock=lambda: NOW)
                    read = [_only_read(payee) for payee in payees]
                    ours = [_late_deal(payee) for payee in payees]
                yield compare(
                    f"A late deal among {LINES_EACH:,} lines, {database}",
                    "ms",
                    ours,
                    read,
                    "its payee's credits and lines only read",
                )


def _late_deal(payee: int) -> float:
    person = people.person(payee)
    assert person is not None, "loaded above"
    deal = Activity(
        "crm",
        f"late-{payee}",
        WON,
        (Share(person.code),),
        MID_YEAR,
        Decimal("7300"),
        "USD",
        attributes={"product": "1"},
    )
    with writing() as session:
        record_within(session, [(0, deal)], now=NOW)
    db.session.remove()
    start = time.perf_counter()
    refresh_payees([payee], now=NOW)
    return 1_000 * (time.perf_counter() - start)


def _only_read(payee: int) -> float:
    db.session.remove()
    start = time.perf_counter()
    driver = Driver(db.session())
    for table in ("credit", "posted_line"):
        driver.rows(f"SELECT * FROM {table} WHERE payee_id = ?", payee)
    return 1_000 * (time.perf_counter() - start)
