"""What the database cannot do is said in sentences, and never answered with a success."""

import threading

import pytest

from incentives.errors import Taken
from incentives.extensions import db
from incentives.store import teams
from incentives.store.driver import Driver
from incentives.store.transaction import writing

pytestmark = pytest.mark.own_app


@pytest.fixture
def manager(world, app):
    """Somebody signed in, who may ask for /hurt: what that does is set by each test."""
    app.add_url_rule("/hurt", "hurt", lambda: app.hurt(), methods=["POST"])
    app.view_functions["hurt"].policy = "see_team"
    world.login("Max", "manager", manages="East")
    return world.sign_in("Max")


def test_of_two_who_make_the_same_at_once_one_is_told(world, app):
    """Both have looked and found the name free; both insert."""
    both_looked, answers = threading.Barrier(2), []

    def make():
        with app.app_context():
            try:
                with writing() as session:
                    if db.engine.dialect.name == "postgresql":
                        both_looked.wait(10)
                    session.add(teams.Team(code="north", name="North"))
                answers.append("made")
            except Taken as error:
                answers.append(error.message)

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers)[1] == "made"
    assert "was stored a moment ago" in sorted(answers)[0]


def test_a_page_says_what_is_taken(world, manager, app):
    app.hurt = twice_the_same
    answer = manager.post("/hurt")
    assert answer.status_code == 409
    assert "choose another name" in answer.text


def twice_the_same():
    with writing() as session:
        session.add(teams.Team(code="north", name="North"))
        session.flush()
        session.add(teams.Team(code="north", name="North"))
    return "made"


def test_what_goes_straight_to_the_driver_is_told_like_anything_else(world):
    with pytest.raises(Taken), writing() as session:
        Driver(session).append("holiday", ("day", "name"), [("2026-01-01", "New Year")] * 2)
