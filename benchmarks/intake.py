"""Activities a second through the API, beside bare INSERTs of the same rows."""

import http.client
import json
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.measure import Measure, compare
from benchmarks.workshop import Workshop

ROUNDS = 5
# Activities a round, by batch size: each round lasts about a second.
SIZES = {1: 150, 100: 4_000, 1_000: 8_000}
PEER = "bare INSERTs of the same rows (sqlite3, one transaction a batch)"

_ids = count(1)


def measures(workshop: Workshop) -> Iterator[Measure]:
    client = http.client.HTTPConnection("127.0.0.1", workshop.service.port, timeout=60)
    for size, total in SIZES.items():
        ours, peer = [], []
        for _ in range(ROUNDS):
            batches = [_batch(workshop.payees, size) for _ in range(total // size)]
            ours.append(_through_the_api(client, workshop.key, batches))
            peer.append(_bare_inserts(workshop.database.with_name("peer.db"), batches))
        noun = "one at a time" if size == 1 else f"in batches of {size:,}"
        yield compare(f"Activities through the API, {noun}", "activities/s", ours, peer, PEER)
    client.close()


def _batch(payees: list[str], size: int) -> list[dict[str, Any]]:
    now = datetime.now(UTC).isoformat()
    return [
        {
            "source": "bench",
            "external_id": f"B{(number := next(_ids)):09}",
            "kind": "deal_won",
            "payee": payees[number % len(payees)],
            "amount": "1200.50",
            "currency": "USD",
            "occurred_at": now,
            "attributes": {"product": "GTX Pro", "account": "Betasoloin"},
        }
        for _ in range(size)
    ]


def _through_the_api(
    client: http.client.HTTPConnection, key: str, batches: list[list[dict[str, Any]]]
) -> float:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    bodies = [json.dumps(batch) for batch in batches]
    start = time.perf_counter()
    for body in bodies:
        client.request("POST", "/api/v1/activities", body, headers)
        answer = client.getresponse()
        content = answer.read()
        assert answer.status == 200, content[:500]
    return _per_second(batches, start)


def _bare_inserts(database: Path, batches: list[list[dict[str, Any]]]) -> float:
    """The floor: the same two rows an activity, durable in the same way, and nothing checked."""
    with sqlite3.connect(database, isolation_level=None) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;"
            "CREATE TABLE IF NOT EXISTS activity (id INTEGER PRIMARY KEY, source TEXT,"
            " external_id TEXT, kind TEXT, occurred_at TEXT, received_at TEXT, amount INTEGER,"
            " currency TEXT, attributes TEXT, content_hash TEXT, UNIQUE (source, external_id));"
            "CREATE TABLE IF NOT EXISTS credit (payee_id INTEGER, activity_id INTEGER,"
            " percent INTEGER, PRIMARY KEY (payee_id, activity_id));"
        )
        start = time.perf_counter()
        for batch in batches:
            connection.execute("BEGIN IMMEDIATE")
            rows = [_row(activity) for activity in batch]
            connection.executemany("INSERT INTO activity VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
            credits = [(row[0] % 35, row[0], 100_000_000) for row in rows]
            connection.executemany("INSERT INTO credit VALUES (?,?,?)", credits)
            connection.execute("COMMIT")
        return _per_second(batches, start)


def _row(activity: dict[str, Any]) -> tuple[Any, ...]:
    return (
        int(activity["external_id"][1:]),
        activity["source"],
        activity["external_id"],
        activity["kind"],
        activity["occurred_at"],
        activity["occurred_at"],
        1_200_500_000,
        activity["currency"],
        '{"account":"Betasoloin","product":"GTX Pro"}',
        "0" * 64,
    )


def _per_second(batches: list[list[dict[str, Any]]], start: float) -> float:
    return sum(map(len, batches)) / (time.perf_counter() - start)
