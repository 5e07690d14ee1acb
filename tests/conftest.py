"""What tests stand on: a fresh, migrated database each, on SQLite and on PostgreSQL."""

import shutil
from datetime import UTC, datetime

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from config import Config
from incentives import create_app
from incentives.extensions import db, limiter
from incentives.operations import sessions
from incentives.store import transaction
from tests.services.as_migrated import AsMigrated
from tests.services.browser import browser_type_launch_args
from tests.services.postgres_server import (
    address,
    copy_database,
    postgres_server,
    postgres_url,
    sqlalchemy_address,
)
from tests.services.redis_server import redis_server, redis_url
from tests.world import World

__all__ = [
    "browser_type_launch_args",
    "postgres_server",
    "postgres_url",
    "redis_server",
    "redis_url",
]

# A machine that is busy is not a fault: no property is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A Wednesday in the middle of a quarter; nothing in the tests depends on today.
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)

# What the product tells SQLite of waiting for the disk, kept before `no_power_cuts` replaces it.
IN_PRODUCTION = dict(transaction.SYNCHRONOUS)

# Of the migrated PostgreSQL database, made what it was for each test.
COPY = "copy_for_a_test"


def config_for(data_dir, database_url, **settings):
    environ = {"DATA_DIR": str(data_dir), "DATABASE_URL": database_url, "SECRET_KEY": "tests only"}
    return Config.from_environment({**environ, **settings})


def migrate_database(data_dir, database_url):
    app = create_app(config_for(data_dir, database_url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


def pytest_collection_modifyitems(items):
    """The longest first, so that those who share the work end together."""
    items.sort(key=lambda item: not item.get_closest_marker("slow"))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """A password that is as hard to guess as it should be takes most of the time of a test."""
    sessions._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    sessions._NOBODY = sessions._hasher.hash("nobody")


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(tmp_path_factory):
    """Every test has an application of its own; what its templates compile to is the same."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    Flask.jinja_options = {"bytecode_cache": cache}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    directory = tmp_path_factory.mktemp("template")
    migrate_database(directory, f"sqlite:///{directory / 'template.db'}")
    return directory / "template.db"


@pytest.fixture(scope="session")
def postgres_template(postgres_url, tmp_path_factory):
    migrate_database(tmp_path_factory.mktemp("template"), postgres_url("template_migrated"))
    return "template_migrated"


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory):
    """Where the database of every test is: one place, so that one application serves them all."""
    return tmp_path_factory.mktemp("sqlite") / "incentives.db"


@pytest.fixture
def sqlite_database(sqlite_template, sqlite_file):
    copy_sqlite(sqlite_template, sqlite_file)
    return f"sqlite:///{sqlite_file}"


def copy_sqlite(template, path):
    """A file of its own: whoever still has the one before open does not see this one."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()
    shutil.copy(template, path)


@pytest.fixture(scope="session")
def copy_postgres(postgres_server, postgres_template):
    """Makes the database of the tests what it was when migrated."""
    known = []

    def copy():
        if not (known and known[-1].restore()):
            copy_database(postgres_server, postgres_template, COPY)
            known.append(AsMigrated(address(postgres_server, COPY)))

    return copy


@pytest.fixture
def postgres_database(postgres_server, copy_postgres):
    copy_postgres()
    return sqlalchemy_address(postgres_server, COPY)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request):
    return request.getfixturevalue(f"{request.param}_database")


class Browser(FlaskClient):
    """Tests keep one application context open, and with it who was signed in last: forget them."""

    def open(self, *args, **kwargs):
        if has_app_context():
            g.pop("_login_user", None)
        return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def applications():
    """One for each database: its routes, templates and compiled statements serve every test."""
    made = {}
    yield made
    made.clear()


@pytest.fixture
def app(request, applications, database_url, tmp_path):
    """The application without a Redis: `world.refresh()` does what workers would.

    A test marked `own_app` changes the application itself, and so has one to itself.
    """
    if request.node.get_closest_marker("own_app"):
        app = made_app(database_url, tmp_path)
    else:
        app = applications.get(database_url) or made_app(database_url, tmp_path)
        applications[database_url] = app
    app.config.from_object(config_for(tmp_path, database_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    vars(limiter).update(app.limiter_then)
    with app.app_context():
        limiter.reset()
        # What was read from a database is kept by its engine: each test has an engine to itself,
        # which shares the connections and the compiled statements.
        db.engines[None] = app.first_engine.execution_options()
        yield app
        db.session.remove()
        db.engine.dispose()


def made_app(database_url, tmp_path):
    app = create_app(config_for(tmp_path, database_url))
    app.test_client_class = Browser
    # There is one limiter, and it counts where the application made last said so.
    app.limiter_then = dict(vars(limiter))
    with app.app_context():
        app.first_engine = db.engine
    return app


@pytest.fixture(scope="session", autouse=True)
def no_power_cuts():
    """No test waits for a disk."""
    transaction.SYNCHRONOUS = dict.fromkeys(transaction.SYNCHRONOUS, "OFF")


@pytest.fixture
def world(app):
    """A small company to tell stories about."""
    return World(app, NOW)


@pytest.fixture
def today(world):
    """It is the day of the world, for all who ask."""
    with time_machine.travel(world.now, tick=False):
        yield


@pytest.fixture
def client(app):
    return app.test_client()
