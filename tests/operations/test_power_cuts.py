"""What is acknowledged waits for the disk; what can be worked out again does not."""

import pytest
from sqlalchemy import text

from incentives.extensions import db
from incentives.store import transaction
from incentives.store.transaction import writing
from tests.conftest import IN_PRODUCTION

ASKED = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
WAITS = {"sqlite": 2, "postgresql": "on"}
DOES_NOT_WAIT = {"sqlite": 1, "postgresql": "off"}


@pytest.fixture
def as_in_production(app, monkeypatch):
    """Tests never wait for a disk by themselves."""
    monkeypatch.setattr(transaction, "SYNCHRONOUS", IN_PRODUCTION)
    db.session.remove()
    db.engine.dispose()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET SESSION synchronous_commit = on"))
        db.session.commit()
    yield db.engine.dialect.name
    db.session.remove()
    db.engine.dispose()


def said(session, database):
    return session.scalar(text(ASKED[database]))


def test_only_what_can_be_redone_does_not_wait_for_the_disk(as_in_production):
    database = as_in_production
    with writing() as session:
        assert said(session, database) == WAITS[database]
    with writing(can_be_redone=True) as session:
        assert said(session, database) == DOES_NOT_WAIT[database]
    with writing() as session:
        assert said(session, database) == WAITS[database]
