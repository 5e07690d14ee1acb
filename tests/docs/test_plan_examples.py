"""Every plan of docs/plans.md can be published, and gives what the page says it gives."""

import re
from decimal import Decimal

import pytest
from marshmallow import fields

from incentives.core.activity import WON, Activity, Share
from incentives.core.components import ACCUMULATIONS, RuleField
from incentives.core.conditions import COMPARISONS, ConditionsSchema
from incentives.core.fields import OneOf
from incentives.core.lint import ERROR, check
from incentives.core.measures import MEASURES
from incentives.core.plans import PlanSchema
from incentives.core.registry import rule_types
from incentives.core.result_tests import ResultTestSchema
from incentives.ingest.plan_document import read_document
from tests.docs.documents import blocks, document, fences
from tests.docs.statements import example
from tests.golden.statement import exact_yaml
from tests.world import noon

PLANS = "docs/plans.md"
# Where the fields of a part of the document are told; those of a rule stand in its own section.
SECTIONS = {
    "PlanSchema": "## The document",
    "ComponentSchema": "## A component",
    "ConditionsSchema": "### Conditions",
    "ConditionSchema": "### Conditions",
    "WindowSchema": "### Windows",
    "PoolSchema": "### Pools",
    "AttainmentSchema": "### Another basis of attainment",
    "GateSchema": "### Gates",
    "ResultTestSchema": "### Gates",
    "MultiplierSchema": "### Multipliers",
    "FactorTierSchema": "### Multipliers",
    "CapSchema": "### Caps",
    "FloorSchema": "### Floors",
    "QuotaTermsSchema": "### How quotas are read",
    "DrawSchema": "### Draws",
    "GuaranteeSchema": "### Guarantees",
    "HoldbackSchema": "### Holdbacks",
    "ReleasedSchema": "### Holdbacks",
    "ClawBackSchema": "### Claw-backs",
}
TOLD_ONCE = (ConditionsSchema, ResultTestSchema)


def examples():
    """Each plan, or its versions one below the other, with what the page says that comes of it."""
    versions = []
    for block in fences(PLANS):
        if block.said == "yaml plan":
            versions.append(read_document(block.text))
        if block.said == "yaml gives":
            assert versions, f"what happens in {block.heading} has no plan"
            yield pytest.param(versions, block, id=block.heading)
            versions = []
    assert not versions, "the last plan says nothing of what it gives"


@pytest.mark.parametrize(("versions", "gives"), examples())
def test_a_plan_can_be_published_and_gives_what_the_page_says(versions, gives):
    for plan in versions:
        _, findings = check(plan)
        assert [each.sentence for each in findings if each.severity == ERROR] == []
    if len(versions) == 1:
        example(gives.heading, gives.text, plan=versions[0]).check()
        return
    begin = exact_yaml(gives.text)["versions_from"]
    dated = [{"from": day, "plan": plan} for day, plan in zip(begin, versions, strict=True)]
    example(gives.heading, gives.text, versions=dated).check()


@pytest.mark.parametrize("block", blocks(PLANS, "yaml looked-at"), ids=lambda each: each.heading)
def test_what_the_page_says_of_a_plan_is_what_lint_says(block):
    plan, _, said = block.text.partition("---\n")
    _, findings = check(read_document(plan))
    found = [f"{each.severity}: {each.path}: {each.sentence}" for each in findings]
    assert found == [line.removeprefix("# ") for line in said.splitlines()]


def test_every_rule_type_has_a_section_with_an_example():
    shown = {
        component["rule"]["kind"]
        for block in blocks(PLANS, "yaml plan")
        for component in read_document(block.text)["components"]
    }
    assert shown == set(rule_types())


def parts():
    """(schema, heading of the section that tells of it) of every part of a plan document."""
    yield from _parts(PlanSchema(), None)
    for kind, rule_type in rule_types().items():
        heading = f"### {kind}: {rule_type.LABEL[0].lower()}{rule_type.LABEL[1:]}"
        yield from _parts(rule_type.Params(), heading)


def _parts(schema, heading):
    yield schema, heading or SECTIONS[type(schema).__name__]
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            told_elsewhere = isinstance(inner.schema, TOLD_ONCE)
            yield from _parts(inner.schema, None if told_elsewhere else heading)


PARTS = [pytest.param(*part, id=f"{part[1]}-{type(part[0]).__name__}") for part in parts()]


@pytest.mark.parametrize(("schema", "heading"), PARTS)
def test_every_field_is_told_of_and_whether_it_is_needed(schema, heading):
    rows = _rows(_section(heading))
    for name, field in schema.fields.items():
        told = field.data_key or name
        assert told in rows, f"{heading} does not tell of {told}"
        assert field.required in {needed.startswith("yes") for needed in rows[told]}, told


@pytest.mark.parametrize(("schema", "heading"), PARTS)
def test_every_word_that_may_be_written_is_told_of(schema, heading):
    text = _section(heading)
    for field in schema.fields.values():
        if isinstance(field, RuleField):
            continue
        for validator in field.validators:
            if isinstance(validator, OneOf) and set(validator.choices) != set(MEASURES):
                missing = [word for word in validator.choices if not _is_shown(word, text)]
                assert missing == []


def _is_shown(word, text):
    return re.search(rf"`([^`]*\W)?{word}(\W[^`]*)?`", text) is not None


def test_the_tables_name_every_measure_span_and_comparison():
    assert set(_rows(_section("### Measures"))) == set(MEASURES)
    text = document(PLANS)
    for name in (*COMPARISONS, *ACCUMULATIONS):
        assert f"`{name}`" in text


def _section(heading):
    _, found, rest = document(PLANS).partition(f"\n{heading}\n")
    assert found, f"docs/plans.md has no heading {heading!r}"
    return re.split(r"^##", rest, flags=re.MULTILINE)[0]


def _rows(section):
    """What stands in code in the first cells of a section's tables -> the second cells."""
    found = {}
    for first, second in re.findall(r"^\| (`[^|]*?) +\| ([^|]*?) +\|", section, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", first):
            found.setdefault(name, []).append(second)
    return found


def test_the_first_plan_gives_the_same_in_a_running_company(world):
    plan = read_document(blocks(PLANS, "yaml plan")[0].text)
    ana = world.payee("Ana Silva")
    world.plan(plan)
    world.quota(ana, "1000")
    for number, (kind, amount, product) in enumerate(
        [("demo", None, ""), (WON, "1200", "GTX Pro"), (WON, "500", "MG Special")]
    ):
        activity = Activity(
            source="crm",
            external_id=f"D{number}",
            kind=kind,
            shares=(Share(world.code(ana)),),
            occurred_at=noon("2026-11-10"),
            amount=amount and Decimal(amount),
            currency=amount and "USD",
            attributes={"product": product} if product else {},
        )
        assert world.record(activity).status == "created"
    world.refresh()
    # 5 points, and 66.00 as the page says.
    assert (world.total(ana, "points"), world.total(ana, "money")) == (5, 6600)
