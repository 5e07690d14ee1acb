import sqlite3
from contextlib import closing

import pytest

from incentives.supervisor import database as module
from incentives.supervisor.database import Database
from incentives.supervisor.messages import CannotStart

MIGRATION = """
revision = "0001"
down_revision = None
def upgrade(): pass
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "incentives.db"


@pytest.fixture
def database(path):
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def one_migration(tmp_path, monkeypatch):
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "migrations" / "versions" / "0001.py").write_text(MIGRATION)
    monkeypatch.setattr(module, "MIGRATIONS", tmp_path / "migrations")


def sql(path, *statements):
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
        connection.commit()
    return rows


def at_revision(path, revision):
    sql(
        path,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        f"INSERT INTO alembic_version VALUES ('{revision}')",
    )


def test_a_new_database_waits_for_its_first_migration(database, one_migration):
    assert database.has_pending_migrations()
    assert database.is_empty()


def test_a_database_at_the_newest_revision_waits_for_nothing(database, path, one_migration):
    at_revision(path, "0001")

    assert not database.has_pending_migrations()


def test_a_company_is_empty_until_somebody_is_in_it(database, path):
    sql(path, "CREATE TABLE person (id INTEGER PRIMARY KEY)")
    assert database.is_empty()

    sql(path, "INSERT INTO person VALUES (1)")
    assert not database.is_empty()


def test_the_copy_before_an_upgrade_holds_what_only_the_log_holds_yet(database, path, tmp_path):
    at_revision(path, "0000")
    with closing(sqlite3.connect(path)) as still_open:
        still_open.execute("PRAGMA journal_mode=WAL")
        still_open.execute("CREATE TABLE posted_line (amount INTEGER)")
        still_open.execute("INSERT INTO posted_line VALUES (41250)")
        still_open.commit()

        copy = database.copy_before_migration(tmp_path / "backups")

    assert sql(copy, "SELECT amount FROM posted_line") == [(41250,)]
    assert copy.parent == tmp_path / "backups"


def test_a_database_that_is_only_being_made_needs_no_copy(database, tmp_path):
    assert database.copy_before_migration(tmp_path / "backups") is None
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "DATABASE_URL cannot be used"),
        ("oracle://db/incentives", "DATABASE_URL cannot be used"),
        ("postgresql+psycopg://127.0.0.1:1/none", "The database does not answer"),
        ("sqlite:////no/such/directory/incentives.db", "The database does not answer"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_in_a_sentence(url, sentence):
    with pytest.raises(CannotStart, match=sentence):
        Database(url).has_pending_migrations()


@pytest.mark.postgres
def test_a_postgresql_has_backups_of_its_own(postgres_url, tmp_path):
    database = Database(postgres_url("backups"))

    assert database.is_empty()
    assert database.revisions() == set()
    assert database.copy_before_migration(tmp_path / "backups") is None
    database.close()
