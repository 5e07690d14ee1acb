"""Lists of activities for a simulation: what a row may say, and what it is told where it cannot."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from incentives.core.activity import Activity, Share
from incentives.core.calendar import Calendar
from incentives.core.history import Fact
from incentives.ingest.activity_table import read_activities
from incentives.ingest.csv_reading import Unreadable

CHICAGO = Calendar(ZoneInfo("America/Chicago"))
# Midnight in Chicago, in winter.
NEW_YEAR = datetime(2026, 1, 1, 6, tzinfo=UTC)


def read(content):
    data = content.encode() if isinstance(content, str) else content
    return read_activities(data, CHICAGO, "USD")


def facts(content):
    found, issues = read(content)
    assert issues == []
    return [fact for _, fact in found]


def issues(content):
    return [(issue.row, issue.field, issue.code) for issue in read(content)[1]]


def test_a_row_needs_only_payee_amount_and_day():
    assert facts("payee,amount,occurred_at\nana,120.50,2026-01-01\n") == [
        Fact(
            Activity(
                source="file",
                external_id="2",
                kind="deal_won",
                shares=(Share("ana"),),
                occurred_at=NEW_YEAR,
                amount=Decimal("120.50"),
                currency="USD",
            ),
            NEW_YEAR,
        )
    ]


def test_a_row_may_say_everything_and_other_columns_are_attributes():
    (fact,) = facts(
        "source;external_id;kind;shares;amount;currency;quantity;occurred_at;received_at;product\n"
        'crm;D1;deal_won;"ana:60; bo:40; cy:20:overlay";-5;EUR;2.5;'
        "2026-01-01T08:00:00Z;2026-01-03;GTX Pro\n"
    )
    assert fact.activity.shares == (
        Share("ana", Decimal(60)),
        Share("bo", Decimal(40)),
        Share("cy", Decimal(20), overlay=True),
    )
    assert fact.activity.amount == Decimal(-5)
    assert (fact.activity.source, fact.activity.external_id) == ("crm", "D1")
    assert (fact.activity.currency, fact.activity.quantity) == ("EUR", Decimal("2.5"))
    assert fact.activity.occurred_at == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert fact.received_at == datetime(2026, 1, 3, 6, tzinfo=UTC)
    assert fact.activity.attributes == {"product": "GTX Pro"}


def test_json_says_the_same_as_csv():
    item = {
        "external_id": "D1",
        "shares": [{"payee": "ana", "percent": "72.68"}, {"payee": "bo", "percent": "27.32"}],
        "amount": 100,
        "occurred_at": "2026-01-01",
        "attributes": {"product": "GTX Pro"},
    }
    line = "D1,ana:72.68;bo:27.32,100,2026-01-01,GTX Pro"
    table = f"external_id,shares,amount,occurred_at,product\n{line}\n"
    assert facts(json.dumps([item])) == facts(table)
    assert facts(json.dumps({"activities": [item]})) == facts(table)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfpayee,amount,occurred_at\nZo\xc3\xab,1,2026-01-01\n",
        "payee\tamount\toccurred_at\r\nZoë\t1\t2026-01-01\r\n".encode("utf-16"),
        b'\xef\xbb\xbf[{"payee": "Zoe\xcc\x88", "amount": 1, "occurred_at": "2026-01-01"}]',
    ],
)
def test_encodings_are_recognised_and_names_have_one_spelling(content):
    (fact,) = facts(content)
    assert fact.activity.shares == (Share("Zoë"),)


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ("ana,ten,2026-01-01,,", "amount", "bad_number"),
        ('ana,"1,000",2026-01-01,,', "amount", "bad_number"),
        ("ana,1.005,2026-01-01,,", "amount", "too_many_decimals"),
        ("ana,1,01/02/2026,,", "occurred_at", "bad_date"),
        ("ana,1,2026-02-30,,", "occurred_at", "no_such_date"),
        ("ana,1,,,", "occurred_at", "missing"),
        (",1,2026-01-01,,", "payee", "shares_do_not_total_100"),
        (",1,2026-01-01,ana:50;bo:49.99,", "shares", "shares_do_not_total_100"),
        (",1,2026-01-01,ana;bo,", "shares", "bad_shares"),
        ("ana,1,2026-01-01,ana:100,", "payee", "payee_or_shares"),
        ("ana,1,2026-01-01,,maybe", "reversed", "bad_truth"),
        ("ana,1,2026-01-05,,2026-01-04", "reversed", "reversed_too_early"),
    ],
)
def test_a_bad_row_is_named_with_its_field_and_the_others_are_read(cells, field, code):
    header = "payee,amount,occurred_at,shares,reversed"
    found, bad = read(f"{header}\n{cells}\nbo,7,2026-01-02,,\n")
    assert [(issue.row, issue.field, issue.code) for issue in bad] == [(2, field, code)]
    assert all(issue.message for issue in bad)
    assert [fact.activity.amount for _, fact in found] == [7]


@pytest.mark.parametrize(
    ("item", "field", "code"),
    [
        ('{"payee": "ana", "amount": 10.5, "occurred_at": "2026-01-01"}', "amount", "inexact"),
        ('{"payee": ["ana"], "amount": 1, "occurred_at": "2026-01-01"}', "payee", "no_text"),
        (
            '{"shares": [{"payee": "a", "percent": 33.4}], "occurred_at": "2026-01-01"}',
            "shares",
            "inexact",
        ),
        ('{"shares": {"ana": 1}, "occurred_at": "2026-01-01"}', "shares", "bad_shares"),
        ('{"payee": "ana", "occurred_at": "2026-01-01", "attributes": "x"}', "attributes", "no_"),
        ('"ana"', "", "no_object"),
    ],
)
def test_a_bad_entry_of_a_json_list_is_named_by_its_place(item, field, code):
    good = '{"payee": "bo", "amount": "7", "occurred_at": "2026-01-02"}'
    found, (bad,) = read(f"[{good}, {item}]")
    assert (bad.row, bad.field) == (1, field)
    assert bad.code.startswith(code)
    assert len(found) == 1


def test_a_number_that_would_be_inexact_says_how_to_write_it():
    _, (bad,) = read('[{"payee": "ana", "amount": 10.50}]')
    assert bad.message == 'Put quotes around 10.50: "10.50", so that it is read exactly.'


@pytest.mark.parametrize(
    "content", ["", "  \n", "[", "{}", '{"a": 1}', "[1e9999", '[{"a":1,"a":2}]']
)
def test_a_file_that_says_nothing_is_refused_as_a_whole(content):
    with pytest.raises(Unreadable):
        read(content)


@pytest.mark.parametrize("content", ["payee,amount,occurred_at\n", "[]"])
def test_a_list_may_be_empty(content):
    assert read(content) == ([], [])


HEADER = "external_id,payee,amount,occurred_at,received_at,reversed\n"
FIRST = "D1,ana,100,2026-01-05,2026-01-06,\n"


def test_the_same_id_with_a_later_receipt_is_a_revision():
    first, second = facts(HEADER + FIRST + "D1,ana,90,2026-01-05,2026-01-09,\n")
    assert (first.activity.amount, second.activity.amount) == (100, 90)
    assert first.received_at < second.received_at


@pytest.mark.parametrize("received", ["", "2026-01-06"])
def test_the_same_id_with_other_content_and_no_later_receipt_is_refused(received):
    again = f"D1,ana,90,2026-01-07,{received},\n"
    assert issues(HEADER + FIRST + again) == [(3, "external_id", "duplicate_id")]


def test_a_reversal_may_come_in_a_row_of_its_own_that_says_no_more_than_that():
    told, reversal = facts(HEADER + FIRST + "D1,,,,2026-02-10,true\n")
    assert not told.activity.reversed
    assert reversal.activity.reversed
    assert reversal.activity.amount == 100
    assert reversal.received_at == datetime(2026, 2, 10, 6, tzinfo=UTC)


def test_a_reversal_may_come_in_the_row_of_its_activity():
    told, reversal = facts(HEADER + "D1,ana,100,2026-01-05,2026-01-06,2026-02-10\n")
    assert (told.activity.reversed, reversal.activity.reversed) == (False, True)
    assert reversal.received_at == datetime(2026, 2, 10, 6, tzinfo=UTC)


def test_a_reversal_of_nothing_known_says_what_is_missing():
    assert issues(HEADER + "D9,,,,2026-02-10,true\n") == [
        (2, "occurred_at", "missing"),
        (2, "payee", "shares_do_not_total_100"),
    ]


def test_a_row_that_has_lost_its_shape_is_not_read():
    assert issues("payee,amount,occurred_at\nana,1,000,2026-01-01\n") == [(2, "", "too_many_cells")]
