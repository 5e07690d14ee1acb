"""A manager's team and its quotas: own people only, exact numbers, every cell for itself."""

from decimal import Decimal

import pytest

from incentives.operations.read_team import read_team
from incentives.store.quotas import quotas_of, team_quotas
from incentives.web import quotas, team


@pytest.fixture(autouse=True)
def today(monkeypatch, world):
    for module in (team, quotas):
        monkeypatch.setattr(module, "now", lambda: world.now)


@pytest.fixture
def people(world):
    ana, bo = world.payee("Ana Silva", team="East"), world.payee("Bo Lind", team="West")
    mia = world.login("Mia Berg", "manager", manages="East")
    return ana, bo, mia


@pytest.fixture
def mia(world, people):
    return world.sign_in("Mia Berg")


def test_a_manager_sees_the_own_team_against_its_quota(world, people, mia):
    ana, bo, mia_id = people
    world.quota(ana, "1000")
    world.deal(ana, "400")
    world.deal(bo, "900")
    world.refresh()
    found = read_team(mia_id, period_kind="quarter", now=world.now)
    assert [row.person.name for row in found.rows] == ["Ana Silva"]
    assert found.attainment.ratio == Decimal("0.4")
    assert found.attainment.missing == 600
    assert found.rows[0].cells["revenue"].share == Decimal("0.4")
    assert found.rows[0].this_week == (0, 0)  # the deal closed last week
    assert found.rows[0].last_week == (1, 400)
    page = mia.get("/team").text
    assert "Ana Silva" in page
    assert "Bo Lind" not in page
    assert "40.0" in page
    assert "heat-1" in page  # under 60 %, a place to help


def test_open_deals_are_counted_with_their_age(world, people):
    ana, _, mia_id = people
    world.deal(ana, "0", kind="deal_open", day="2026-09-01")
    world.deal(ana, "0", kind="deal_open", day="2026-11-10")
    found = read_team(mia_id, period_kind="quarter", now=world.now).rows[0].open
    assert (found.count, found.old, found.oldest_days) == (2, 1, 78)


def test_a_team_without_quotas_or_people_says_so(world, people, mia):
    assert "no attainment" in mia.get("/team").text
    world.login("Nia Holm", "manager")
    assert "You manage no team yet" in world.sign_in("Nia Holm").get("/team").text


def test_quotas_are_set_changed_and_taken_away_in_one_table(world, people, mia):
    ana = people[0]
    world.quota(ana, "500", period="2027-Q1")
    cell, other = f"q-{ana}-2026-Q4", f"q-{ana}-2027-Q1"
    data = {cell: "82,000", f"was-{cell}": "", other: "", f"was-{other}": "500"}
    assert mia.post("/quotas", data=data).status_code == 302
    assert quotas_of(ana) == {("revenue", "2026-Q4"): 82000}


def test_a_cell_that_was_not_touched_keeps_what_somebody_else_wrote(world, people, mia):
    ana = people[0]
    world.quota(ana, "900")
    cell = f"q-{ana}-2026-Q4"
    assert mia.post("/quotas", data={cell: "500", f"was-{cell}": "500"}).status_code == 302
    assert quotas_of(ana) == {("revenue", "2026-Q4"): 900}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("much", "Write a number, such as 82000"),
        ("-5", "Write a number, such as 82000"),
        ("1.005", "USD has 2 decimals."),
        ("99999999999999", "Write a smaller number."),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_saved(world, people, mia, text, sentence):
    ana = people[0]
    cell, right = f"q-{ana}-2026-Q4", f"q-{ana}-2027-Q1"
    answer = mia.post("/quotas", data={cell: text, right: "100"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="{cell}-error"' in answer.text
    assert f'value="{text}"' in answer.text
    assert quotas_of(ana) == {}


def test_copying_fills_empty_cells_and_saves_nothing(world, people, mia):
    ana = people[0]
    world.quota(ana, "82000")
    text = mia.get("/quotas?copy=2027-Q1").text
    assert f'name="q-{ana}-2027-Q1" value="82000"' in text
    assert "Nothing is saved yet" in text
    assert len(quotas_of(ana)) == 1


def test_a_manager_reaches_only_the_own_people(world, people, mia):
    bo = people[1]
    assert "Bo Lind" not in mia.get("/quotas").text
    assert mia.post("/quotas", data={f"q-{bo}-2026-Q4": "1"}).status_code == 302
    assert quotas_of(bo) == {}


def test_an_administrator_sets_the_quotas_of_all_and_sees_no_team(world, people):
    bo = people[1]
    world.login("Ada Roth", "administrator")
    ada = world.sign_in("Ada Roth")
    assert ada.post("/quotas", data={f"q-{bo}-2026-Q4": "1"}).status_code == 302
    assert quotas_of(bo) == {("revenue", "2026-Q4"): 1}
    assert ada.get("/team").status_code == 403


def test_reps_and_finance_set_no_quotas(world, people):
    world.login("Fin Ek", "finance")
    world.login("Ana Silva", "rep", person_id=people[0])
    for name in ("Fin Ek", "Ana Silva"):
        client = world.sign_in(name)
        assert client.get("/quotas").status_code == 403
        assert client.post("/quotas", data={}).status_code == 403
        assert client.get("/team").status_code == 403


def test_a_person_retired_is_off_the_administrators_table(world, people):
    from datetime import date

    from incentives.operations.change_people import retire_person
    from incentives.store.people import Person
    from incentives.store.transaction import writing

    with writing() as session:
        bo = session.get(Person, people[1])
        retire_person(session, bo, on=date(2026, 11, 1), by=None, now=world.now)
    world.login("Ada Roth", "administrator")
    assert "Bo Lind" not in world.sign_in("Ada Roth").get("/quotas").text


def test_a_manager_sets_the_quotas_of_the_own_teams(world, people, mia):
    east, west = world.team("East"), world.team("West")
    page = mia.get("/quotas?of=teams").text
    assert f'name="q-{east}-2026-Q4"' in page
    assert f'name="q-{west}-2026-Q4"' not in page
    assert "Target incentive" not in page
    cells = {f"q-{east}-2026-Q4": "150,000", f"q-{west}-2026-Q4": "1"}
    assert mia.post("/quotas", data={"of": "teams", **cells}).status_code == 302
    assert team_quotas(east) == {("revenue", "2026-Q4"): 150000}
    assert team_quotas(west) == {}
    assert quotas_of(people[0]) == {}
    assert 'value="150000"' in mia.get("/quotas?of=teams").text
    assert 'value="150000"' in mia.get("/quotas?of=teams&copy=2027-Q1").text


def test_a_target_incentive_is_set_by_managers_and_hidden_from_administrators(world, people, mia):
    ana = people[0]
    cell = {"measure": "target_incentive", "kind": "year", f"q-{ana}-2026": "60000"}
    assert "Target incentive" in mia.get("/quotas").text
    assert mia.post("/quotas", data=cell).status_code == 302
    assert quotas_of(ana) == {("target_incentive", "2026"): 60000}
    world.login("Ada Roth", "administrator")
    ada = world.sign_in("Ada Roth")
    assert "Target incentive" not in ada.get("/quotas").text
    assert ada.get("/quotas?measure=target_incentive&kind=year").status_code == 403
    assert ada.post("/quotas", data={**cell, f"q-{ana}-2026": "1"}).status_code == 403
    row = "payee,measure,period,amount\nana-silva,target_incentive,2026,1\n"
    assert "A manager of the person sets it" in ada.post("/quotas/list", data={"list": row}).text
    assert quotas_of(ana) == {("target_incentive", "2026"): 60000}


def test_a_list_of_quotas_reaches_the_own_people_and_teams(world, people, mia):
    ana, bo, _ = people
    rows = "payee,team,period,amount\nAna Silva,,2026-Q4,10\nBo Lind,,2026-Q4,10\n,West,2026,10\n"
    page = mia.post("/quotas/list", data={"list": rows}).text
    assert "2 things to correct" in page
    assert "Nobody whose quota you set is called Bo Lind." in page
    assert quotas_of(ana) == {("revenue", "2026-Q4"): 10}
    assert quotas_of(bo) == team_quotas(world.team("West")) == {}


def test_a_list_of_quotas_that_says_nothing_is_refused(world, people, mia):
    answer = mia.post("/quotas/list", data={"list": "a,b\n1,2\n", "of": "teams"})
    assert answer.status_code == 422
    assert "Say which column holds the period." in answer.text
