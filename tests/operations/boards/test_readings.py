"""Boards of every kind over a small company: who stands on them, and how they are read."""

from datetime import date, timedelta
from decimal import Decimal

from incentives.extensions import db
from incentives.operations.change_leave import add_leave
from incentives.operations.change_people import join_team
from incentives.operations.read_contributions import read_contributions
from incentives.operations.set_quota import set_team_quota
from incentives.store.people import Person
from incentives.store.teams import Team
from incentives.store.transaction import writing
from tests.operations.boards.told import MANAGER, names, told


def off(world, code, first_day, end_day):
    add_leave(code, first_day=first_day, end_day=end_day, by=None, now=world.now)


# Audiences and entrants


def test_a_board_of_teams_keeps_what_was_done_in_them(world, people, board):
    world.deal(people["Bo"], "500", day="2026-11-02")
    with writing() as session:
        east = session.query(Team).filter_by(code="east").one()
        bo = session.get_one(Person, people["Bo"])
        join_team(session, bo, east, first_day=date(2026, 11, 10), by=None, now=world.now)
    world.deal(people["Bo"], "70", day="2026-11-12")
    world.deal(people["Ana"], "30", day="2026-11-12")
    world.refresh()
    assert told(board(entrants="teams")()) == [("West", 500, 1), ("East", 100, 2)]


def test_named_teams_stand_with_all_inside_them(world, board):
    central = world.team("Central")
    world.team("North", parent=db.session.get(Team, central))
    inside, outside = world.payee("Ana X", "North"), world.payee("Bo X", "South")
    world.deal(inside, "10")
    world.deal(outside, "99")
    world.refresh()
    named = {"of": "teams", "named": ["central"]}
    assert told(board(entrants="teams", audience=named)()) == [("Central", 10, 1)]
    assert told(board(audience=named)()) == [("Ana", 10, 1)]


def test_a_role_and_a_group_of_people_are_audiences(world, people, board):
    world.login("Ana X", "rep", person_id=people["Ana"])
    world.login("Bo X", "manager", person_id=people["Bo"])
    world.refresh()
    assert names(board(audience={"of": "roles", "named": ["rep"]})()) == ["Ana"]
    group = {"of": "people", "named": ["cy-x", "di-x"]}
    assert names(board(audience=group)()) == ["Cy", "Di"]


def test_the_hidden_are_absent_and_shift_nobody(world, people, board):
    for name, amount in (("Ana", "300"), ("Bo", "200"), ("Cy", "100")):
        world.deal(people[name], amount)
    world.refresh()
    reading = board(hidden=["ana-x"])()
    assert told(reading) == [("Bo", 200, 1), ("Cy", 100, 2), ("Di", 0, 3)]
    assert (reading.entrants, reading.rows[0].standing.gap) == (3, None)


# Readings


def test_per_cent_of_the_own_target(world, people, board):
    for name, quota, amount in (("Ana", "1000", "800"), ("Bo", "200", "180")):
        world.quota(people[name], quota)
        world.deal(people[name], amount)
    world.refresh()
    reading = board(reading={"kind": "of_target"})()
    assert told(reading)[:2] == [("Bo", Decimal("0.9"), 1), ("Ana", Decimal("0.8"), 2)]
    # Who has no quota stands below, without a place.
    assert told(reading)[2:] == [("Cy", None, None), ("Di", None, None)]
    assert reading.rows[0].quota == 200


def test_a_target_is_the_quota_as_the_plan_computes_it(world, people, board):
    # The plan ramps: half of the quota in the first month, October, and all of it then. A third of
    # 1,200 is 400 a month, so the quarter asks for 200 + 400 + 400.
    plan = {
        "schema": 1, "name": "Ramp", "currency": "USD", "quotas": {"ramp": ["0.5"]},
        "components": [
            {"key": "c", "name": "C", "yields": "money", "measure": "revenue",
             "accumulates": "quarter",
             "rule": {"kind": "marginal_rate", "tiers_by": "attainment",
                      "tiers": [{"up_to": "1", "rate": "0.1"}, {"rate": "0.2"}]}},
        ],
    }  # fmt: skip
    world.quota(people["Ana"], "1200")
    world.plan(plan, first_day=date(2026, 10, 1))
    world.deal(people["Ana"], "500")
    world.refresh()
    ana = board(reading={"kind": "of_target"})().rows[0]
    assert (ana.quota, ana.standing.score) == (1000, Decimal("0.5"))


def test_a_team_has_its_own_target(world, people, board):
    with writing() as session:
        east = session.query(Team).filter_by(code="east").one()
        set_team_quota(session, east, "revenue", "2026-Q4", Decimal(400), by=None, now=world.now)
    world.deal(people["Ana"], "100")
    world.refresh()
    reading = board(entrants="teams", reading={"kind": "of_target"})()
    assert told(reading)[0] == ("East", Decimal("0.25"), 1)


def test_a_score_a_day_leaves_leave_and_holidays_out(world, people, board):
    # November so far has 13 working days, the 18th included. Bo was off from the 2nd to the 13th,
    # ten of them; Cy all the time.
    off(world, "bo-x", date(2026, 11, 2), date(2026, 11, 14))
    off(world, "cy-x", date(2026, 11, 1), None)
    world.deal(people["Ana"], "1300", day="2026-11-03")
    world.deal(people["Bo"], "390", day="2026-11-17")
    world.refresh()
    reading = board(span={"period": "month"}, reading={"kind": "per_available_day"})()
    assert told(reading) == [("Bo", 130, 1), ("Ana", 100, 2), ("Di", 0, 3), ("Cy", None, None)]


def test_most_improved_against_the_own_month_before(world, people, board):
    # October has 22 working days, November 13 so far.
    world.deal(people["Ana"], "2200", day="2026-10-05")
    world.deal(people["Ana"], "1300", day="2026-11-05")
    world.deal(people["Bo"], "220", day="2026-10-05")
    world.deal(people["Bo"], "195", day="2026-11-05")
    world.deal(people["Cy"], "999", day="2026-11-05")
    world.refresh()
    reading = board(span={"period": "month"}, reading={"kind": "improvement"})()
    # Ana did 100 a day in both, Bo 10 and then 15. Cy has nothing to improve on.
    assert told(reading)[:2] == [("Bo", Decimal("0.5"), 1), ("Ana", 0, 2)]
    assert {row.standing.place for row in reading.rows[2:]} == {None}


def test_a_ratio_of_two_numbers_ranks_from_its_minimum(world, people, board):
    world.deal(people["Ana"], "10")
    world.deal(people["Ana"], "0", kind="call")
    for number in range(4):
        world.deal(people["Bo"], "0", kind="call")
        if number < 3:
            world.deal(people["Bo"], "10")
    world.refresh()
    ratio = {"kind": "ratio", "over": "calls", "minimum_volume": 4}
    reading = board(scores=[{"kpi": "deals_won"}], reading=ratio)()
    assert told(reading)[0] == ("Bo", Decimal("0.75"), 1)
    assert told(reading)[1] == ("Ana", None, None)


def test_several_numbers_are_weighed(world, people, board):
    world.deal(people["Ana"], "100")
    for _ in range(3):
        world.deal(people["Bo"], "0", kind="call")
    world.refresh()
    weighed = [{"kpi": "revenue", "weight": "0.1"}, {"kpi": "calls", "weight": "5"}]
    assert told(board(scores=weighed)())[:2] == [("Bo", 15, 1), ("Ana", 10, 2)]


def test_a_window_rolls_with_the_days(world, people, board):
    world.deal(people["Ana"], "50", day="2026-11-12")
    world.deal(people["Bo"], "90", day="2026-11-11")
    world.refresh()
    read = board(span={"rolling": 7})
    assert told(read())[:2] == [("Ana", 50, 1), ("Bo", 0, 2)]
    # A week ago both were in the window, so Bo, who led by 40 yesterday, has lost a place.
    assert {row.entrant.name[:2]: row.moved for row in read().rows}["Bo"] == -1


def test_a_contest_may_stand_as_a_board(world, people, board):
    slug = world.contest("Sprint", starts_at=world.now - timedelta(days=3))
    world.deal(people["Ana"], "50", day="2026-11-17")
    world.deal(people["Bo"], "90", day="2026-11-10")
    world.refresh()
    reading = board(scores=[{"contest": slug}])()
    assert told(reading)[:2] == [("Ana", 50, 1), ("Bo", 0, 2)]
    why = read_contributions(reading.board.slug, people["Ana"], viewer=MANAGER, now=world.now)
    assert (len(why.items), why.value) == (1, 50)
