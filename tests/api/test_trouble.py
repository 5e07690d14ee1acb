"""What cannot be stored just now is never answered with a success."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from incentives.extensions import db


@pytest.fixture
def database_url(sqlite_database):
    """A PostgreSQL says the same by SQLSTATE: see tests/operations/test_lost_transactions.py."""
    return sqlite_database


def test_a_full_disk_is_507_and_free_again_it_goes_on(program, deal):
    pages = db.session.execute(text("PRAGMA page_count")).scalar()
    db.session.execute(text(f"PRAGMA max_page_count = {pages}"))
    answer = program.post(many(deal))
    assert answer.status_code == 507
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "disk_full"
    assert int(answer.headers["Retry-After"]) > 0
    db.session.execute(text("PRAGMA max_page_count = 1073741823"))
    assert program.post(many(deal)).status_code < 300


def many(deal):
    return [deal(external_id=f"D-{number}-{'x' * 60}") for number in range(400)]


def test_a_locked_database_is_503_and_pages_still_read(program, deal, client):
    db.session.execute(text("PRAGMA busy_timeout = 50"))
    with closing(sqlite3.connect(db.engine.url.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = program.post(many(deal))
        assert answer.status_code == 503
        assert "Send the same again in a moment" in answer.json["detail"]
        assert client.get("/healthz").status_code == 200
    assert program.post(many(deal)).status_code < 300
