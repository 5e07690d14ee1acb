"""Every test finds the PostgreSQL database as the migrations left it, whatever was done to it."""

from contextlib import closing

import psycopg
import pytest

from tests.conftest import COPY
from tests.services.postgres_server import address

pytestmark = pytest.mark.postgres

TRIGGERS = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
NEW_TEAM = "INSERT INTO team (code, name, colour) VALUES ('east', 'East', 1) RETURNING id"


@pytest.fixture
def asked(postgres_server, copy_postgres):
    def ask(query):
        with psycopg.connect(address(postgres_server, COPY), autocommit=True) as connection:
            return connection.execute(query).fetchone()[0]

    copy_postgres()
    return ask


def test_rows_are_gone_and_numbers_begin_again(asked, copy_postgres):
    company = asked("SELECT company::text FROM company")
    assert asked(NEW_TEAM) == 1
    asked("UPDATE company SET name = 'Other' RETURNING 1")
    copy_postgres()
    assert asked("SELECT count(*) FROM team") == 0
    assert asked(NEW_TEAM) == 1
    assert asked("SELECT company::text FROM company") == company


def test_a_connection_that_was_left_open_stops_nobody(asked, postgres_server, copy_postgres):
    with closing(psycopg.connect(address(postgres_server, COPY))) as left_open:
        left_open.execute(NEW_TEAM)
        copy_postgres()
        assert asked(NEW_TEAM) == 1


def test_a_schema_that_was_changed_is_made_anew(asked, postgres_server, copy_postgres):
    triggers = asked(TRIGGERS)
    with psycopg.connect(address(postgres_server, COPY), autocommit=True) as connection:
        connection.execute("DROP TRIGGER posted_line_no_change ON posted_line")
    assert asked(TRIGGERS) == triggers - 1
    copy_postgres()
    assert asked(TRIGGERS) == triggers
