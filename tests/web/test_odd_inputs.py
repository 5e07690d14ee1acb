"""What nobody means to send is answered in words, never by an error of ours."""

import pytest
import yaml

from incentives.store.plans import all_plans

pytestmark = pytest.mark.usefixtures("today")

TOO_LARGE = ["99999999999999999999", "9223372036854775808", "2147483648"]
OUTSIDE = ["9999-12-31", "9999-12", "9998-12", "9999-W52", "9999", "0001-W01", "0001-01", "0000"]


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.deal(ana, "1000.00")
    world.contest("Sprint")
    world.login("Mia", "manager", manages="East")
    world.login("Sam", "administrator")
    world.refresh()
    return ana


@pytest.mark.parametrize("period", OUTSIDE)
def test_a_period_in_which_nothing_can_happen_is_not_found(world, ana, period):
    client = world.sign_in("Mia")
    for address in (
        f"/boards/revenue?period={period}",
        f"/boards/revenue/people/{ana}?period={period}",
        f"/earnings?period={period}",
        f"/earnings/ana-silva/{period}",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("number", TOO_LARGE)
def test_an_id_that_no_database_keeps_is_not_found(world, ana, number):
    client = world.sign_in("Mia")
    for address in (
        f"/data/activities/{number}",
        f"/data/imports/{number}",
        f"/boards/revenue/people/{number}",
        f"/contests/sprint/entrants/{number}",
    ):
        assert client.get(address).status_code == 404, address
    assert client.get(f"/data/activities?payee={number}&page={number}").status_code == 200
    assert client.post("/activities", data={"payee_id": number}).status_code == 422
    sent = {"payees": number, "first_day": "2026-12-01"}
    assert client.post("/plans/field-sales/assignments", data=sent).status_code == 422
    days = {"first_day": "2026-12-01", "end_day": "2027-01-01"}
    change = f"/plans/field-sales/assignments/{number}"
    assert client.post(change, data=days).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": "9999-12-30T00:00", "ends_at": "9999-12-31T23:59"},
        {"starts_at": "0001-01-01T00:00", "ends_at": "0001-01-02T00:00"},
        {"reserve": "99999999999999999999"},
    ],
)
def test_a_contest_beyond_what_can_happen_is_refused(world, ana, changes):
    sent = {
        "name": "Odd",
        "kpi": "revenue",
        "starts_at": "2026-12-01T00:00",
        "ends_at": "2026-12-05T00:00",
        "grace_days": "3",
        **changes,
    }
    client = world.sign_in("Mia")
    assert client.post("/contests", data=sent).status_code == 422
    # The preview beside the form says in its place why there is none.
    assert client.post("/contests/preview", data=sent).status_code == 200
    assert client.get("/contests").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"conditions": {"all": [{"field": "product", "comparison": "is_one_of", "value": [1]}]}},
        {"conditions": {"all": [{"field": "amount", "comparison": "at_least", "value": b"x"}]}},
        {"rule": {"kind": ["badge"]}},
        {"rule": {"kind": "per_unit", "amount": 10**5000}},
        {"name": b"bytes"},
    ],
)
def test_a_plan_document_with_odd_values_is_refused(world, ana, change):
    document = dict(all_plans()[0].versions[-1].document, name="Odd")
    document["components"] = [{**document["components"][0], **change}]
    sent = {"document": written(document), "first_day": "2026-12-01"}
    client = world.sign_in("Mia")
    for address in ("/plans/new/document", "/plans/field-sales/document"):
        assert client.post(address, data=sent).status_code == 422
    # In the form it can be looked at and changed, and never be published.
    for wish, status in (("show:0", 200), ("publish", 422)):
        assert client.post("/plans", data={**sent, "do": wish}).status_code == status
    assert client.get("/plans").status_code == 200


def written(document):
    """As YAML; a number too long for Python to write in tens is written in sixteens."""
    text = yaml.safe_dump({**document, "components": []})
    component = {**document["components"][0]}
    if isinstance(component["rule"].get("amount"), int):
        component["rule"] = {**component["rule"], "amount": "LONG"}
    text = yaml.safe_dump({**document, "components": [component]})
    return text.replace("LONG", "0x" + "f" * 5000)


def test_ones_own_browser_is_named_by_an_instant(world, ana):
    client = world.sign_in("Sam")
    sent = {"started_at": "0001-01-01T00:00+23:59"}
    assert client.post("/account/sessions/end", data=sent).status_code == 422


def test_somebody_called_new_has_an_address_of_their_own(world, ana):
    client = world.sign_in("Sam")
    answer = client.post("/people/new", data={"name": "New", "is_payee": "1"})
    assert answer.headers["Location"] == "/people/new-2"
