"""A plan in plain words, and the hash over both."""

import copy

import pytest

from incentives.core import describe
from incentives.core.describe import describe_component, describe_plan, plan_hash
from incentives.core.plans import read_plan

TIERS = {
    "kind": "marginal_rate",
    "tiers_by": "attainment",
    "tiers": [{"up_to": "1", "rate": "0.05"}, {"rate": "0.08"}],
}
BASE = {
    "key": "commission",
    "name": "Commission",
    "yields": "money",
    "measure": "revenue",
    "rule": {"kind": "flat_rate", "rate": "0.10"},
}


def document(*components, **more):
    parts = [{**BASE, **component} for component in components]
    return {"schema": 1, "name": "P", "currency": "USD", "components": parts, **more}


def sentence(**component):
    plan = read_plan(document(component))
    return describe_component(plan.components[0], plan.currency)


@pytest.mark.parametrize(
    ("component", "said"),
    [
        ({}, "Commission: for revenue, each deal by itself, you earn 10 % of everything."),
        (
            {"yields": "points", "measure": "demos", "rule": {"kind": "per_unit", "amount": "5"}},
            "Commission: for demos, each deal by itself, you get 5 points for each.",
        ),
        (
            {
                "yields": "badge",
                "measure": "deals_won",
                "accumulates": "day",
                "rule": {"kind": "badge", "at_least": "3"},
            },
            "Commission: for deals won, added up over each day, you win a badge for reaching 3.",
        ),
        (
            {
                "conditions": {"all": [{"field": "product", "comparison": "is", "value": "X"}]},
                "credited": "team",
            },
            "Commission: for revenue of the people you manage where product is X, "
            "each deal by itself, you earn 10 % of everything.",
        ),
        (
            {"credited": "pool", "pool": {"by": "days"}},
            "Commission: for revenue of the whole team, each deal by itself, the team earns 10 % "
            "of everything; divided by days in the team among the members of the team.",
        ),
        (
            {"accumulates": "quarter", "rule": TIERS, "quota_span": "whole", "at_bound": "lower"},
            "Commission: for revenue, added up over each quarter, you earn 5 % up to 100 % of "
            "quota, then 8 % above that; each rate pays only inside its own tier; the quota is "
            "that of the whole quarter; a bound must be passed, reaching it is not enough.",
        ),
        (
            {
                "window": {"from": "2026-11-01", "until": "2026-12-01"},
                "gate": {"all": [{"measure": "meetings", "over": "month", "at_least": "20"}]},
                "multiplier": {"factor": "1.1"},
                "cap": {"amount": "9000"},
                "floor": {"amount": "500"},
            },
            "Commission: for revenue from 2026-11-01 until before 2026-12-01, each deal by itself, "
            "you earn 10 % of everything; only if meetings in the month reaches 20; times 1.1; "
            "at most 9,000 USD a month; at least 500 USD each month.",
        ),
        (
            {
                "accumulates": "year",
                "to_date": "in_period",
                "rule": {**TIERS, "kind": "retroactive_rate"},
            },
            "Commission: for revenue, added up over each year, you earn 5 % up to 100 % of quota, "
            "then 8 % above that; the rate reached pays on everything; the quota is that of the "
            "months begun; each month pays for its own results at what is reached by its end; "
            "reaching a bound is enough.",
        ),
    ],
)
def test_one_sentence_says_what_is_paid_for_what(component, said):
    assert sentence(**component) == said


def test_a_plan_is_told_with_the_terms_around_it():
    terms = {
        "draw": {"kind": "non_recoverable", "amount": "2000"},
        "claw_back": {"policy": "at_rate_paid"},
    }
    assert describe_plan(read_plan(document({}, **terms, pays="week"))) == [
        "P pays in USD, each week.",
        "Commission: for revenue, each deal by itself, you earn 10 % of everything.",
        "Each pay period has a non-recoverable draw of 2,000 USD, which is not paid back.",
        "When a deal is cancelled after its pay period was closed, what it was paid is taken back.",
    ]


def test_the_hash_does_not_depend_on_the_order_in_which_a_document_is_written():
    said = document({})
    assert plan_hash(said) == plan_hash(dict(reversed(said.items())))


def test_the_hash_covers_the_document():
    other = copy.deepcopy(document({}))
    other["components"][0]["key"] = "other"  # which no sentence tells
    assert plan_hash(other) != plan_hash(document({}))


def test_the_hash_covers_the_text(monkeypatch):
    before = plan_hash(document({}))
    monkeypatch.setattr(describe, "describe_claw_back", lambda terms: "Other words.")
    assert plan_hash(document({})) != before
