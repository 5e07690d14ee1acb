"""The form of a plan is drawn from its schemas, and reads back what it shows."""

import copy
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from incentives.core.components import ComponentSchema
from incentives.core.plans import read_plan
from incentives.core.registry import rule_types
from incentives.operations.starter_plan import empty_plan, example_component
from incentives.web.plan_draft import PlanDraft
from incentives.web.schema_form import Control, Group, Rows, SchemaForm
from incentives.web.shares import number_text, percent_text, ratio_text
from tests.golden.statement import all_statements

TODAY = date(2026, 11, 18)


def sent(parts):
    """What a browser would send of the parts of a form as they stand."""
    found = {}
    for part in parts:
        match part:
            case Control():
                found[part.name] = part.value
            case Group():
                found |= {part.name: "1"} | sent(part.parts)
            case Rows():
                found[part.name] = str(len(part.rows))
                for row in part.rows:
                    found |= sent(row)
    return found


def open_part(document, shown):
    return PlanDraft(copy.deepcopy(document), shown)


def send(draft, do="", **typed):
    data = {"document": draft.text, "shown": draft.shown, "plan-open": "1", "do": do}
    return PlanDraft.sent(MultiDict(data | sent(draft.parts()) | typed), TODAY)


def one(kind):
    document = empty_plan("USD") | {"name": "One"}
    document["components"] = [example_component(kind, taken=(), today=TODAY)]
    return document


@pytest.mark.parametrize("kind", sorted(rule_types()))
def test_the_example_of_every_kind_is_a_plan_and_comes_back_as_it_was(kind):
    document = one(kind)
    assert read_plan(send(open_part(document, "0")).document) == read_plan(document)


@pytest.mark.parametrize("worked", all_statements(), ids=lambda statement: statement.name)
def test_every_plan_worked_by_hand_comes_back_part_by_part(worked):
    for _, document in worked.versions:
        for shown in ("terms", *map(str, range(len(document["components"])))):
            assert read_plan(send(open_part(document, shown)).document) == read_plan(document)


@pytest.mark.parametrize(
    ("ratio", "typed"), [("0.065", "6.5"), ("1", "100"), ("-0.01", "-1"), ("0.0125", "1.25")]
)
def test_shares_are_typed_in_per_cent_and_kept_exactly(ratio, typed):
    assert percent_text(ratio) == typed
    assert float(ratio_text(typed)) == float(ratio)


def test_what_is_no_number_stays_as_it_was_typed():
    assert ratio_text("five") == percent_text("five") == "five"
    assert number_text("1,234.50") == "1234.50"
    assert number_text("1.234,50") == "1.23450" or number_text("1,2x") == "1,2x"


def test_bounds_are_shares_where_the_table_goes_by_the_quota_and_amounts_elsewhere():
    by_amount = open_part(one("marginal_rate"), "0")
    assert sent(by_amount.parts())["plan-components-0-rule-tiers-0-up_to"] == "5000"
    by_share = send(by_amount, **{"plan-components-0-rule-tiers_by": "attainment"})
    # The same text is now per cent.
    tiers = by_share.document["components"][0]["rule"]["tiers"]
    assert tiers[0]["up_to"] == "50.00"


def test_a_test_inside_a_tier_has_its_own_measure_of_things():
    draft = send(open_part(one("marginal_rate"), "0"), "add:plan-components-0-rule-tiers-0-only_if")
    at = "plan-components-0-rule-tiers-0-only_if"
    typed = {f"{at}-measure": "revenue", f"{at}-over": "year", f"{at}-at_least": "100"}
    shares = send(draft, **typed, **{f"{at}-read": "attainment"})
    numbers = send(draft, **typed)
    assert shares.document["components"][0]["rule"]["tiers"][0]["only_if"]["at_least"] == "1.00"
    assert numbers.document["components"][0]["rule"]["tiers"][0]["only_if"]["at_least"] == "100"


def test_the_twelve_months_come_and_go_together():
    draft = send(open_part(one("flat_rate"), "terms"), "add:plan-quotas")
    months = send(draft, "add:plan-quotas-seasonality")
    assert months.document["quotas"]["seasonality"] == [""] * 12
    gone = send(months, "drop:plan-quotas-seasonality")
    assert "seasonality" not in gone.document["quotas"]


def test_a_condition_on_one_of_several_is_a_list():
    draft = send(open_part(one("flat_rate"), "0"), "add:plan-components-0-conditions")
    at = "plan-components-0-conditions-all-0"
    typed = {f"{at}-field": "product", f"{at}-comparison": "is_one_of", f"{at}-value": "A, B"}
    row = send(draft, **typed).document["components"][0]["conditions"]["all"][0]
    assert row == {"field": "product", "comparison": "is_one_of", "value": ["A", "B"]}


def test_only_components_above_can_be_tested():
    document = one("flat_rate")
    document["components"].append(example_component("bonus", taken=("flat-rate",), today=TODAY))
    draft = send(open_part(document, "1"), "add:plan-components-1-gate")
    (gate,) = [part for part in draft.parts() if part.name.endswith("gate")]
    options = [
        control.options
        for rows in gate.parts
        if isinstance(rows, Rows)
        for row in rows.rows
        for control in row
        if control.name.endswith("component")
    ]
    assert options == [[("", "–"), ("flat-rate", "flat-rate")]]


def test_what_holds_anyway_is_not_written_down():
    document = one("flat_rate")
    document["components"][0] |= {"accumulates": "deal", "credited": "own", "at_bound": "upper"}
    (component,) = send(open_part(document, "0")).document["components"]
    assert component.keys() == {"key", "name", "yields", "measure", "rule"}


def test_every_field_of_a_component_has_a_name_of_its_own():
    drawn = SchemaForm().parts(ComponentSchema(), one("flat_rate")["components"][0], "plan")
    labels = [part.label for part in drawn]
    assert len(set(labels)) == len(labels)
