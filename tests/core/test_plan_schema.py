"""The published schema says what the checks say: one source for both."""

import copy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from incentives.core.plan_schema import json_schema
from incentives.core.registry import rule_types
from incentives.ingest.plan_document import read_document
from incentives.operations.starter_plan import starter_plan
from tests.docs.documents import blocks
from tests.golden.statement import all_statements

DEMO = read_document(Path("incentives/demo/plan.yaml").read_text())
SHOWN = [
    pytest.param(read_document(block.text), id=block.heading)
    for block in blocks("docs/plans.md", "yaml plan")
]
GOLDEN = [
    pytest.param(document, id=statement.name)
    for statement in all_statements()
    for _, document in statement.versions
]


@pytest.fixture(scope="module")
def validator():
    Draft202012Validator.check_schema(json_schema())
    return Draft202012Validator(json_schema())


@pytest.mark.parametrize("document", [DEMO, starter_plan("EUR"), *SHOWN, *GOLDEN])
def test_whole_plans_are_valid(validator, document):
    assert list(validator.iter_errors(document)) == []


def broken(change):
    document = copy.deepcopy(DEMO)
    change(document)
    return document


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: plan.pop("name"),
        lambda plan: plan.update(schema=2),
        lambda plan: plan.update(currency="usd"),
        lambda plan: plan.update(components=[]),
        lambda plan: plan.update(surprise=True),
        lambda plan: plan["components"][0].update(key="Deal points"),
        lambda plan: plan["components"][0].update(yields="glory"),
        lambda plan: plan["components"][0].update(measure="luck"),
        lambda plan: plan["components"][0]["rule"].update(kind="lottery"),
        lambda plan: plan["components"][0]["rule"].update(amount=0.5),
        lambda plan: plan["components"][0]["rule"].update(amount="1e3"),
        lambda plan: plan["components"][1]["rule"].update(tiers=[]),
        lambda plan: plan["components"][1]["rule"].update(tiers=[{"up_to": "1"}]),
        lambda plan: plan["components"][1]["rule"].update(at_least="3"),
    ],
)
def test_broken_plans_are_not(validator, change):
    assert list(validator.iter_errors(broken(change)))


def test_every_rule_type_is_in_it():
    rule = json_schema()["properties"]["components"]["items"]["properties"]["rule"]
    kinds = {choice["properties"]["kind"]["const"] for choice in rule["oneOf"]}
    assert kinds == set(rule_types())


def test_every_part_is_described_by_the_words_of_its_schema():
    assert list(_objects_without_a_description(json_schema())) == []


def _objects_without_a_description(part, path="plan"):
    if isinstance(part, list):
        for number, each in enumerate(part):
            yield from _objects_without_a_description(each, f"{path}.{number}")
    elif isinstance(part, dict):
        if "properties" in part and part.get("type") and not part.get("description"):
            yield path
        for name, each in part.items():
            yield from _objects_without_a_description(each, f"{path}.{name}")


def test_days_may_be_left_out_where_they_are_optional_and_are_named_as_people_write_them():
    draw = json_schema()["properties"]["draw"]["properties"]
    assert draw["from"] == {
        "type": ["string", "null"],
        "format": "date",
        "description": "A day: 2026-11-01.",
    }
    assert "first_day" not in draw
