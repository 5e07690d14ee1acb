"""A sound world, and how it is spoilt: past every trigger, in a transaction that is undone."""

import shutil
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from incentives import create_app
from incentives.cli.shown_boards import shown_boards
from incentives.cli.verify import checks_called
from incentives.core.activity import Share
from incentives.extensions import db
from incentives.operations.settle_contests import settle_contests
from incentives.store.snapshot import Snapshot
from incentives.verify.book import Book
from incentives.verify.report import run
from tests.conftest import NOW, config_for, migrate_database
from tests.world import World

KEEPS = ("posted_line", "posting", "line_terms", "period_lock", "locked_statement")


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def sound(request, tmp_path_factory):
    """One sound world for all tests of a module, which leave it as it is."""
    directory = tmp_path_factory.mktemp("sound")
    if request.param == "sqlite":
        file = directory / "incentives.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        url = f"sqlite:///{file}"
    else:
        url = request.getfixturevalue("postgres_url")("sound")
        migrate_database(directory, url)
    app = create_app(config_for(directory, url))
    app.config.update(TESTING=True)
    with app.app_context():
        yield made_sound(World(app, NOW))
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def own(world):
    """A sound world to be changed for good."""
    return made_sound(world)


def made_sound(world):
    """Ana and Bo with deals, one shared and one corrected, and a contest that is over."""
    world.ana, world.bo = world.payee("Ana"), world.payee("Bo")
    world.login("Fay", "finance")
    world.plan()
    world.quota(world.ana, "10000")
    world.quota(world.bo, "500")
    present, world.now = world.now, world.now - timedelta(days=9)
    for day in (2, 3, 4, 5):
        world.deal(world.ana, "1234.56", day=f"2026-11-0{day}", external_id=f"A{day}")
    world.deal(world.bo, "1000", day="2026-11-06", external_id="B6")
    halves = Share(world.code(world.ana), Decimal(50)), Share(world.code(world.bo), Decimal(50))
    world.deal(world.ana, "333.33", day="2026-11-07", external_id="S7", shares=halves)
    world.now = present
    world.contest(
        "Sprint",
        starts_at=world.now - timedelta(days=17),
        ends_at=world.now - timedelta(days=5),
        grace_hours=1,
    )
    world.refresh()
    settle_contests(now=world.now)
    world.deal(world.ana, "234.56", day="2026-11-03", external_id="A3")
    world.refresh()
    return world


@pytest.fixture
def found(sound):
    """What the checks find, after some statements were run that nobody may run. The triggers are
    off meanwhile, and everything is undone afterwards."""

    def found(*statements, **settings):
        return found_in(sound, *statements, **settings)

    return found


def found_in(world, *statements, only=(), **settings):
    """The differences by check, each as it is told."""
    with _spoilt(statements) as session:
        book = Book(Snapshot(session), settings.pop("now", world.now), **settings)
        book.boards = shown_boards(book)
        names = only or tuple(c.name for c in checks_called(()) if c.name != "triggers")
        return {
            each.check.name: [str(difference) for difference in each.told]
            for each in run(book, checks_called(names))
            if each.told
        }


@contextmanager
def _spoilt(statements):
    session = db.session()
    session.rollback()
    try:
        without_triggers(session)
        for statement in statements:
            session.execute(text(statement))
        session.expire_all()
        yield session
    finally:
        session.rollback()


def without_triggers(session):
    if session.get_bind().dialect.name == "postgresql":
        for table in KEEPS:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    for (name,) in session.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    ).all():
        session.execute(text(f"DROP TRIGGER {name}"))
