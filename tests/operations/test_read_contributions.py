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


GIVERS = {
    "schema": 1,
    "name": "Points",
    "currency": "USD",
    "components": [
        {
            "key": "each",
            "name": "Each deal",
            "yields": "points",
            "measure": "deals_won",
            "accumulates": "deal",
            "rule": {"kind": "per_unit", "amount": "10"},
        },
        {
            "key": "club",
            "name": "Club",
            "yields": "points",
            "measure": "revenue",
            "accumulates": "month",
            "rule": {
                "kind": "milestone",
                "by": "amount",
                "milestones": [{"name": "First 1,000", "at_least": "1000", "amount": "50"}],
            },
        },
        {
            "key": "month",
            "name": "Good month",
            "yields": "points",
            "measure": "deals_won",
            "accumulates": "month",
            "rule": {
                "kind": "bonus",
                "by": "amount",
                "bonuses": [{"at_least": "2", "amount": "7"}],
            },
        },
    ],
}


def test_each_contribution_names_what_gave_its_points_and_they_sum_to_the_score(world):
    # 10 for each of two deals, 50 for the one that reaches 1,000, 7 for the month with two.
    ana = world.payee("Ana Silva")
    world.plan(GIVERS)
    world.deal(ana, "400.00", external_id="first")
    world.deal(ana, "700.00", external_id="second")
    world.refresh()
    found = behind(world, "points", ana)
    assert found.row.standing.score == found.value == 10 + 10 + 50 + 7
    assert [
        (item.credit.external_id, sorted((each.component, each.points) for each in item.given))
        for item in found.items
    ] == [("second", [("Club", 50), ("Each deal", 10)]), ("first", [("Each deal", 10)])]
    assert [(each.component, each.points) for each in found.periods] == [("Good month", 7)]
    told = {each.component: each for item in found.items for each in item.given}
    assert told["Each deal"].plan == "Points v1"
    assert told["Each deal"].rule == (
        "Each deal: for deals won, each deal by itself, you get 10 points for each."
    )


def test_points_are_told_by_the_version_of_their_day(world):
    ana = world.payee("Ana Silva")
    slug, _ = world.plan(GIVERS)
    dearer = {**GIVERS, "components": [{**GIVERS["components"][0]}]}
    dearer["components"][0]["rule"] = {"kind": "per_unit", "amount": "25"}
    world.plan(dearer, first_day=date(2026, 11, 1), slug=slug)
    world.deal(ana, "400.00", day="2026-10-20")
    world.deal(ana, "400.00", day="2026-11-10")
    world.refresh()
    found = behind(world, "points", ana)
    assert [(item.plan, item.points) for item in found.items] == [
        ("Points v2", 25),
        ("Points v1", 10),
    ]
    assert "25 points for each" in found.items[0].given[0].rule


def test_a_tie_of_three_says_what_the_first_has_before_each(world):
    # All 200. Cy had it on the 3rd, Bo on the 5th, Ana on the 9th.
    people = {name: world.payee(name) for name in ("Ana", "Bo", "Cy")}
    for name, day in (("Cy", "03"), ("Bo", "05"), ("Ana", "09")):
        world.deal(people[name], "200", day=f"2026-11-{day}")
    world.refresh()
    for name, other in (("Ana", "Cy"), ("Bo", "Cy"), ("Cy", "Bo")):
        found = behind(world, "revenue", people[name])
        assert found.tie.link == "first_reached"
        assert found.first_of_tie.entrant.name == "Cy"
        assert found.tied_with.entrant.name == other
        assert found.tie.is_above == (name == "Cy")
