"""Finance locks a month and adjusts pay on pages; everybody sees what is locked."""

import re

import pytest

from incentives.operations.lock_period import lock_period
from incentives.store.adjustments import adjustments_of
from incentives.store.locks import lock_of
from tests.operations.test_read_settlement import document
from tests.web.forms import hidden

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.login("Ana Silva", "rep", person_id=ana)
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10", external_id="O1")
    world.refresh()
    return ana


@pytest.fixture
def fay(world, ana):
    world.login("Fay Berg", "finance")
    return world.sign_in("Fay")


def words(answer):
    """The text of a page without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_month_is_locked_behind_a_page_that_shows_what_it_pays(world, fay):
    assert "/payouts/2026-10/lock" in fay.get("/payouts/2026-10").text
    page = words(fay.get("/payouts/2026-10/lock"))
    assert "Paid, USD 100.00" in page
    assert "Nothing unlocks it" in page
    answer = fay.post("/payouts/2026-10/lock", data={"note": "Run 10"})
    assert answer.location == "/payouts/2026-10"
    assert lock_of("2026-10").note == "Run 10"
    page = fay.get("/payouts/2026-10")
    assert "Locked since 18 Nov 2026 15:00, by Fay Berg" in words(page)
    assert "/payouts/2026-10/lock" not in page.text
    assert "as locked" in words(page)


def test_what_hinders_stands_there_in_place_of_the_button(world, ana, fay):
    page = fay.get("/payouts/2026-11/lock")
    assert "2026-11 goes on until 2026-11-30. Lock it from 2026-12-01 on." in words(page)
    assert "Lock 2026-10 first" in words(page)
    assert "for good" not in words(page).split("Not yet")[1]
    assert fay.post("/payouts/2026-11/lock").status_code == 409
    world.deal(ana, "5", day="2026-10-11")
    assert "News is being worked in for Ana Silva" in words(fay.get("/payouts/2026-10/lock"))


def test_a_note_that_is_too_long_is_refused_beside_its_field(fay):
    answer = fay.post("/payouts/2026-10/lock", data={"note": "x" * 401})
    assert answer.status_code == 422
    assert "Write at most 400 characters." in answer.text
    assert lock_of("2026-10") is None


def test_the_statement_says_that_it_is_locked_and_the_next_what_was_corrected(world, ana, fay):
    lock_period("2026-10", by=None, now=world.now)
    world.deal(ana, "1500", day="2026-10-10", external_id="O1")
    world.refresh()
    mine = world.sign_in("Ana")
    page = words(mine.get("/earnings/ana-silva/2026-10"))
    assert "Your pay for October, USD" in page
    assert "Locked Locked since" in page
    assert "since 18 Nov 2026 15:00. What comes later is in a later month." in page
    assert "Estimate" not in page
    page = words(mine.get("/earnings/ana-silva/2026-11"))
    assert "was 100.00, is now 150.00 +50.00" in page
    assert "Belongs to 2026-10." in page


def test_a_locked_statement_is_the_same_page_after_a_correction(world, ana, fay):
    lock_period("2026-10", by=None, now=world.now)
    world.refresh()
    addresses = ("/earnings/ana-silva/2026-10", "/earnings/ana-silva/2026-10.csv")
    before = [fay.get(address).data for address in addresses]
    payouts = fay.get("/payouts/2026-10.csv").data
    world.deal(ana, "9000", day="2026-10-10", external_id="O1")
    world.refresh()
    assert [fay.get(address).data for address in addresses] == before
    assert fay.get("/payouts/2026-10.csv").data == payouts


def test_pay_is_adjusted_and_taken_back_on_a_page(world, ana, fay):
    form = {"payee": "ana-silva", "amount": "-12.50", "reason": "Paid twice", "period": "2026-11"}
    answer = fay.post("/payouts/2026-11/adjustments", data=form)
    assert answer.location == "/payouts/2026-11/adjustments"
    page = words(fay.get("/payouts/2026-11/adjustments"))
    assert "Paid twice Fay Berg, 18 Nov 2026 15:00 −12.50 USD Take back" in page
    mine = words(world.sign_in("Ana").get("/earnings/ana-silva/2026-11"))
    assert "Adjustments Adjustment" in mine
    assert "1: −12.50 by Fay Berg on Wed 18 Nov 2026: Paid twice" in mine
    assert "Take back adjustment 1 of Ana Silva" in words(
        fay.get("/payouts/2026-11/adjustments/ana-silva/1")
    )
    address = "/payouts/2026-11/adjustments/ana-silva/1/opposite"
    assert fay.post(address, data={"period": "2026-11"}).status_code == 422
    fay.post(address, data={"period": "2026-11", "reason": "It was right"})
    page = words(fay.get("/payouts/2026-11/adjustments"))
    assert "takes back adjustment 1 +12.50 USD" in page
    assert "Taken back" in page


def test_a_form_that_comes_twice_is_posted_once(world, ana, fay):
    """By a double click, or by a reload of what was sent."""
    page = fay.get("/payouts/2026-11/adjustments").text
    name = hidden(page, "form")
    form = {"payee": "ana-silva", "amount": "-12.50", "reason": "Paid twice", "form": name}
    address = "/payouts/2026-11/adjustments"
    assert fay.post(address, data=form | {"reason": ""}).status_code == 422
    for _ in range(2):
        assert fay.post(address, data=form | {"csrf_token": "another"}).location == address
    assert "The form came twice and was done once." in words(fay.get(address))
    assert [each.amount_minor for each in adjustments_of(ana)] == [-1250]
    answer = fay.post(address, data=form | {"amount": "-13"})
    assert answer.status_code == 422
    assert "with something else in it, and that was done. Go back, load the" in answer.text
    assert fay.post(address, data=form | {"form": "another"}).location == address
    assert [each.amount_minor for each in adjustments_of(ana)] == [-1250, -1250]


def test_an_adjustment_is_taken_back_once_by_a_form_that_comes_twice(ana, fay):
    form = {"payee": "ana-silva", "amount": "-12.50", "reason": "Paid twice"}
    fay.post("/payouts/2026-11/adjustments", data=form)
    page = fay.get("/payouts/2026-11/adjustments/ana-silva/1").text
    name = hidden(page, "form")
    address = "/payouts/2026-11/adjustments/ana-silva/1/opposite"
    for _ in range(2):
        answer = fay.post(address, data={"reason": "It was right", "form": name})
        assert answer.location == "/payouts/2026-11/adjustments"
    assert [each.amount_minor for each in adjustments_of(ana)] == [-1250, 1250]


def test_what_is_wrong_stands_beside_its_field(fay):
    answer = fay.post("/payouts/2026-11/adjustments", data={"amount": "many"})
    assert answer.status_code == 422
    assert "Choose who is paid." in answer.text
    form = {"payee": "ana-silva", "amount": "5", "period": "2026-11"}
    answer = fay.post("/payouts/2026-11/adjustments", data=form)
    assert answer.status_code == 422
    assert "Say why: the payee reads it on the statement." in answer.text


def test_nothing_is_offered_where_a_month_is_locked(world, fay):
    lock_period("2026-10", by=None, now=world.now)
    page = fay.get("/payouts/2026-10/adjustments")
    assert "Nothing is posted in October 2026 any more." in words(page)
    assert "<textarea" not in page.text


@pytest.mark.parametrize("role", ["rep", "manager", "administrator"])
def test_only_finance_locks_and_adjusts(world, fay, role):
    manages = "East" if role == "manager" else None
    world.login("Kim Oda", role, manages=manages)
    kim = world.sign_in("Kim")
    for address in ("/payouts/2026-10/lock", "/payouts/2026-11/adjustments"):
        assert kim.get(address).status_code == 403
        assert kim.post(address).status_code == 403
    assert lock_of("2026-10") is None


def test_who_administers_reads_of_an_adjustment_but_not_how_much(world, fay):
    form = {"payee": "ana-silva", "amount": "77.77", "reason": "Bonus 77.77", "period": "2026-11"}
    fay.post("/payouts/2026-11/adjustments", data=form)
    world.login("Sam Ito", "administrator")
    page = words(world.sign_in("Sam").get("/audit"))
    assert "pay adjusted" in page.lower()
    assert "77.77" not in page
    assert "77.77" in words(fay.get("/audit"))
