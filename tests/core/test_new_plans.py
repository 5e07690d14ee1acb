"""What a new plan is refused for, a version that is in force already is not."""

import pytest
from marshmallow import ValidationError

from incentives.core.new_plans import read_new_plan
from incentives.core.plans import read_plan

SCORECARD = {
    "kind": "scorecard",
    "target": "100",
    "items": [{"name": "Sales", "weight": "100", "measure": "revenue"}],
}


def document(component=None, **more):
    base = {
        "key": "commission",
        "name": "Commission",
        "yields": "money",
        "measure": "revenue",
        "rule": {"kind": "flat_rate", "rate": "0.10"},
    }
    components = [base | (component or {})]
    return {"schema": 1, "name": "P", "currency": "USD", "components": components} | more


REFUSED = {
    "a currency that nobody knows": document(currency="XYZ"),
    "a scorecard of each deal by itself": document({"rule": SCORECARD}),
    "an amount that the currency cannot pay": document({"floor": {"amount": "0.005"}}),
    "a name that cannot be seen": document(name="a\0b"),
    "half a character in a condition": document(
        {"conditions": {"all": [{"field": "a\ud800b", "comparison": "is", "value": "x"}]}}
    ),
}


@pytest.mark.parametrize("said", REFUSED.values(), ids=REFUSED)
def test_what_a_new_plan_is_refused_for_is_left_alone_in_one_in_force(said):
    assert read_plan(said).name == said["name"]
    with pytest.raises(ValidationError):
        read_new_plan(said)


def test_all_that_a_new_plan_is_refused_for_is_named_at_once():
    said = document({"rule": SCORECARD, "floor": {"amount": "0.005"}})
    with pytest.raises(ValidationError) as refused:
        read_new_plan(said)
    assert refused.value.messages == {
        "components": {
            0: {
                "accumulates": [
                    "A scorecard is read over a day, a week, a month, a quarter or a year."
                ],
                "floor": {"amount": ["USD cannot pay 0.005. Write at most 2 decimals."]},
            }
        }
    }


def test_an_unknown_currency_is_named_beside_whatever_else_is_wrong():
    with pytest.raises(ValidationError) as refused:
        read_new_plan(document(currency="usd", name=""))
    assert refused.value.messages == {
        "currency": ["Write the code of a currency, such as USD. Did you mean USD?"],
        "name": ["Write 1 to 80 characters."],
    }
