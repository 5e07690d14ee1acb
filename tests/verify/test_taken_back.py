"""What is taken back explains itself: its own base, rate and share lead to its amount."""

import json

import pytest

from incentives.core.calculate import calculate
from incentives.verify.book import Component, Terms
from incentives.verify.line_sums import TermsSum
from tests.golden.statement import all_statements, case_of

STATEMENTS = {each.name: each for each in all_statements()}
OF_PERIODS = ("claw-back-of-a-retroactive-line", "claw-back-under-two-versions")


def taken_back(name):
    statement = STATEMENTS[name]
    return [
        line
        for payee in statement.people
        for line in calculate(case_of(statement, payee)).lines
        if line.aspect == "taken_back" and "origin" in line.terms.working
    ]


@pytest.mark.parametrize("name", OF_PERIODS)
def test_what_is_taken_back_of_a_period_is_added_up_again_from_its_working(name):
    plans = {number: plan for number, (_, plan) in enumerate(STATEMENTS[name].versions, 1)}
    lines = taken_back(name)
    assert lines
    for line in lines:
        terms = Terms(**terms_as_stored(line))
        component = Component(1, 1, "plan", line.component, "money", line.currency)
        sums = TermsSum(terms, component, plans[line.terms.plan_version_id])
        assert sums.amount(line.steps, line.aspect) == line.amount


def terms_as_stored(line):
    return {
        name: {"content": json.dumps(line.terms.working), "plan_version_id": 1}.get(name, 1)
        for name in Terms._fields
    }


def test_it_names_the_deal_s_own_base_and_what_was_left_of_the_line():
    # 1,200.00 was capped to 1,000.00: 6,000 at 10 % are 600.00, and 400.00 are left for the other.
    first, second = taken_back("claw-back-of-a-retroactive-line")
    told = [line.working.as_texts() for line in (first, second)]
    assert [each["slices"][0]["base"] for each in told] == ["6000", "6000"]
    assert [each["slices"][0]["rate"] for each in told] == ["0.10", "0.10"]
    assert [each.get("left") for each in told] == [None, "40000"]
    assert [line.amount for line in (first, second)] == [-60000, -40000]
