"""What is refused names the nearest word that is known; what may not be meant is warned of."""

import copy
from datetime import date
from decimal import Decimal

import pytest

from incentives.core.lint import ERROR, WARNING, check

RETROACTIVE = {
    "kind": "retroactive_rate",
    "tiers_by": "attainment",
    "tiers": [{"up_to": "1", "rate": "0.05"}, {"rate": "0.10"}],
}


def document(*components, **more):
    parts = [
        {
            "key": f"c{number}",
            "name": f"Component {number}",
            "yields": "money",
            "measure": "revenue",
            "accumulates": "quarter",
            "rule": {"kind": "flat_rate", "rate": "0.10"},
            **component,
        }
        for number, component in enumerate(components, start=1)
    ]
    return {"schema": 1, "name": "P", "currency": "USD", "components": parts, **more}


def found(document, **known):
    return [(finding.path, finding.sentence) for finding in check(document, **known)[1]]


def sentences(*components, **known):
    return [sentence for _, sentence in found(document(*components), **known)]


def test_a_plan_of_which_nothing_is_to_be_said():
    plan, findings = check(document({}))
    assert plan is not None
    assert findings == []


@pytest.mark.parametrize(
    ("change", "path", "sentence"),
    [
        ({"acumulates": "year"}, "components[0].acumulates", "Did you mean accumulates?"),
        ({"measure": "revenu"}, "components[0].measure", "Did you mean revenue?"),
        (
            {"rule": {"kind": "flat_rates", "rate": "0.1"}},
            "components[0].rule.kind",
            "Did you mean flat_rate?",
        ),
        (
            {"rule": {"kind": "flat_rate", "rate": "0.1", "ratte": "0.1"}},
            "components[0].rule.ratte",
            "Unknown field ratte. Did you mean rate?",
        ),
        (
            {"rule": {**RETROACTIVE, "tiers": [{"rat": "1", "rate": "0.1"}]}},
            "components[0].rule.tiers[0].rat",
            "Did you mean rate?",
        ),
        (
            {"conditions": {"all": [{"field": "x", "comparisson": "is", "value": "y"}]}},
            "components[0].conditions.all[0].comparisson",
            "Did you mean comparison?",
        ),
        (
            {
                "attainment": {"measure": "calls"},
                "rule": {"kind": "per_unit", "amount": "1", "package": "10"},
            },
            "components[0].attainment",
            "Leave this out: Fixed amount per unit counts what it pays for.",
        ),
        (
            {
                "yields": "badge",
                "rule": {"kind": "streak", "at_least": "1", "length": 3, "amount": 5},
            },
            "components[0].rule.amount",
            "a badge is given once",
        ),
        ({"rule": {"kind": "flat_rate", "rate": "x"}}, "components[0].rule.rate", "as text"),
    ],
)
def test_a_refusal_leads_to_the_field_and_names_the_nearest(change, path, sentence):
    plan, findings = check(document(change))
    assert plan is None
    assert [finding.severity for finding in findings if finding.path == path] == [ERROR]
    assert sentence in next(finding.sentence for finding in findings if finding.path == path)


@pytest.mark.parametrize(
    ("change", "path", "sentence"),
    [
        (
            {"currency": "usd"},
            "currency",
            "Write the code of a currency, such as USD. Did you mean USD?",
        ),
        (
            {"currency": "EURO"},
            "currency",
            "Write the code of a currency, such as USD. Did you mean EUR?",
        ),
        ({"currency": "XYZ"}, "currency", "Write the code of a currency, such as USD."),
        ({"draw": {"kind": "recoverable"}}, "draw.amount", "Write it here."),
        ({"name": ""}, "name", "Write 1 to 80 characters."),
        ({"components": []}, "components", "Add at least one component, and at most 100."),
        ({"quotas": "whole"}, "quotas", "Write an object with names and values."),
        (
            {"guarantee": {"amount": "1", "periods": "3"}},
            "guarantee.periods",
            "Write a whole number, such as 3.",
        ),
    ],
)
def test_a_refusal_says_what_to_write(change, path, sentence):
    assert (path, sentence) in found(document({}, **change) | change)


YEN_BONUS = {"at_least": "1", "amount": "0.5"}


@pytest.mark.parametrize(
    ("change", "path", "sentence"),
    [
        (
            {"floor": {"amount": "1000.5"}},
            "components[0].floor.amount",
            "JPY cannot pay 1000.5. Write a whole number.",
        ),
        (
            {"cap": {"amount": "0.25"}},
            "components[0].cap.amount",
            "JPY cannot pay 0.25. Write a whole number.",
        ),
        (
            {"rule": {"kind": "bonus", "by": "amount", "bonuses": [YEN_BONUS]}},
            "components[0].rule.bonuses[0].amount",
            "JPY cannot pay 0.5. Write a whole number.",
        ),
    ],
)
def test_an_amount_that_the_currency_cannot_pay_is_refused(change, path, sentence):
    assert found(document(change, currency="JPY")) == [(path, sentence)]


def test_amounts_are_refused_by_the_decimals_of_their_currency_alone():
    finer = {"floor": {"amount": "33.335"}}
    sentence = "USD cannot pay 33.335. Write at most 2 decimals."
    assert found(document(finer)) == [("components[0].floor.amount", sentence)]
    assert found(document(finer, currency="KWD")) == []
    assert found(document({"floor": {"amount": "33.500"}})) == []
    by_the_unit = {"measure": "calls", "rule": {"kind": "per_unit", "amount": "0.005"}}
    assert found(document(by_the_unit)) == []
    draw = {"kind": "recoverable", "amount": "0.005"}
    sentence = "USD cannot pay 0.005. Write at most 2 decimals."
    assert found(document({}, draw=draw)) == [("draw.amount", sentence)]


def test_a_rate_above_all_that_is_sold_may_be_meant_as_per_cent():
    five = "Component 1: the rate 5 is 500 %. For 5 % write 0.05."
    ((path, sentence),) = found(document({"rule": {"kind": "flat_rate", "rate": "5"}}))
    assert (path, sentence) == ("components[0].rule.rate", five)
    tiers = [{"up_to": "10", "rate": "0.05"}, {"rate": "7.5"}]
    table = {"kind": "marginal_rate", "tiers_by": "amount", "tiers": tiers}
    ((path, sentence),) = found(document({"rule": table}))
    assert path == "components[0].rule.tiers[1].rate"
    assert sentence == "Component 1: the rate 7.5 is 750 %. For 7.5 % write 0.075."
    whole = {"rule": {"kind": "flat_rate", "rate": "1"}}
    assert sentences(whole) == []
    for_each_deal = {"measure": "deals_won", "rule": {"kind": "flat_rate", "rate": "50"}}
    assert sentences(for_each_deal) == []


def test_a_scorecard_of_each_deal_by_itself_is_refused():
    # A deal alone has neither a quota nor a rating, so it could never score.
    items = [{"name": "Sales", "weight": "100", "measure": "revenue"}]
    rule = {"kind": "scorecard", "target": "100", "items": items}
    place, said = "components[0].accumulates", "A scorecard is read over a day, a week"
    ((path, sentence),) = found(document({"rule": rule, "accumulates": "deal"}))
    assert path == place
    assert sentence.startswith(said)
    assert found(document({"rule": rule, "accumulates": "month"})) == []


def test_a_gate_on_a_component_that_is_not_above_is_refused_with_the_nearest_that_is():
    gate = {"all": [{"component": "c11", "over": "quarter", "at_least": "1"}]}
    ((_, sentence),) = found(document({}, {"gate": gate}))
    assert sentence == "c2 looks at c11, which must stand above it. Did you mean c1?"


def test_a_word_that_is_like_nothing_gets_no_guess():
    ((_, sentence),) = found(document({"zzz": "1"}))
    assert sentence == "Unknown field zzz."


def test_pay_that_falls_is_warned_of_with_its_place():
    falling = copy.deepcopy(RETROACTIVE)
    falling["tiers"][1]["rate"] = "0.04"
    plan, (finding,) = check(document({"rule": falling}))
    assert plan is not None
    assert finding.severity == WARNING
    assert finding.path == "components[0].rule"
    assert finding.sentence == "Component 1: pay falls as sales rise, at 100 % of quota."


def test_pay_that_falls_for_good_is_told_from_where():
    rising = copy.deepcopy(RETROACTIVE) | {"kind": "marginal_rate"}
    rising["tiers"][1]["rate"] = "-0.01"
    assert sentences({"rule": rising}) == [
        "Component 1: pay falls as sales rise, from 100 % of quota on."
    ]


def test_packages_at_the_lower_bound_are_told_with_the_pay_on_both_sides():
    blocks = {
        "kind": "unit_tiers",
        "tiers_by": "amount",
        "reading": "retroactive",
        "tiers": [
            {"up_to": "101000", "amount": "1", "package": "1000"},
            {"amount": "0.5", "package": "1000"},
        ],
    }
    assert sentences({"rule": blocks, "at_bound": "lower"}) == [
        "Component 1: pay falls as sales rise, at 101,000, from 101 to 51."
    ]


def test_a_cliff_is_warned_of_from_a_share_that_may_be_set():
    warned = "Component 1: pay jumps by 100 % at 100 % of quota. Deals may be moved across it."
    assert sentences({"rule": RETROACTIVE}) == [warned]
    assert sentences({"rule": RETROACTIVE}, most_of_a_jump=Decimal(1)) == []


def test_the_first_amount_of_all_is_no_cliff():
    bonus = {"kind": "bonus", "by": "attainment", "bonuses": [{"at_least": "1", "amount": "500"}]}
    assert sentences({"rule": bonus}) == []


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("product", "is", "A"), ("product", "is", "B")], "no activity has such a product"),
        (
            [("product", "is_one_of", ["A", "B"]), ("product", "is", "C")],
            "no activity has such a product",
        ),
        ([("product", "is", "A"), ("product", "is_not", "A")], "no activity has such a product"),
        ([("kind", "is", "call")], "no activity has such a kind"),
        (
            [("amount", "at_least", "100"), ("amount", "below", "100")],
            "no amount is both so much and below so much",
        ),
    ],
)
def test_conditions_that_exclude_each_other_never_pay(rows, why):
    said = [dict(zip(("field", "comparison", "value"), row, strict=True)) for row in rows]
    ((path, sentence),) = found(document({"conditions": {"all": said}}))
    assert path == "components[0].conditions"
    assert sentence == f"Component 1: it never pays: {why}."


def test_conditions_that_leave_something_are_not_warned_of():
    rows = [
        {"field": "product", "comparison": "is_one_of", "value": ["A", "B"]},
        {"field": "product", "comparison": "is_not", "value": "A"},
        {"field": "kind", "comparison": "is", "value": "deal_won"},
        {"field": "amount", "comparison": "at_least", "value": "1"},
        {"field": "amount", "comparison": "below", "value": "2"},
    ]
    assert sentences({"conditions": {"all": rows}}) == []


def test_a_gate_on_what_never_pays_never_opens():
    dead = {"conditions": {"all": [{"field": "kind", "comparison": "is", "value": "call"}]}}
    gate = {"all": [{"component": "c1", "over": "quarter", "at_least": "1"}]}
    assert sentences(dead, {"gate": gate})[1:] == [
        "Component 2: it never pays: its gate waits for Component 1, which never pays."
    ]


def test_a_window_that_is_over():
    spif = {
        "rule": {"kind": "spif", "amount": "50"},
        "window": {"from": "2026-01-01", "until": "2026-02-01"},
    }
    assert sentences(spif, today=date(2026, 1, 31)) == []
    assert sentences(spif, today=date(2026, 2, 1)) == [
        "Component 1: it never pays: its window ended before 2026-02-01."
    ]


def test_a_plan_with_nobody_on_it():
    assert found(document({}), assigned=[]) == [("", "Nobody is on this plan.")]
    assert found(document({}), assigned=["ana"]) == []
    assert found(document({}), assigned=None) == []


@pytest.mark.parametrize(
    ("component", "quota", "warned"),
    [
        # 10 % of the quota is earned at quota, so a cap of 9 % of it is met before.
        ({"cap": {"of_quota": "0.09"}}, None, True),
        ({"cap": {"of_quota": "0.11"}}, None, False),
        ({"cap": {"amount": "90"}}, None, False),
        ({"cap": {"amount": "90"}}, Decimal(1000), True),
        ({"cap": {"amount": "90", "per": "month"}}, Decimal(1000), False),
    ],
)
def test_a_cap_below_the_pay_at_quota(component, quota, warned):
    expected = "Component 1: the cap is reached before the quota: it is 90 % of the pay at quota."
    assert sentences(component, quota=quota) == ([expected] if warned else [])


def test_units_that_take_away():
    rule = {"kind": "per_unit", "amount": "-5", "by": "product", "amounts": {"X": "-2.50"}}
    assert sentences({"rule": rule, "measure": "calls"}) == [
        "Component 1: each unit takes 5 away.",
        "Component 1: each X takes 2.5 away.",
    ]
