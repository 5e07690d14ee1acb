"""Several operations as one transaction: all of them are done, or none."""

import pytest

from incentives.errors import Taken
from incentives.extensions import db
from incentives.store import teams
from incentives.store.transaction import as_one, once_committed, writing


def make(code):
    with writing() as session:
        session.add(teams.Team(code=code, name=code))


def codes():
    return sorted(team.code for team in teams.all_teams() if team.code != "east")


def begin(session):
    session.add(teams.Team(code="first", name="first"))


def test_what_is_written_by_several_is_committed_at_the_end(world):
    done = []
    with as_one(begin):
        make("a")
        make("b")
        once_committed(lambda: done.append(codes()))
        assert done == []
    assert done == [["a", "b", "first"]]


def test_an_error_undoes_all_of_it_and_nothing_is_done_afterwards(world):
    done = []

    def fail():
        make("a")
        once_committed(lambda: done.append(1))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), as_one(begin):
        fail()
    assert (codes(), done) == ([], [])
    make("later")
    assert codes() == ["later"]


@pytest.mark.parametrize("before", [[], ["c"]])
def test_one_that_is_refused_may_be_followed_by_another(world, before):
    """The refused one alone is undone, whether it is the first in the transaction or not."""
    make("a")
    with as_one(begin):
        for code in before:
            make(code)
        with pytest.raises(Taken):
            make("a")
        make("b")
    assert codes() == sorted(["a", "b", "first", *before])


def test_nothing_is_begun_before_something_is_written(world):
    with pytest.raises(AssertionError), as_one(lambda session: pytest.fail("nobody wrote")):
        codes()


def test_what_is_thrown_away_on_the_way_is_never_called_done(world):
    def lose():
        make("a")
        db.session.rollback()

    with pytest.raises(AssertionError, match="must not have been undone"), as_one(begin):
        lose()
    assert codes() == []


def test_outside_of_it_it_is_done_at_once(world):
    done = []
    once_committed(lambda: done.append(1))
    assert done == [1]
