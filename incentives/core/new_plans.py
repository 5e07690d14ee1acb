"""What is refused of a plan that is new, and left alone in a version that is in force already."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from incentives.core.activity_checks import can_be_kept
from incentives.core.components import DEAL, Component
from incentives.core.fields import CurrencyCode
from incentives.core.money import has_too_many_decimals, minor_digits
from incentives.core.plans import Plan, PlanSchema, read_plan
from incentives.core.refusals import Path
from incentives.core.results import MONEY
from incentives.core.words import plain

# Where a rule has amounts that are paid as they are written: by themselves, or one in each row.
_AMOUNTS = ("target", "budget")
_ROWS = {"bonuses": "amount", "milestones": "amount", "points": "amount", "tiers": "flat"}


class NewPlanSchema(PlanSchema):
    """A plan document with a currency that is known."""

    currency = fields.String(required=True, validate=CurrencyCode())


def read_new_plan(document: Mapping[str, Any]) -> Plan:
    """The plan of a document that is not published yet. Raises ValidationError naming each
    field."""
    plan = read_plan(document, NewPlanSchema)
    if not all(can_be_kept(text) for text in _texts(document)):
        raise ValidationError("There is a character in it that cannot be seen. Remove it.")
    refused: dict[Any, Any] = {}
    for path, sentence in (*_never_score(plan), *_not_payable(plan)):
        _put(refused, path, sentence)
    if refused:
        raise ValidationError(refused)
    return plan


def _texts(part: object) -> Iterator[str]:
    """Every text of a document, names of fields as well."""
    match part:
        case str():
            yield part
        case Mapping():
            for name, value in part.items():
                yield from _texts(name)
                yield from _texts(value)
        case list():
            for value in part:
                yield from _texts(value)


def _never_score(plan: Plan) -> Iterator[tuple[Path, str]]:
    """Scorecards of each deal by itself, which has neither a quota nor a rating."""
    for at, component in enumerate(plan.components):
        if component.rule["kind"] == "scorecard" and component.accumulates == DEAL:
            sentence = "A scorecard is read over a day, a week, a month, a quarter or a year."
            yield ("components", at, "accumulates"), sentence


def _not_payable(plan: Plan) -> Iterator[tuple[Path, str]]:
    """Amounts with more decimals than the currency has."""
    for path, amount in _paid_as_written(plan):
        if has_too_many_decimals(amount.normalize(), plan.currency):
            yield path, _sentence(amount, plan.currency)


def _paid_as_written(plan: Plan) -> Iterator[tuple[Path, Decimal]]:
    """The amounts of money that a plan pays, or stops at, as they stand."""
    for name, said in (("draw", plan.draw), ("guarantee", plan.guarantee)):
        if said is not None:
            yield (name, "amount"), said.amount
    for at, component in enumerate(plan.components):
        if component.yields == MONEY:
            for path, amount in _in_component(component):
                yield ("components", at, *path), amount


def _in_component(component: Component) -> Iterator[tuple[Path, Decimal]]:
    for name, said in (("cap", component.cap), ("floor", component.floor)):
        if said is not None and "amount" in said:
            yield (name, "amount"), said["amount"]
    rule = component.rule
    for name in _AMOUNTS:
        if rule.get(name) is not None:
            yield ("rule", name), rule[name]
    for name, part in _ROWS.items():
        rows: Sequence[Mapping[str, Any]] = rule.get(name, ())
        for at, row in enumerate(rows):
            if row.get(part) is not None:
                yield ("rule", name, at, part), row[part]


def _sentence(amount: Decimal, currency: str) -> str:
    digits = minor_digits(currency)
    most = f"at most {digits} decimals" if digits else "a whole number"
    return f"{currency} cannot pay {plain(amount)}. Write {most}."


def _put(messages: dict[Any, Any], path: Path, sentence: str) -> None:
    *places, last = path
    for place in places:
        messages = messages.setdefault(place, {})
    messages[last] = [sentence]
