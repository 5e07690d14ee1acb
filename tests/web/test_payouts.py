"""Finance's month: sums, looks and files."""

import hashlib

import pytest

from incentives.operations.export_payouts import EXPORTED
from incentives.store.audit import entries_of

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def dana(world):
    ana = world.payee("Ana Silva")
    world.payee("Bo Lind", team="West")
    world.plan()
    world.quota(ana, "1000")
    world.login("Dana", "finance")
    world.deal(ana, "600")
    world.refresh()
    return world.sign_in("Dana")


def test_the_address_without_a_month_leads_to_this_one(dana):
    assert dana.get("/payouts").location == "/payouts/2026-11"


def test_every_amount_leads_to_its_statement(dana):
    text = dana.get("/payouts/2026-11").text
    assert 'href="/earnings/ana-silva/2026-11">25.00</a>' in text
    assert "Agrees" in text


def test_what_needs_a_look_can_be_shown_alone(world, dana):
    world.deal(world.payee("Cy Young"), "10")
    world.plan(slug="field-sales")
    world.refresh()
    text = dana.get("/payouts/2026-11?show=look").text
    assert "Cy Young" in text
    assert "No quota is set for 2026-Q4" in text
    assert "Bo Lind" not in text.partition("Payees</h2>")[2]


def test_nothing_to_look_at_is_said(dana):
    assert "Nothing needs a look" in dana.get("/payouts/2026-11?show=look").text


@pytest.mark.parametrize("path", [".csv", "/lines.csv"])
def test_each_file_is_noted_with_its_hash(dana, path):
    answer = dana.get(f"/payouts/2026-11{path}")
    assert answer.status_code == 200
    (entry,) = entries_of(EXPORTED, 5)
    assert entry.after["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert entry.after["control_total"] == {"USD": "25.00"}
    assert entry.after["file"] in answer.headers["Content-Disposition"]
    assert entry.after["sha256"] in dana.get("/payouts/2026-11").text


def test_there_is_no_file_of_another_kind(dana):
    assert dana.get("/payouts/2026-11/secrets.csv").status_code == 404


@pytest.mark.parametrize("month", ["2027-01", "2026-Q4", "x"])
def test_only_a_month_that_has_begun_has_payouts(dana, month):
    assert dana.get(f"/payouts/{month}").status_code == 404


@pytest.mark.parametrize("role", ["rep", "manager", "administrator"])
def test_payouts_are_for_finance(world, dana, role):
    world.login("Zed", role)
    for address in ("/payouts/2026-11", "/payouts/2026-11.csv", "/payouts/2026-11/lines.csv"):
        answer = world.sign_in("Zed").get(address)
        assert answer.status_code == 403
        assert "25.00" not in answer.text
