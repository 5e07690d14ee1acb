"""Statements on pages: each figure said, each reader checked."""

import csv
import io
from datetime import date

import pytest
import yaml

from incentives.extensions import db
from incentives.operations.change_people import join_team
from incentives.store import people, teams
from incentives.store.transaction import writing
from tests.world import FIELD_SALES

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    world.login("Ana", "rep", person_id=ana)
    world.deal(ana, "450", day="2026-10-20")
    world.deal(ana, "600", day="2026-11-10", attributes={"account": "Isdom"})
    world.refresh()
    return ana


def page(world, who, address, status=200):
    answer = world.sign_in(who).get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_rep_comes_to_their_own_newest_month(world, ana):
    answer = world.sign_in("Ana").get("/earnings")
    assert answer.location == "/earnings/ana-silva/2026-11"


def test_the_statement_says_how_the_amount_is_made(world, ana):
    text = page(world, "Ana", "/earnings/ana-silva/2026-11")
    # 450 stood: 50 at 4 %, 250 at 5 %, 250 at 6 %, 50 at 8 % = 2.00 + 12.50 + 15.00 + 4.00
    assert "33.50" in text
    assert "The quarter stood at 450.00 when the month began." in text
    assert "crossed 500.00 and 750.00 and 1,000.00" in text
    assert "GTX Pro, Isdom" in text
    assert "Plan Field Sales, version 1" in text
    assert "Estimate" in text
    assert "Each line is rounded once, half up" in text


def test_the_chart_has_its_figures_as_a_table(world, ana):
    text = page(world, "Ana", "/earnings/ana-silva/2026-11")
    assert '<th scope="col">Attainment</th>' in text
    assert "105.0" in text  # 1,050 of 1,000


def test_a_month_with_nothing_says_what_makes_the_first_line(world, ana):
    assert "Nothing earned in this month yet" in page(world, "Ana", "/earnings/ana-silva/2026-08")


def test_a_missing_quota_says_who_acts(world, ana):
    world.quota(ana, None)
    world.refresh()
    text = page(world, "Ana", "/earnings/ana-silva/2026-11")
    assert "No quota is set for 2026-Q4" in text
    assert "A manager or an administrator sets it under Quotas." in text


def test_a_correction_says_was_is_now_and_because(world, ana):
    world.deal(ana, "600", day="2026-11-10", external_id="D")
    world.refresh()
    world.deal(ana, "600", day="2026-11-10", external_id="D", reversed=True)
    world.refresh()
    text = page(world, "Ana", "/earnings/ana-silva/2026-11")
    assert "Corrections in this month" in text
    assert "It was reversed." in text


@pytest.mark.parametrize("address", ["2026-11", "2026-11.csv"])
def test_a_rep_never_sees_a_teammates_statement(world, ana, address):
    bo = world.payee("Bo Lind")
    world.login("Bo", "rep", person_id=bo)
    text = page(world, "Bo", f"/earnings/ana-silva/{address}", status=403)
    assert "A statement is for the person who earns it" in text
    assert "33.50" not in text


def test_an_administrator_sees_no_pay(world, ana):
    world.login("Sam", "administrator")
    for address in ("/earnings", "/earnings/ana-silva/2026-11", "/payouts", "/my-day"):
        assert world.sign_in("Sam").get(address).status_code == 403


@pytest.mark.parametrize("month", ["2026-12", "2026-Q4", "november"])
def test_there_is_no_statement_of_what_is_no_month_so_far(world, ana, month):
    page(world, "Ana", f"/earnings/ana-silva/{month}", status=404)


def test_the_file_foots_to_the_statement(world, ana):
    answer = world.sign_in("Ana").get("/earnings/ana-silva/2026-11.csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert answer.mimetype == "text/csv"
    assert (row["amount"], row["currency"], row["base"]) == ("33.50", "USD", "600")
    assert row["tiers"] == "50.00 at 0.04; 250.00 at 0.05; 250.00 at 0.06; 50.00 at 0.08"


def test_a_manager_lists_their_people_only(world, ana):
    world.payee("Cy Young", team="West")
    world.login("Mia", "manager", manages="East")
    text = page(world, "Mia", "/earnings")
    assert "Ana Silva" in text
    assert "33.50" in text
    assert "Cy Young" not in text


def test_a_manager_sees_a_statement_as_of_their_time(world, ana):
    """Semantics 39: the team on the last day of the month decides."""
    world.login("Mia", "manager", manages="East")
    world.login("Wes", "manager", manages="West")
    with writing() as session:
        west = session.get(teams.Team, world.team("West"))
        person = session.get(people.Person, ana)
        join_team(session, person, west, first_day=date(2026, 11, 5), by=None, now=world.now)
    page(world, "Mia", "/earnings/ana-silva/2026-10")
    page(world, "Mia", "/earnings/ana-silva/2026-11", status=403)
    page(world, "Wes", "/earnings/ana-silva/2026-10", status=403)
    november = page(world, "Wes", "/earnings/ana-silva/2026-11")
    assert "33.50" in november
    # October's 18.00 of the other team stands neither in the year nor in the list.
    assert "18.00" not in november
    listed = page(world, "Wes", "/earnings")
    assert "not in your teams then" in listed
    assert "18.00" not in listed


def test_finance_lists_everybody(world, ana):
    world.payee("Cy Young", team="West")
    world.login("Dana", "finance")
    text = page(world, "Dana", "/earnings?period=2026-10")
    assert "Cy Young" in text
    assert "18.00" in text
    db.session.rollback()


def test_a_manager_without_people_reads_why_the_list_is_empty(world, ana):
    world.login("Nia", "manager", manages="North")
    assert "nobody" in page(world, "Nia", "/earnings").lower()


@pytest.fixture
def drawn(world, ana):
    """Ana has a draw of 40.00 since October: she earned 18.00 then and 33.50 in November."""
    plan = yaml.safe_load(FIELD_SALES.read_text())
    plan["draw"] = {"kind": "recoverable", "amount": "40", "from": "2026-10-01"}
    world.plan(plan, slug="field-sales")
    world.refresh()
    return ana


def test_a_statement_leads_from_earned_to_paid(world, drawn):
    text = page(world, "Ana", "/earnings/ana-silva/2026-11")
    assert "From earned to paid" in text
    # Owed 22.00 of October; in November the draw adds 6.50.
    assert "Fills up to 40.00. Owed: 28.50." in text
    assert "Draw balance" in text
    assert "From earned to paid, 33.50 + 6.50 is exactly 40.00." in text
    assert "Each pay period that begins from 2026-10-01 has a recoverable draw of 40 USD" in text


def test_a_draw_stands_on_the_statement_of_a_month_without_lines(world):
    cy = world.payee("Cy Young")
    world.login("Cy", "rep", person_id=cy)
    plan = yaml.safe_load(FIELD_SALES.read_text())
    world.plan({**plan, "draw": {"kind": "non_recoverable", "amount": "40", "from": "2026-10-01"}})
    world.refresh()
    text = page(world, "Cy", "/earnings/cy-young/2026-11")
    assert "Fills up to 40.00. It is not paid back." in text
    assert "Nothing earned in this month yet" not in text


def test_without_terms_nothing_stands_between_earned_and_paid(world, ana):
    assert "From earned to paid" not in page(world, "Ana", "/earnings/ana-silva/2026-11")


def test_payouts_show_what_was_settled(world, drawn):
    world.login("Dana", "finance")
    text = page(world, "Dana", "/payouts/2026-11")
    rows = list(csv.DictReader(io.StringIO(page(world, "Dana", "/payouts/2026-11/lines.csv"))))
    assert [row["amount"] for row in rows if not row["line"]] == ["6.50"]
    assert f"{len(rows)} rows" in text
    assert "Settled" in text
    assert 'title="Draw +6.50"' in text
    assert "Agrees" in text
