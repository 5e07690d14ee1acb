"""Quotas of payees and of teams: set, listed, and felt by those they concern."""

from datetime import date
from decimal import Decimal

import pytest

from incentives.errors import Invalid
from incentives.extensions import db
from incentives.operations.import_quotas import Reach, everybody, import_quotas
from incentives.operations.set_quota import set_quota, set_team_quota
from incentives.store.audit import entries_of
from incentives.store.markers import stale_payees
from incentives.store.people import Person
from incentives.store.quotas import quotas_of, team_quotas
from incentives.store.teams import Team
from incentives.store.transaction import writing

LIST = """payee,team,measure,period,amount
Ana Silva,,revenue,2026-Q4,82000
,west,deals_won,2026,40
ana-silva,,target incentive,2026,60000
Nobody,,revenue,2026-Q4,1
,East,target incentive,2026,60000
bo-lind,,revenue,2026-Q4,0.005
ana-silva,,revenue,2026-Q4,9
"""


def put_team(world, team_id, amount, measure="revenue", period="2026-Q4"):
    with writing() as session:
        team = session.get_one(Team, team_id)
        return set_team_quota(
            session, team, measure, period, Decimal(amount), by=None, now=world.now
        )


def test_a_team_has_a_quota_of_its_own(world):
    ana, west = world.payee("Ana Silva", team="West"), world.team("West")
    world.quota(ana, "500")
    assert put_team(world, west, "1000") == "created"
    assert put_team(world, west, "1000.00") == "unchanged"
    assert put_team(world, west, "900") == "changed"
    assert team_quotas(west) == {("revenue", "2026-Q4"): 900}
    assert quotas_of(ana) == {("revenue", "2026-Q4"): 500}
    entry = entries_of("quota set", 1)[0]
    assert (entry.subject, entry.before, entry.after) == (
        "team West, revenue, 2026-Q4",
        "1000",
        "900",
    )


def test_a_team_quota_concerns_whoever_is_in_the_team_in_its_period(world):
    world.team("North")
    world.team("West", parent=db.session.get(Team, world.team("North")))
    ana = world.payee("Ana", team="West")
    world.payee("Bo", team="East")
    world.payee("Cy", team="West", since=date(2027, 1, 1))
    world.refresh()
    put_team(world, world.team("North"), "1000")
    assert stale_payees() == [ana]


@pytest.mark.parametrize(
    ("measure", "period", "amount", "sentence"),
    [
        ("target_incentive", "2026", "1", "no such measure"),
        ("points", "2026", "1", "no such measure"),
        ("revenue", "2026-Q5", "1", "no such measure or period"),
        ("revenue", "2026", "-1", "Write 0 or more"),
        ("revenue", "2026", "1.005", "USD has 2 decimals"),
    ],
)
def test_what_cannot_be_a_team_quota_is_refused(world, measure, period, amount, sentence):
    west = world.team("West")
    with pytest.raises(Invalid, match=sentence):
        put_team(world, west, amount, measure, period)


def test_a_target_incentive_is_a_quota_of_a_payee_that_tells_of_pay(world):
    ana = world.payee("Ana Silva")
    world.quota(ana, "60000", period="2026", measure="target_incentive")
    assert quotas_of(ana) == {("target_incentive", "2026"): 60000}
    world.login("Sam", "administrator")
    world.login("Fay", "finance")
    assert entries_of("quota set", 1)[0].after == {"target_incentive": "60000"}
    assert "60000" not in world.sign_in("Sam").get("/audit").text
    assert "60000" in world.sign_in("Fay").get("/audit").text


def test_a_list_sets_its_good_rows_and_names_the_others(world):
    ana, bo = world.payee("Ana Silva", team="West"), world.payee("Bo Lind")
    report = import_quotas(LIST.encode(), reach=everybody(), by=None, now=world.now)
    assert (report.rows, report.created, report.rejected) == (7, 3, 4)
    assert [(issue.row, issue.field, issue.code) for issue in report.issues] == [
        (5, "payee", "unknown_payee"),
        (6, "team", "target_of_team"),
        (7, "amount", "bad_amount"),
        (8, "period", "twice"),
    ]
    assert quotas_of(ana) == {("revenue", "2026-Q4"): 82000, ("target_incentive", "2026"): 60000}
    assert team_quotas(world.team("West")) == {("deals_won", "2026"): 40}
    assert quotas_of(bo) == {}
    again = import_quotas(LIST.encode(), reach=everybody(), by=None, now=world.now)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 3)


def test_a_list_reaches_no_further_than_whoever_sends_it(world):
    ana, west = world.payee("Ana Silva", team="West"), world.team("West")
    nothing = Reach((), (), targets=False)
    report = import_quotas(LIST.encode(), reach=nothing, by=None, now=world.now)
    assert (report.created, report.rejected) == (0, 7)
    assert (quotas_of(ana), team_quotas(west)) == ({}, {})
    own = Reach([ana], [west], targets=False)
    report = import_quotas(LIST.encode(), reach=own, by=None, now=world.now)
    assert "not_yours" in {issue.code for issue in report.issues}
    assert quotas_of(ana) == {("revenue", "2026-Q4"): 82000}


def test_setting_says_what_became_of_it(world):
    ana = world.payee("Ana Silva")
    with writing() as session:
        person = session.get_one(Person, ana)
        said = [
            set_quota(session, person, "revenue", "2026", amount, by=None, now=world.now)
            for amount in (Decimal(5), Decimal(5), None, None)
        ]
    assert said == ["created", "unchanged", "changed", "unchanged"]
