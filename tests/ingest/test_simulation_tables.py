"""Quotas, people and exchange rates for a simulation."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from incentives.core.calendar import ALWAYS, Calendar
from incentives.core.exchange import Rate
from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.people_table import read_people
from incentives.ingest.quota_table import read_quotas
from incentives.ingest.rate_table import read_rates

CALENDAR = Calendar(ZoneInfo("UTC"))


def quotas(content):
    return read_quotas(content.encode(), CALENDAR)


def people(content):
    return read_people(content.encode(), CALENDAR)


def rates(content):
    return read_rates(content.encode())


def places(issues):
    assert all(issue.message.endswith(".") for issue in issues)
    return [(issue.row, issue.field, issue.code) for issue in issues]


def test_a_quota_is_of_a_payee_or_a_team_and_of_revenue_unless_said():
    found, issues = quotas(
        "\ufeffPayee;Team;Measure;Period;Amount\n"
        "ana;;;2026-Q1;250000\n"
        ";West;deals_won;2026;40\n"
        "ana;;target_incentive;2026;60000.50\n"
    )
    assert issues == []
    assert [(q.payee, q.team, q.measure, q.period.key, q.amount) for q in found] == [
        ("ana", "", "revenue", "2026-Q1", 250000),
        ("", "West", "deals_won", "2026", 40),
        ("ana", "", "target_incentive", "2026", Decimal("60000.50")),
    ]


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        (",,revenue,2026,1", "payee", "payee_or_team"),
        ("ana,West,revenue,2026,1", "payee", "payee_or_team"),
        ("ana,,revneue,2026,1", "measure", "unknown_measure"),
        ("ana,,revenue,2026-Q5,1", "period", "unknown_period"),
        ("ana,,revenue,,1", "period", "missing"),
        ("ana,,revenue,2026,", "amount", "missing"),
        ("ana,,revenue,2026,-1", "amount", "negative_amount"),
        ("ana,,revenue,2026,1e6", "amount", "bad_amount"),
        ("ana,,revenue,2026,9999999999999", "amount", "too_large"),
        ("BO,,revenue,2026,5", "period", "twice"),
    ],
)
def test_a_bad_quota_is_named_and_the_others_are_read(cells, field, code):
    header = "payee,team,measure,period,amount"
    found, issues = quotas(f"{header}\nbo,,revenue,2026,100\n{cells}\n")
    assert places(issues) == [(3, field, code)]
    assert [quota.amount for quota in found] == [100]


def test_every_bad_row_is_listed():
    _, issues = quotas("payee,period,amount\nana,x,y\nbo,2026,z\n")
    assert places(issues) == [
        (2, "period", "unknown_period"),
        (2, "amount", "bad_amount"),
        (3, "amount", "bad_amount"),
    ]


def test_a_quota_in_json_is_exact():
    found, issues = quotas(
        '[{"payee": "ana", "period": "2026", "amount": "0.5"},'
        ' {"payee": "bo", "period": "2026", "amount": 0.5}]'
    )
    assert [quota.payee for quota in found] == ["ana"]
    assert places(issues) == [(1, "amount", "inexact_number")]


@pytest.mark.parametrize("read", [quotas, people, rates])
@pytest.mark.parametrize("content", ["", "x\n1\n", '[{"x": 1}]'])
def test_a_table_without_its_columns_is_refused_as_a_whole(read, content):
    with pytest.raises(Unreadable):
        read(content)


def test_a_person_has_team_manager_days_target_and_leave():
    (ana, bo), issues = people(
        "payee,name,team,manager,from,until,target_incentive,period,leave\n"
        "ana,Ana Silva,West,maya,2026-01-15,2026-07-01,60000,2026,"
        "2026-03-02..2026-03-04; 2026-04-01\n"
        "bo,,,,,,,,\n"
    )
    assert issues == []
    assert (ana.payee, ana.name, ana.team, ana.manager) == ("ana", "Ana Silva", "West", "maya")
    assert (ana.first_day, ana.end_day) == (date(2026, 1, 15), date(2026, 7, 1))
    assert (ana.target[0].key, ana.target[1]) == ("2026", 60000)
    # From Monday to Wednesday, both of them off, and one day by itself.
    assert sorted(ana.leave) == [
        date(2026, 3, 2),
        date(2026, 3, 3),
        date(2026, 3, 4),
        date(2026, 4, 1),
    ]
    assert (bo.name, bo.first_day, bo.end_day, bo.target, bo.leave) == (
        *("bo", ALWAYS, None, None),
        frozenset(),
    )


def test_leave_in_json_may_be_a_list():
    ((ana,), issues) = people('[{"payee": "ana", "leave": ["2026-03-02..2026-03-03"]}]')
    assert issues == []
    assert len(ana.leave) == 2


def test_who_moves_has_a_row_for_each_stay():
    found, issues = people(
        "payee,team,from,until\nana,West,,2026-03-01\nana,East,2026-03-01,\nana,North,2026-05-01,\n"
    )
    assert [stay.team for stay in found] == ["West", "East"]
    assert places(issues) == [(4, "from", "common_days")]


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        (",2026-01-01,,,,", "payee", "missing"),
        ("ana,1.1.2026,,,,", "from", "bad_date"),
        ("ana,2026-02-30,,,,", "from", "no_such_date"),
        ("ana,2026-02-01,2026-02-01,,,", "until", "ends_before_it_begins"),
        ("ana,,,60000,,", "period", "missing"),
        ("ana,,,much,2026,", "target_incentive", "bad_amount"),
        ("ana,,,60000,soon,", "period", "unknown_period"),
        ("ana,,,,,2026-03-05..2026-03-01", "leave", "bad_leave"),
        ("ana,,,,,in May", "leave", "bad_date"),
    ],
)
def test_a_bad_person_is_named_and_the_others_are_read(cells, field, code):
    header = "payee,from,until,target_incentive,period,leave"
    found, issues = people(f"{header}\n{cells}\nbo,,,,,\n")
    assert places(issues) == [(2, field, code)]
    assert [stay.payee for stay in found] == ["bo"]


def test_a_rate_holds_from_its_day_on():
    found, issues = rates("currency,to,date,rate,provider\nEUR,USD,2026-01-02,1.0834,ECB\n")
    assert issues == []
    assert found == [Rate("EUR", "USD", date(2026, 1, 2), Decimal("1.0834"), "ECB")]


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ("EURO,USD,2026-01-02,1", "currency", "unknown_currency"),
        ("USD,USD,2026-01-02,1", "to", "same_currency"),
        ("EUR,USD,,1", "date", "missing"),
        ("EUR,USD,2026-01-02,0", "rate", "not_positive"),
        ("EUR,USD,2026-01-02,-1", "rate", "not_positive"),
        ('EUR,USD,2026-01-02,"1,08"', "rate", "bad_number"),
        ("GBP,USD,2026-01-02,1.3", "date", "twice"),
    ],
)
def test_a_bad_rate_is_named_and_the_others_are_read(cells, field, code):
    found, issues = rates(f"currency,to,date,rate\nGBP,USD,2026-01-02,1.25\n{cells}\n")
    assert places(issues) == [(3, field, code)]
    assert [rate.rate for rate in found] == [Decimal("1.25")]
