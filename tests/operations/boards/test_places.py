"""Who stands where on a board, and which part of it is shown."""

from datetime import date

import pytest
from sqlalchemy import text

from incentives.core.boards.privacy import Viewer
from incentives.errors import Invalid, NotFound
from incentives.extensions import db
from incentives.operations.board_snapshots import stamp
from incentives.operations.read_contributions import read_contributions
from incentives.store import audit
from incentives.store.people import Person
from incentives.store.transaction import writing
from tests.operations.boards.told import MANAGER, TEAMS, names, told

# Places


def test_who_first_reached_a_score_stands_first(world, people, board):
    read = board(places="ordinal")
    ana, bo = people["Ana"], people["Bo"]
    world.deal(ana, "100", day="2026-10-03")
    world.deal(bo, "100", day="2026-10-03")
    world.deal(bo, "100", day="2026-10-04")
    world.refresh()
    assert told(read())[:2] == [("Bo", 200, 1), ("Ana", 100, 2)]
    world.deal(ana, "100", day="2026-10-05")
    world.refresh()
    assert told(read())[:2] == [("Bo", 200, 1), ("Ana", 200, 2)]
    # An event that adds nothing moves nobody's clock.
    world.deal(bo, "0", day="2026-10-06")
    world.refresh()
    assert told(read())[:2] == [("Bo", 200, 1), ("Ana", 200, 2)]


def test_declared_measures_decide_before_the_clock(world, people, board):
    world.deal(people["Ana"], "200", day="2026-10-03")
    world.deal(people["Bo"], "100", day="2026-10-04")
    world.deal(people["Bo"], "100", day="2026-10-05")
    world.refresh()
    read = board(ties=["deals_won"])
    assert told(read())[:2] == [("Bo", 200, 1), ("Ana", 200, 1)]
    why = read_contributions(read.slug, people["Ana"], viewer=MANAGER, now=world.now)
    assert (why.tie.link, why.tie.mine, why.tie.theirs) == ("measure", 1, 2)
    assert why.tied_with.entrant.id == why.first_of_tie.entrant.id == people["Bo"]


def test_new_hires_are_ranked_apart(world, people, board):
    new = world.payee("Eve X", "East", since=date(2026, 11, 1))
    world.deal(people["Ana"], "100")
    world.deal(new, "40")
    world.refresh()
    reading = board(divide={"by": "new_hires", "days": 90})()
    assert reading.groups == ("Everybody else", "New hires")
    last = reading.rows[-1]
    assert (last.entrant.id, last.group, last.standing.place) == (new, "New hires", 1)


def test_leagues_follow_from_the_months_before(world, people, board):
    # September decides who begins where: Ana, Bo | Cy, Di. In October Cy does best and Bo worst
    # of the first league, so they change places.
    september = {"Ana": "40", "Bo": "30", "Cy": "20", "Di": "10"}
    october = {"Ana": "40", "Bo": "10", "Cy": "50", "Di": "20"}
    for name in TEAMS:
        world.deal(people[name], september[name], day="2026-09-10")
        world.deal(people[name], october[name], day="2026-10-10")
    world.deal(people["Di"], "5", day="2026-11-10")
    world.refresh()
    divide = {"by": "leagues", "size": 2, "move": 1, "since": "2026-10"}
    read = board(span={"period": "month"}, divide=divide)
    of = {row.entrant.name[:2].strip(): row.group for row in read().rows}
    assert of == {"An": "League 1", "Cy": "League 1", "Bo": "League 2", "Di": "League 2"}
    assert {row.entrant.name[:2].strip(): row.zone for row in read().rows}["Di"] == "up"
    october_rows = read(period="2026-10").rows
    assert [(row.entrant.name[:2].strip(), row.group[-1]) for row in october_rows] == [
        ("An", "1"),
        ("Bo", "1"),
        ("Cy", "2"),
        ("Di", "2"),
    ]


def test_movement_may_be_told_since_the_week_and_since_the_period_before(world, people, board):
    world.deal(people["Bo"], "900", day="2026-09-10")
    world.deal(people["Bo"], "100", day="2026-11-10")
    world.deal(people["Ana"], "150", day="2026-11-16")
    world.refresh()
    read = board()

    def moved(since):
        return {row.entrant.name[:2].strip(): row.moved for row in read(since=since).rows}

    assert moved("day")["An"] == 0
    # On Monday morning all but Bo were level in second place; in the third quarter, too.
    assert (moved("week")["An"], moved("week")["Bo"]) == (1, -1)
    assert (moved("period")["An"], moved("period")["Bo"]) == (1, -1)
    with pytest.raises(Invalid, match="day, week, period"):
        read(since="year")


# Slices


def test_a_page_a_search_and_those_round_somebody_are_slices_of_the_whole(world, people, board):
    for number, name in enumerate(TEAMS):
        world.deal(people[name], str(100 - number))
    world.refresh()
    read = board()
    whole = read().rows
    assert names(read(first=1, limit=2)) == [row.entrant.name[:2].strip() for row in whole[1:3]]
    assert read(first=1, limit=2).total == 4
    assert names(read(search="cy")) == ["Cy"]
    mine = Viewer("rep", people["Di"])
    around = read(viewer=mine, around=3)
    assert (around.rows, around.first) == (read(viewer=mine).rows[1:], 1)
    assert read(around=3, around_whom=people["Ana"]).rows == whole[:3]
    assert read(viewer=mine).own.is_own
    with pytest.raises(NotFound, match="not on the board"):
        read(around=3)


def test_a_kept_board_is_the_board_of_now(world, people, board):
    read = board()
    assert names(read()) == ["Ana", "Bo", "Cy", "Di"]
    world.deal(people["Di"], "10")
    world.refresh()
    assert names(read())[0] == "Di"
    with writing() as session:
        session.get_one(Person, people["Di"]).name = "Zoe X"
        audit.record(session, "person changed", "di-x", by=None, now=world.now)
    assert names(read())[0] == "Zoe"


def test_what_another_connection_wrote_is_seen_at_once(world, people, board):
    before = stamp()
    assert stamp() == before
    with db.engine.begin() as elsewhere:
        elsewhere.execute(text("UPDATE marker SET computed = computed + 1, wanted = wanted + 1"))
    db.session.rollback()
    assert stamp().version == before.version + 4
