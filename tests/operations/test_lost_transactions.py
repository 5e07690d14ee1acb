"""What PostgreSQL undoes by no fault of its own is done again, once and not for ever."""

import pytest
from sqlalchemy import text

from incentives.extensions import db
from incentives.store import teams
from incentives.store.transaction import writing

pytestmark = [pytest.mark.postgres, pytest.mark.own_app]


@pytest.fixture
def database_url(postgres_database):
    """SQLite has one writer: nobody meets."""
    return postgres_database


@pytest.fixture
def manager(world, app):
    """Somebody signed in, who may ask for /hurt: what that does is set by each test."""
    app.add_url_rule("/hurt", "hurt", lambda: app.hurt(), methods=["POST"])
    app.view_functions["hurt"].policy = "see_team"
    world.login("Max", "manager", manages="East")
    return world.sign_in("Max")


class Hurt:
    """A view whose transaction the database undoes so many times, and that then gets through."""

    def __init__(self, times, sqlstate="40P01", *, after_commit=False):
        self.left, self.sqlstate, self.after_commit = times, sqlstate, after_commit
        self.asked = 0

    def __call__(self):
        self.asked += 1
        if self.after_commit:
            with writing():
                pass
        with writing() as session:
            session.add(teams.Team(code=f"t{self.asked}", name=f"Team {self.asked}"))
            session.flush()
            if self.left:
                self.left -= 1
                session.execute(
                    text(f"DO $$ BEGIN RAISE 'no' USING ERRCODE = '{self.sqlstate}'; END $$")
                )
        return "made"


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "57P01"])
def test_a_deadlock_or_a_cut_is_tried_again_and_done_once(app, manager, sqlstate):
    app.hurt = Hurt(2, sqlstate)
    assert manager.post("/hurt").text == "made"
    assert app.hurt.asked == 3
    made = [team.name for team in teams.all_teams() if team.name.startswith("Team")]
    assert made == ["Team 3"]


def test_not_for_ever_and_not_after_something_was_committed(app, manager):
    for hurt, asked, says in (
        (Hurt(99), 10, "nothing was stored"),
        (Hurt(99, "57P01"), 4, "nothing was stored"),
        (Hurt(99, after_commit=True), 1, "Look whether it is there"),
    ):
        app.hurt = hurt
        answer = manager.post("/hurt")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert says in answer.text
        assert hurt.asked == asked


def test_a_full_disk_is_507(app, manager):
    app.hurt = Hurt(99, "53100")
    answer = manager.post("/hurt")
    assert answer.status_code == 507
    assert "disk of the database is full" in answer.text
    assert app.hurt.asked == 1


def test_writers_wait_for_each_other_whatever_the_database_is_set_to(app, database_url):
    name = db.session.scalar(text("SELECT current_database()"))
    db.session.execute(
        text(f"ALTER DATABASE {name} SET default_transaction_isolation TO serializable")
    )
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    try:
        with writing() as session:
            assert session.scalar(text("SHOW transaction_isolation")) == "read committed"
    finally:
        db.session.execute(text(f"ALTER DATABASE {name} RESET default_transaction_isolation"))
        db.session.commit()
