"""What is listed behind a score sums to the score."""

from datetime import date, timedelta
from decimal import Decimal

from incentives.core.boards.privacy import Viewer
from incentives.extensions import db
from incentives.operations.change_people import join_team
from incentives.operations.read_contributions import read_contributions
from incentives.store import people, teams
from incentives.store.transaction import writing

REP = Viewer("rep")


def behind(world, slug, payee, **asked):
    asked = {"period": "2026-Q4", "team": None, **asked}
    return read_contributions(
        slug, payee, viewer=REP, now=world.now + timedelta(minutes=1), **asked
    )


def test_on_a_team_board_only_what_was_done_while_there_is_listed(world):
    ana = world.payee("Ana Silva", team="East")
    west = world.team("West")
    with writing() as session:
        person, team = db.session.get(people.Person, ana), db.session.get(teams.Team, west)
        join_team(session, person, team, first_day=date(2026, 11, 5), by=None, now=world.now)
    world.deal(ana, "300.00", day="2026-11-03")  # in the East
    world.deal(ana, "500.00", day="2026-11-10")  # in the West
    world.refresh()
    for team, score in [("east", "300"), ("west", "500"), (None, "800")]:
        found = behind(world, "revenue", ana, team=team)
        assert found.row.standing.score == found.value == Decimal(score)


def test_points_follow_a_deal_that_is_moved_to_another_week(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    world.deal(ana, "400.00", day="2026-11-03", external_id="D")  # week 45
    world.refresh()
    world.deal(ana, "400.00", day="2026-11-10", external_id="D")  # week 46
    world.refresh()
    found = behind(world, "points", ana, period="2026-W46")
    assert found.row.standing.score == 48
    assert found.value == found.points == 48
    assert behind(world, "points", ana, period="2026-W45").items == []
