"""Managers, pools and shared budgets: whoever looks at others' credits follows when they change."""

from datetime import date

import pytest

from incentives.extensions import db
from incentives.operations.change_people import join_team
from incentives.operations.change_teams import set_manager
from incentives.store import markers, people, teams
from incentives.store.transaction import writing


def plan(name, **component):
    return {
        "schema": 1,
        "name": name,
        "currency": "USD",
        "components": [
            {
                "key": "pay",
                "name": "Pay",
                "yields": "money",
                "measure": "revenue",
                "rule": {"kind": "flat_rate", "rate": "0.1"},
                **component,
            }
        ],
    }


OVERRIDE = plan("Override", credited="team", rule={"kind": "flat_rate", "rate": "0.01"})
POOL = plan("Pool", credited="pool")
BUDGET = plan(
    "Race",
    measure="deals_won",
    window={"from": "2026-11-01", "until": "2026-12-01"},
    rule={"kind": "spif", "amount": "50", "budget": "75", "budget_for": "everyone"},
)


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


@pytest.fixture
def bo(world):
    return world.payee("Bo Lind", team="East")


@pytest.fixture
def mia(world, ana):
    """Earns as the manager of East, and is in a team of managers."""
    mia = world.payee("Mia Costa", team="Managers")
    world.login("Mia Costa", "manager", manages="East", person_id=mia)
    return mia


def move(world, payee, team, day):
    team_id = world.team(team)
    with writing() as session:
        person, home = session.get(people.Person, payee), session.get(teams.Team, team_id)
        join_team(session, person, home, first_day=day, by=None, now=world.now)


def behind():
    db.session.rollback()
    return set(markers.stale_payees())


def test_a_manager_earns_on_the_deals_of_the_team(world, ana, bo, mia):
    world.plan(OVERRIDE)
    world.refresh()
    world.deal(ana, "1000")
    world.deal(bo, "500", product="GTX Pro")
    assert behind() == {ana, bo, mia}
    world.refresh()
    assert world.total(mia, "money") == 1500  # 1 % of 1,500.00


def test_a_deal_counts_for_who_managed_the_team_on_its_day(world, ana, mia):
    """Zoe is set from the 15th: the deal of the 10th stays Mia's, that of the 20th is hers."""
    zoe = world.payee("Zoe Holm", team="Managers")
    world.plan(OVERRIDE)
    world.deal(ana, "1000", day="2026-11-10")
    world.deal(ana, "3000", day="2026-11-17")
    world.refresh()
    assert (world.total(mia, "money"), world.total(zoe, "money")) == (4000, 0)
    set_manager(
        "east", person=world.code(zoe), first_day=date(2026, 11, 15), by=None, now=world.now
    )
    assert behind() >= {mia, zoe}
    world.refresh()
    assert (world.total(mia, "money"), world.total(zoe, "money")) == (1000, 3000)


def test_who_leaves_the_team_takes_later_deals_along(world, ana, mia):
    world.plan(OVERRIDE)
    world.deal(ana, "1000", day="2026-11-10")
    world.deal(ana, "3000", day="2026-11-17")
    world.refresh()
    move(world, ana, "West", date(2026, 11, 15))
    assert mia in behind()
    world.refresh()
    assert world.total(mia, "money") == 1000


def test_a_pool_shares_what_the_team_earned_and_follows_who_is_in_it(world, ana, bo):
    world.plan(POOL)
    world.refresh()
    world.deal(ana, "1000")
    assert behind() == {ana, bo}
    world.refresh()
    # 10 % of 1,000.00 for two.
    assert (world.total(ana, "money"), world.total(bo, "money")) == (5000, 5000)
    cy = world.payee("Cy Dahl", team="East")
    world.plan(POOL, slug="pool")
    assert behind() >= {ana, bo, cy}
    world.refresh()
    assert [world.total(payee, "money") for payee in (ana, bo, cy)] == [3334, 3333, 3333]


def test_a_shared_budget_goes_to_who_comes_first(world, ana, bo):
    world.plan(BUDGET)
    world.deal(bo, "100", day="2026-11-10")
    world.refresh()
    assert (world.total(ana, "money"), world.total(bo, "money")) == (0, 5000)
    world.deal(ana, "100", day="2026-11-05")  # known later, but it came first
    assert behind() == {ana, bo}
    world.refresh()
    assert (world.total(ana, "money"), world.total(bo, "money")) == (5000, 2500)


def test_nobody_else_is_behind_where_nobody_looks(world, ana, bo, mia):
    world.plan()
    world.refresh()
    world.deal(ana, "1000")
    assert behind() == {ana}
