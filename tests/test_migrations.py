"""Upgrades keep what is stored, on both databases, and end at the schema of the code."""

from datetime import UTC, datetime

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from incentives import create_app
from incentives.extensions import db
from incentives.store.activities import credits_of
from incentives.store.boards import all_boards
from tests.conftest import config_for

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def before_facts(request, tmp_path):
    """A database as it was before overlays, with a deal that stands and one that is reversed."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = request.getfixturevalue("postgres_url")("before_facts")
    app = create_app(config_for(tmp_path, url))
    with app.app_context():
        upgrade(revision="0003")
        with db.engine.begin() as connection:
            connection.execute(
                text("INSERT INTO person (id, code, name, is_payee) VALUES (1, 'ana', 'Ana', true)")
            )
            for number, revised_at in ((1, None), (2, LATER)):
                connection.execute(
                    text(
                        "INSERT INTO activity (id, source, external_id, revision, kind, "
                        "occurred_at, received_at, revised_at, quantity, attributes, reversed, "
                        "content_hash) VALUES (:id, 'crm', :id, 1, 'deal_won', :at, :at, :revised, "
                        "1000000, '{}', :reversed, '')"
                    ),
                    {"id": number, "at": NOON, "revised": revised_at, "reversed": number == 2},
                )
                connection.execute(
                    text("INSERT INTO credit VALUES (1, :activity, 100000000)"),
                    {"activity": number},
                )
        yield app
        db.session.remove()
        db.engine.dispose()


def test_credits_become_shares_and_reversals_get_their_time(before_facts):
    upgrade()
    until = datetime(2027, 1, 1, tzinfo=UTC)
    kept = credits_of(1, until=until, with_reversed=True)
    assert [(c.activity_id, c.overlay, c.reversed_at) for c in kept] == [
        (1, False, None),
        (2, False, LATER),
    ]
    assert [c.quantity for c in credits_of(1, until=until)] == [1]


def test_boards_become_documents_that_say_the_same(before_facts):
    upgrade()
    named = {board.slug: board for board in all_boards()}
    assert named["win-rate"].document == {
        "schema": 1,
        "name": "Win rate",
        "scores": [{"kpi": "win_rate"}],
        "span": {"period": "quarter"},
    }
    assert len({board.salt for board in named.values()}) == len(named)
    assert named["revenue"].definition.kpi.slug == "revenue"
