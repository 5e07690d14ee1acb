"""Each quirk of the CRM export, and each thing a row can say wrongly."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from incentives.core.calendar import Calendar
from incentives.ingest.catalogue import Catalogue, Recognised
from incentives.ingest.columns import columns_to_use
from incentives.ingest.csv_reading import read_table
from incentives.ingest.opportunities import FIELDS, Expected, read_opportunities
from incentives.ingest.products import read_products
from incentives.ingest.sales_teams import Agent, read_sales_teams

DATA = Path("incentives/demo/data")
CHICAGO = Calendar(ZoneInfo("America/Chicago"))
HEADER = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
GOOD = "A1,Ana Silva,GTX Pro,Isdom,Won,2017-03-01,2017-03-11,4514"


def table(name):
    return read_table((DATA / name).read_bytes())


def read(*rows, aliases=None, products=("GTX Pro", "MG Special")):
    found = read_table("\n".join([HEADER, *rows]).encode())
    expected = Expected(CHICAGO, "USD", Catalogue(products, aliases or {}), {"Ana Silva"})
    return read_opportunities(found, columns_to_use(found, FIELDS, None), expected), expected


@pytest.fixture(scope="module")
def export():
    """The whole pipeline, read against the other files that come with it."""
    agents, _ = read_sales_teams(table("sales_teams.csv"))
    products, _ = read_products(table("products.csv"))
    catalogue = Catalogue([product.name for product in products])
    expected = Expected(CHICAGO, "USD", catalogue, {agent.name for agent in agents})
    pipeline = table("sales_pipeline.csv")
    reading = read_opportunities(pipeline, columns_to_use(pipeline, FIELDS, None), expected)
    reading.catalogue = catalogue
    return reading


def test_the_data_is_the_one_that_its_source_describes():
    text = (DATA / "SOURCE.md").read_text()
    for path in DATA.glob("*.csv"):
        assert f"| {hashlib.sha256(path.read_bytes()).hexdigest()} |" in text


def test_every_row_of_the_export_is_good(export):
    assert export.issues == []
    assert Counter(activity.kind for _, activity in export.activities) == {
        "deal_won": 4238,
        "deal_lost": 2473,
        "deal_open": 1589 + 500,
    }


def test_the_won_value_is_that_of_the_source_in_all_and_by_quarter(export):
    by_quarter, deals = Counter(), Counter()
    for _, activity in export.activities:
        if activity.kind == "deal_won":
            day = CHICAGO.day_of(activity.occurred_at)
            key = CHICAGO.period_of(day, "quarter").key
            by_quarter[key] += activity.amount
            deals[key] += 1
    assert by_quarter == {
        "2017-Q1": 1134672,
        "2017-Q2": 3086111,
        "2017-Q3": 2982255,
        "2017-Q4": 2802496,
    }
    assert sum(by_quarter.values()) == 10005534
    assert list(deals.values()) == [531, 1254, 1257, 1196]


def test_gtxpro_is_recognised_and_said(export):
    assert export.catalogue.recognised() == (Recognised("GTXPro", "GTX Pro", "spelling", 1480),)


def test_open_deals_may_have_no_account_no_dates_and_no_value(export):
    still_open = [a for _, a in export.activities if a.kind == "deal_open"]
    assert sum("account" not in a.attributes for a in still_open) == 1425
    assert sum(a.occurred_at is None for a in still_open) == 500
    assert {a.amount for a in still_open} == {None}


def test_a_lost_deal_is_worth_nothing_which_is_not_unknown(export):
    lost = [a.amount for _, a in export.activities if a.kind == "deal_lost"]
    assert set(lost) == {Decimal(0)}


def test_names_in_small_letters_and_misspelt_ones_stay_as_they_are(export):
    accounts = {a.attributes.get("account") for _, a in export.activities}
    assert "dambase" in accounts
    assert "technolgy" in (DATA / "accounts.csv").read_text()


def test_two_teams_an_office_and_35_agents():
    agents, issues = read_sales_teams(table("sales_teams.csv"))
    assert issues == []
    assert Counter(agent.office for agent in agents) == {"Central": 11, "East": 12, "West": 12}
    assert agents[0] == Agent("Anna Snelling", "Dustin Brinkmann", "Central")


def test_a_date_is_the_start_of_that_day_in_the_companys_zone():
    reading, _ = read(GOOD)
    _, deal = reading.activities[0]
    assert deal.occurred_at == datetime(2017, 3, 11, 6, tzinfo=UTC)  # midnight in Chicago
    assert CHICAGO.day_of(deal.occurred_at).isoformat() == "2017-03-11"
    assert deal.attributes == {
        "product": "GTX Pro",
        "account": "Isdom",
        "opened_on": "2017-03-01",
        "days_to_close": "10",
    }
    assert (deal.source, deal.external_id, deal.currency) == ("crm", "A1", "USD")


@pytest.mark.parametrize("day", ["2016-13-40", "2017-02-29", "10/20/2016", "20-10-16", "20161020"])
def test_a_date_that_is_none_is_refused_with_what_to_write(day):
    reading, _ = read(GOOD.replace("2017-03-11", day))
    [issue] = reading.issues
    assert (issue.row, issue.field, issue.value) == (2, "close_date", day)
    assert "Write year-month-day" in issue.message
    assert reading.activities == []


@pytest.mark.parametrize(
    ("old", "new", "field", "code", "what_to_write"),
    [
        ("A1,", ",", "opportunity_id", "missing", "Write the id"),
        ("Ana Silva", "Nobody", "sales_agent", "unknown_agent", "as the team list does"),
        ("Ana Silva", "", "sales_agent", "missing", "name of the sales agent"),
        ("Won", "Maybe", "deal_stage", "unknown_stage", "Won, Lost, Engaging or Prospecting"),
        ("Won", "", "deal_stage", "missing", "Won, Lost, Engaging or Prospecting"),
        ("GTX Pro", "GTX Ultra", "product", "unknown_product", "GTX Pro, MG Special"),
        ("2017-03-11", "2017-02-11", "close_date", "close_before_engage", "Check both"),
        ("2017-03-11", "", "close_date", "missing", "on which the deal closed"),
        ("4514", "-4514", "close_value", "negative_amount", "0 or more"),
        ("4514", "$4514", "close_value", "bad_amount", "digits and a point"),
        ("4514", "1e3", "close_value", "bad_amount", "digits and a point"),
        ("4514", "NaN", "close_value", "bad_amount", "digits and a point"),
        ("4514", "45.145", "close_value", "too_many_decimals", "2 decimals"),
        ("4514", "", "close_value", "missing", "or 0"),
        ("Isdom", "Is\u200bdom", "attributes", "unclean", "unseen"),
        ("4514", "4514,5", "", "too_many_cells", "quotation marks"),
    ],
)
def test_what_is_wrong_is_named_and_the_good_rows_go_in(old, new, field, code, what_to_write):
    reading, _ = read("B1" + GOOD[2:], GOOD.replace(old, new, 1))
    [issue] = reading.issues
    assert (issue.row, issue.field, issue.code) == (3, field, code)
    assert what_to_write in issue.message
    assert [row for row, _ in reading.activities] == [2]
    assert reading.rejected == 1


def test_an_open_deal_that_closed_is_refused():
    reading, _ = read(GOOD.replace("Won", "Engaging"))
    assert [issue.code for issue in reading.issues] == ["closed_but_open"]


def test_a_row_may_have_several_things_wrong():
    reading, _ = read(GOOD.replace("4514", "-1").replace("Won", "Maybe"))
    assert {issue.field for issue in reading.issues} == {"deal_stage", "close_value"}
    assert reading.rejected == 1


def test_the_same_id_with_the_same_content_is_a_replay():
    reading, _ = read(GOOD, GOOD)
    assert (len(reading.activities), reading.repeated, reading.rejected) == (1, 1, 0)


def test_the_same_id_with_other_content_is_an_issue():
    reading, _ = read(GOOD, GOOD.replace("4514", "99"))
    [issue] = reading.issues
    assert (issue.row, issue.code) == (3, "duplicate_id")
    assert "Row 2" in issue.message
    assert reading.activities[0][1].amount == 4514


def test_an_alias_is_used_and_said():
    reading, expected = read(
        GOOD.replace("GTX Pro", "The big one"), aliases={"the BIG one": "GTX Pro"}
    )
    assert reading.activities[0][1].attributes["product"] == "GTX Pro"
    assert expected.catalogue.recognised() == (Recognised("The big one", "GTX Pro", "alias", 1),)


def test_two_products_that_differ_in_spelling_alone_are_not_confused():
    reading, _ = read(GOOD.replace("GTX Pro", "gtx-pro"), products=("GTX Pro", "GTXPRO"))
    assert [issue.code for issue in reading.issues] == ["unknown_product"]


def test_without_a_catalogue_products_are_taken_as_written():
    reading, _ = read(GOOD.replace("GTX Pro", "Anything"), products=())
    assert reading.activities[0][1].attributes["product"] == "Anything"
