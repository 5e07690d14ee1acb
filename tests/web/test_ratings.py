"""Ratings: given by the account that the plan names, seen by few, every change readable."""

from datetime import date
from decimal import Decimal

import pytest

from incentives.core.calculate import calculate
from incentives.core.case import Case
from incentives.extensions import db
from incentives.operations.change_assignments import change_assignment
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.store import markers, plans
from incentives.store.activities import credits_of
from incentives.store.audit import entries_of
from incentives.store.companies import the_company
from incentives.web import ratings

CARE, ORDER = "care", "order, in the CRM"


def scorecard(*asked):
    """A plan of one scorecard that asks (rating, rated by) in equal parts."""
    weight = f"{Decimal(100) / len(asked):f}"
    items = [
        {"name": item, "weight": weight, "rating": item, "rated_by": who} for item, who in asked
    ]
    rule = {"kind": "scorecard", "target": "1000", "items": items}
    component = {
        "key": "card",
        "name": "Card",
        "yields": "money",
        "measure": "revenue",
        "accumulates": "month",
        "rule": rule,
    }
    return {"schema": 1, "name": "Scorecard", "currency": "USD", "components": [component]}


@pytest.fixture(autouse=True)
def today(monkeypatch, world):
    monkeypatch.setattr(ratings, "now", lambda: world.now)


@pytest.fixture
def rated(world):
    """Ana of Mia's East and Bo of West are on a plan that Mia and Zoe rate."""
    ana, bo = world.payee("Ana Silva", team="East"), world.payee("Bo Lind", team="West")
    world.login("Mia Berg", "manager", manages="East")
    world.plan(scorecard((CARE, "mia@example.com"), (ORDER, "ZOE-HOLM")))
    return ana, bo


@pytest.fixture
def mia(world, rated):
    return world.sign_in("Mia Berg")


def given(world, payee_id):
    return [
        (c.attributes["item"], c.quantity)
        for c in credits_of(payee_id, until=world.now)
        if c.kind == "rating"
    ]


def test_a_manager_rates_the_own_people_and_whom_a_plan_names_her_for(world, rated, mia):
    ana, bo = rated
    page = mia.get("/ratings").text
    assert f'name="{ana}/care/mia@example.com"' in page
    # Bo is not in her team, but the plan asks her.
    assert f'name="{bo}/care/mia@example.com"' in page
    assert f'name="{ana}/{ORDER}/ZOE-HOLM"' not in page
    assert "rated by ZOE-HOLM" in page
    assert page.count(f"<td>{ORDER}</td>") == 1  # Bo's is neither her team's nor hers to give
    before = [seen.wanted for seen in markers.seen(db.session(), rated).values()]
    assert mia.post("/ratings", data={f"{ana}/care/mia@example.com": "80"}).status_code == 302
    assert given(world, ana) == [("care", Decimal("0.8"))]
    assert given(world, bo) == []
    assert [seen.wanted for seen in markers.seen(db.session(), rated).values()] == [
        before[0] + 1,
        before[1],
    ]
    assert 'value="80"' in mia.get("/ratings").text


def test_a_plan_may_call_the_rater_by_code_in_any_case(world, rated):
    zoe = world.login("Zoe Holm", "manager")
    page = world.sign_in("Zoe Holm")
    answer = page.post("/ratings", data={f"{rated[1]}/{ORDER}/ZOE-HOLM": "100"})
    assert answer.status_code == 302
    (credit,) = credits_of(rated[1], until=world.now)
    # As the plan writes it: the scorecard looks for exactly that.
    assert credit.attributes == {"item": ORDER, "rated_by": "ZOE-HOLM"}
    assert entries_of("rating given", 1)[0].actor_id == zoe


def test_a_new_rating_is_a_revision_that_keeps_its_place_and_can_be_taken_back(world, rated, mia):
    ana, _ = rated
    cell = f"{ana}/care/mia@example.com"
    mia.post("/ratings", data={cell: "80"})
    mia.post("/ratings", data={cell: "92.5", f"was-{cell}": "80"})
    (credit,) = credits_of(ana, until=world.now)
    assert (credit.quantity, credit.occurred_at.date()) == (Decimal("0.925"), date(2026, 11, 18))
    page = mia.get(f"/data/activities/{credit.activity_id}").text
    assert "80\u202f%" in page
    assert "92.5\u202f%" in page
    mia.post("/ratings", data={cell: "", f"was-{cell}": "92.5"})
    assert given(world, ana) == []
    mia.post("/ratings", data={cell: "70"})
    assert given(world, ana) == [("care", Decimal("0.7"))]
    said = [(entry.before, entry.after) for entry in entries_of("rating given", 5)]
    assert said == [(None, "70 %"), ("92.5 %", None), ("80 %", "92.5 %"), (None, "80 %")]


def test_a_month_that_is_over_is_rated_on_its_last_day_on_the_plan(world, rated, mia):
    ana, _ = rated
    answer = mia.post("/ratings", data={"period": "2026-10", f"{ana}/care/mia@example.com": "60"})
    assert answer.headers["Location"].endswith("period=2026-10")
    (credit,) = credits_of(ana, until=world.now)
    assert credit.occurred_at.date() == date(2026, 10, 31)
    page = mia.get("/ratings").text
    assert '<td class="num">60</td>' in page  # the month before, beside this one's
    assert 'value="60"' not in page


def test_a_version_asks_for_what_it_asks_from_its_day_on(world, rated, mia):
    later = scorecard(("pace", "mia@example.com"))
    publish_plan_version(
        later, first_day=date(2026, 11, 1), slug="scorecard", by=None, now=world.now
    )
    assert "pace" in mia.get("/ratings").text
    assert "care" not in mia.get("/ratings").text
    assert "care" in mia.get("/ratings?period=2026-10").text


def test_whoever_leaves_the_plan_is_rated_until_then(world, rated, mia):
    ana, _ = rated
    (assignment,) = (a for a in plans.assignments_of_plan(1) if a.payee_id == ana)
    last = date(2026, 10, 20)
    change_assignment(
        "scorecard",
        assignment.id,
        first_day=assignment.first_day,
        end_day=last,
        by=None,
        now=world.now,
    )
    assert "Ana Silva" not in mia.get("/ratings").text
    mia.post("/ratings", data={"period": "2026-10", f"{ana}/care/mia@example.com": "60"})
    (credit,) = credits_of(ana, until=world.now)
    assert credit.occurred_at.date() == date(2026, 10, 19)


def test_a_rating_pays_what_its_weight_says(world, rated, mia):
    """Half of 1,000 at 80 per cent; the other half is not rated: 400.00."""
    ana, _ = rated
    mia.post("/ratings", data={"period": "2026-10", f"{ana}/care/mia@example.com": "80"})
    case = Case(
        payee=ana,
        agreements=plans.agreements_of(ana),
        credits=credits_of(ana, until=world.now),
        quotas={},
        calendar=the_company().calendar,
        as_of=date(2026, 11, 18),
    )
    assert [line.amount for line in calculate(case).lines if line.period == "2026-10"] == [40000]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("good", "Write per cent, such as 80"),
        ("-1", "Write per cent, such as 80"),
        ("1000.5", "Write 0 to 1000 per cent."),
        ("80.12345", "Write at most four decimals."),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_saved(world, rated, mia, text, sentence):
    ana, bo = rated
    answer = mia.post(
        "/ratings", data={f"{ana}/care/mia@example.com": text, f"{bo}/care/mia@example.com": "50"}
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{text}"' in answer.text
    assert given(world, ana) == given(world, bo) == []


def test_what_is_not_hers_to_rate_is_not_looked_at(world, rated, mia):
    ana, bo = rated
    cells = {f"{ana}/{ORDER}/ZOE-HOLM": "1", f"{bo}/{ORDER}/ZOE-HOLM": "1", f"{ana}/nothing": "1"}
    assert mia.post("/ratings", data=cells).status_code == 302
    assert given(world, ana) == given(world, bo) == []


def test_a_cell_that_was_not_touched_keeps_what_somebody_else_wrote(world, rated, mia):
    cell = f"{rated[0]}/care/mia@example.com"
    mia.post("/ratings", data={cell: "80"})
    mia.post("/ratings", data={cell: "50", f"was-{cell}": "50"})
    assert given(world, rated[0]) == [("care", Decimal("0.8"))]


def test_a_rating_is_read_by_the_person_the_managers_and_whoever_gave_it(world, rated, mia):
    ana, bo = rated
    for payee in (ana, bo):
        mia.post("/ratings", data={f"{payee}/care/mia@example.com": "55"})
    (of_ana,), (of_bo,) = (credits_of(payee, until=world.now) for payee in (ana, bo))
    world.login("Ana Silva", "rep", person_id=ana)
    world.login("Max", "manager", manages="West")
    world.login("Fay", "finance")

    def seen(name, credit):
        answer = world.sign_in(name).get(f"/data/activities/{credit.activity_id}")
        return "55" in answer.text if answer.status_code == 200 else answer.status_code

    assert [seen(name, of_ana) for name in ("Ana", "Mia", "Max", "Fay")] == [True, True, 404, True]
    assert [seen(name, of_bo) for name in ("Ana", "Mia", "Max", "Fay")] == [404, True, True, True]


def test_an_administrator_reads_ratings_and_gives_those_asked_of_him(world, rated, mia):
    world.login("Sam", "administrator")
    page = world.sign_in("Sam").get("/ratings").text
    assert "Bo Lind" in page
    assert "Save ratings" not in page


@pytest.mark.parametrize("role", ["rep", "finance"])
def test_others_have_no_ratings_page(world, rated, role):
    world.login("Zed", role)
    assert world.sign_in("Zed").get("/ratings").status_code == 403


def test_where_nothing_is_asked_the_page_says_so(world):
    world.login("Mia Berg", "manager", manages="East")
    mia = world.sign_in("Mia Berg")
    assert "Nothing to rate in 2026-11" in mia.get("/ratings").text
    assert 'href="/ratings"' in mia.get("/team").text


def test_two_raters_of_one_thing_do_not_overwrite_each_other(world):
    ana = world.payee("Ana Silva", team="East")
    world.login("Mia Berg", "manager", manages="East")
    world.login("Zoe Holm", "manager", manages="East")
    world.plan(scorecard((CARE, "mia@example.com"), (CARE, "zoe@example.com")))
    for who, account, rating in (("Mia Berg", "mia", "60"), ("Zoe Holm", "zoe", "90")):
        cell = f"{ana}/{CARE}/{account}@example.com"
        assert world.sign_in(who).post("/ratings", data={cell: rating}).status_code == 302
    assert sorted(given(world, ana)) == [(CARE, Decimal("0.6")), (CARE, Decimal("0.9"))]
