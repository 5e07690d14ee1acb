"""A company out of files: who is on the plan, whose quotas, and names that mean nobody."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from incentives.core.calendar import Calendar
from incentives.core.plans import read_plan
from incentives.ingest.company_files import CompanyFiles
from incentives.ingest.csv_reading import Unreadable

PLAN = read_plan(
    {
        "schema": 1,
        "name": "Field",
        "currency": "USD",
        "components": [
            {
                "key": "commission",
                "name": "Commission",
                "yields": "money",
                "measure": "revenue",
                "rule": {"kind": "flat_rate", "rate": "0.1"},
            }
        ],
    }
)
DEALS = "payee,amount,occurred_at\n"
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def read(plan=PLAN, **files):
    found = CompanyFiles(
        plan, Calendar(ZoneInfo("UTC")), {name: text.encode() for name, text in files.items()}
    )
    return found.read(), found.issues


def places(issues):
    return [(issue.row, issue.field, issue.code) for issue in issues]


def names(company):
    return [company.roster.name(number) for number in company.roster.numbers]


def test_without_people_everybody_who_is_named_is_on_the_plan():
    company, issues = read(
        activities=DEALS + "bo,1,2026-01-01\nAna,1,2026-01-02\nana,1,2026-01-03\n",
        quotas="payee,period,amount\ncy,2026,100\nana,2026,200\n",
    )
    assert names(company) == ["bo", "Ana", "cy"]
    assert company.quotas == {
        1: {},
        2: {("revenue", "2026"): 200},
        3: {("revenue", "2026"): 100},
    }
    assert not any(issues.values())


def test_with_people_only_they_are_and_other_names_are_issues():
    company, issues = read(
        people="payee,name,team\nana,Ana Silva,West\n",
        activities=DEALS + "Ana Silva,1,2026-01-01\nanna,1,2026-01-02\n",
        quotas="payee,team,period,amount\nanna,,2026,1\n,East,2026,2\n,west,2026,3\n",
    )
    assert names(company) == ["Ana Silva"]
    assert [known.number for known in company.history.known_before(LATER)] == [1]
    assert company.team_quotas == {"west": {("revenue", "2026"): 3}}
    assert places(issues["activities"]) == [(3, "payee", "unknown_payee")]
    assert places(issues["quotas"]) == [(2, "payee", "unknown_payee"), (3, "team", "unknown_team")]


def test_an_unknown_name_in_a_row_with_its_reversal_is_one_issue():
    _, issues = read(
        people="payee\nana\n",
        activities="shares,amount,occurred_at,reversed\nana:50;bo:50,1,2026-01-01,2026-02-01\n",
    )
    assert places(issues["activities"]) == [(2, "shares", "unknown_payee")]


def test_who_moves_between_teams_that_have_a_pool_is_an_issue():
    component = replace(PLAN.components[0], credited="pool", pool={"by": "equal"})
    people = "payee,team,from,until\nana,West,,2026-03-01\nana,East,2026-03-01,\nbo,West,,\n"
    _, issues = read(replace(PLAN, components=(component,)), people=people, activities=DEALS)
    assert places(issues["people"]) == [(3, "team", "two_teams")]
    _, issues = read(people=people, activities=DEALS)
    assert issues["people"] == []


def test_target_incentives_stand_beside_people_or_among_quotas():
    company, _ = read(
        people="payee,target_incentive,period\nana,60000,2026\n",
        activities=DEALS,
        quotas="payee,measure,period,amount\nana,target_incentive,2027,70000\n",
    )
    assert company.quotas == {
        1: {("target_incentive", "2026"): 60000, ("target_incentive", "2027"): 70000}
    }


def test_rates_are_there_from_their_day_on():
    company, _ = read(activities=DEALS, rates="currency,to,date,rate\nEUR,USD,2026-01-02,1.1\n")
    day = datetime(2026, 1, 2, tzinfo=UTC).date()
    assert company.rates.on("EUR", "USD", day).provider == ""


def test_a_file_that_cannot_be_read_says_which():
    with pytest.raises(Unreadable) as refusal:
        read(activities=DEALS, quotas="payee\nana\n")
    assert str(refusal.value).startswith("The quotas cannot be read. Say which column")
