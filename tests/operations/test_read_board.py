"""A board over any period and team: who stands where, since when, and how far from the next."""

from datetime import date
from decimal import Decimal

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.errors import NotFound
from incentives.extensions import db
from incentives.operations.change_people import join_team
from incentives.operations.read_board import read_board
from incentives.store.people import Person
from incentives.store.teams import Team
from incentives.store.transaction import writing

REP = Viewer("rep")


@pytest.fixture
def people(world):
    found = {name: world.payee(f"{name} X", team) for name, team in TEAMS.items()}
    world.plan()
    return found


TEAMS = {"Ana": "East", "Bo": "West", "Cy": "West"}


def rows(world, slug="revenue", **asked):
    return read_board(slug, viewer=REP, **asked, now=world.now).rows


def told(rows):
    return [(row.entrant.name.split()[0], row.standing.score, row.standing.place) for row in rows]


def test_everybody_stands_on_the_board_with_0_if_nothing_came(world, people):
    world.deal(people["Bo"], "500")
    world.refresh()
    assert told(rows(world)) == [("Bo", 500, 1), ("Ana", 0, 2), ("Cy", 0, 2)]


def test_periods_are_kinds_or_keys(world, people):
    world.deal(people["Ana"], "100", day="2026-11-18")
    world.deal(people["Ana"], "20", day="2026-11-02")
    world.deal(people["Ana"], "3", day="2026-08-01")
    world.refresh()
    asked = ["day", "week", "month", "quarter", "year", "2026-Q3", "2026-08", "2025"]
    assert [rows(world, period=each)[0].standing.score for each in asked] == [
        100,
        100,
        120,
        120,
        123,
        3,
        3,
        0,
    ]


@pytest.mark.parametrize("period", ["soon", "2026-13", "9999"])
def test_a_period_that_is_none_is_said(world, people, period):
    with pytest.raises(NotFound, match="is no period"):
        rows(world, period=period)


def test_a_team_that_is_none_is_said(world, people):
    with pytest.raises(NotFound, match="no team called north"):
        rows(world, team="north")


def test_movement_is_since_the_start_of_today(world, people):
    world.deal(people["Bo"], "500", day="2026-11-10")
    world.deal(people["Ana"], "400", day="2026-11-10")
    world.deal(people["Ana"], "200", day="2026-11-18")
    world.refresh()
    moved = {row.entrant.name[:2].strip(): row.moved for row in rows(world)}
    assert moved == {"An": 1, "Bo": -1, "Cy": 0}
    assert {row.moved for row in rows(world, period="day")} == {None}


def test_a_move_between_teams_never_moves_history(world, people):
    world.deal(people["Bo"], "500", day="2026-11-02")
    with writing() as session:
        join_team(
            session,
            session.get_one(Person, people["Bo"]),
            session.query(Team).filter_by(code="east").one(),
            first_day=date(2026, 11, 10),
            by=None,
            now=world.now,
        )
    world.deal(people["Bo"], "70", day="2026-11-12")
    world.refresh()
    assert told(rows(world, team="west")) == [("Bo", 500, 1), ("Cy", 0, 2)]
    assert told(rows(world, team="east")) == [("Bo", 70, 1), ("Ana", 0, 2)]
    assert told(rows(world))[0] == ("Bo", 570, 1)


def test_months_and_weeks_of_a_quarter_sum_to_the_score(world, people):
    for day, amount in (("2026-10-01", "1"), ("2026-11-10", "20"), ("2026-11-18", "300")):
        world.deal(people["Ana"], amount, day=day)
    world.refresh()
    row = rows(world)[0]
    assert row.splits == [1, 320, 0]
    assert sum(row.bars) == row.standing.score == 321


def test_attainment_is_the_score_over_the_quota_of_that_period(world, people):
    world.quota(people["Ana"], "1000")
    world.deal(people["Ana"], "986", day="2026-11-10")
    world.refresh()
    assert [row.attainment for row in rows(world)] == [Decimal("0.986"), None, None]
    # A month has a third of the quarter's quota, as it has in a plan: 986 of 333.33….
    assert rows(world, period="month")[0].attainment == Decimal("2.958")
    assert rows(world, period="2026-Q3")[0].attainment is None


def test_ratios_rank_only_from_their_minimum_volume(world, people):
    for _ in range(9):
        world.deal(people["Ana"], "10")
    for number in range(10):
        world.deal(people["Bo"], "10", kind="deal_won" if number < 4 else "deal_lost")
    world.refresh()
    assert told(rows(world, "win-rate")) == [
        ("Bo", Decimal("0.4"), 1),
        ("Ana", None, None),
        ("Cy", None, None),
    ]


def test_fewer_days_to_close_are_better(world, people):
    for name, days in (("Ana", "30"), ("Bo", "20")):
        for _ in range(5):
            world.deal(people[name], "10", attributes={"days_to_close": days})
    world.refresh()
    assert told(rows(world, "days-to-close"))[:2] == [("Bo", 20, 1), ("Ana", 30, 2)]


def test_points_stand_on_the_day_of_the_activity(world, people):
    world.deal(people["Ana"], "10", day="2026-11-18", product="GTX Pro")
    world.deal(people["Ana"], "10", day="2026-11-17", product="GTK 500")
    world.refresh()
    assert rows(world, "points", period="day")[0].standing.score == 48
    assert rows(world, "points")[0].standing.score == 48 + 268


def test_the_version_grows_with_every_change_that_is_worked_in(world, people):
    before = read_board("revenue", viewer=REP, now=world.now).version
    world.deal(people["Ana"], "10")
    db.session.rollback()
    assert read_board("revenue", viewer=REP, now=world.now).version == before
    world.refresh()
    assert read_board("revenue", viewer=REP, now=world.now).version > before
