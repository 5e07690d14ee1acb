"""What tests stand on: a fresh, migrated database each, on SQLite and on PostgreSQL."""

import shutil
from datetime import UTC, datetime

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from config import Config
from incentives import create_app
from incentives.extensions import db
from incentives.operations import sessions
from tests.services.browser import browser_type_launch_args
from tests.services.postgres_server import postgres_server, postgres_url
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

# Of the migrated PostgreSQL database, anew for each test.
COPY = "copy_for_a_test"


def config_for(data_dir, database_url, **settings):
    environ = {"DATA_DIR": str(data_dir), "DATABASE_URL": database_url, "SECRET_KEY": "tests only"}
    return Config.from_environment({**environ, **settings})


def migrate_database(data_dir, database_url):
    app = create_app(config_for(data_dir, database_url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


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


@pytest.fixture
def sqlite_database(sqlite_template, tmp_path):
    shutil.copy(sqlite_template, tmp_path / "incentives.db")
    return f"sqlite:///{tmp_path / 'incentives.db'}"


@pytest.fixture
def copy_postgres(postgres_template):
    """Makes a database a copy of the migrated one: far quicker than migrating again."""

    def copy(url):
        address = url.replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(address.replace(COPY, "postgres", 1), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {COPY} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {COPY} TEMPLATE {postgres_template}")

    return copy


@pytest.fixture
def postgres_database(postgres_url, copy_postgres):
    url = postgres_url(COPY)
    copy_postgres(url)
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request):
    return request.getfixturevalue(f"{request.param}_database")


class Browser(FlaskClient):
    """Tests keep one application context open, and with it who was signed in last: forget them."""

    def open(self, *args, **kwargs):
        if has_app_context():
            g.pop("_login_user", None)
        return super().open(*args, **kwargs)


@pytest.fixture
def app(database_url, tmp_path):
    """The application without a Redis: `world.refresh()` does what workers would."""
    app = create_app(config_for(tmp_path, database_url))
    app.test_client_class = Browser
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app):
    """A small company to tell stories about."""
    return World(app, NOW)


@pytest.fixture
def client(app):
    return app.test_client()
