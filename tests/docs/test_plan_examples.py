"""Every plan of docs/plans.md is published, and gives what the page says it gives."""

import re
from decimal import Decimal

import pytest
import yaml

from incentives.core.activity import WON, Activity, Share
from incentives.core.components import ACCUMULATIONS, ComponentSchema
from incentives.core.conditions import COMPARISONS
from incentives.core.measures import MEASURES
from incentives.core.plans import PlanSchema
from incentives.core.registry import rule_types
from tests.docs.documents import blocks, document
from tests.world import noon

PLANS = "docs/plans.md"
EXAMPLES = [
    pytest.param(yaml.safe_load(plan.text), yaml.safe_load(gives.text), id=plan.heading)
    for plan, gives in zip(blocks(PLANS, "yaml plan"), blocks(PLANS, "yaml gives"), strict=True)
]


@pytest.mark.parametrize(("plan", "told"), EXAMPLES)
def test_a_plan_can_be_published_and_gives_what_the_page_says(world, plan, told):
    ana = world.payee("Ana Silva")
    world.plan(plan)
    if "quota" in told:
        world.quota(ana, told["quota"])
    for number, activity in enumerate(told["activities"]):
        answer = world.record(_activity(number, world.code(ana), activity))
        assert answer.status == "created", answer.issues
    world.refresh()
    assert {yields: world.total(ana, yields) for yields in told["gives"]} == told["gives"]
    everything = sum(line.amount for line in world.lines(ana))
    assert everything == sum(told["gives"].values())


def _activity(number, payee, told):
    return Activity(
        source="crm",
        external_id=f"D{number}",
        kind=told["kind"],
        shares=(Share(payee),),
        occurred_at=noon(told.get("day", "2026-11-10")),
        amount=Decimal(told["amount"]) if told["kind"] == WON else None,
        currency="USD" if told["kind"] == WON else None,
        attributes={"product": told["product"]} if "product" in told else {},
    )


def test_every_rule_type_has_a_section_with_its_parameters_and_an_example():
    shown = {
        component["rule"]["kind"]
        for block in blocks(PLANS, "yaml plan")
        for component in yaml.safe_load(block.text)["components"]
    }
    assert shown == set(rule_types())
    for kind, rule_type in rule_types().items():
        section = _section(f"### {kind}: {rule_type.LABEL[0].lower()}{rule_type.LABEL[1:]}")
        assert set(rule_type.Params().fields) <= _listed(section)


def test_the_tables_name_every_field_measure_span_and_comparison():
    text = document(PLANS)
    assert _listed(_section("## The plan")) == set(PlanSchema().fields)
    assert set(ComponentSchema().fields) <= _listed(_section("## A component"))
    assert _listed(_section("### Measures")) == set(MEASURES)
    for name in (*COMPARISONS, *ACCUMULATIONS):
        assert f"`{name}`" in text


def _section(heading):
    _, found, rest = document(PLANS).partition(f"\n{heading}\n")
    assert found, f"docs/plans.md has no heading {heading!r}"
    return re.split(r"^##", rest, flags=re.MULTILINE)[0]


def _listed(section):
    """What stands in code in the first cells of a section's table."""
    rows = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
