"""The editor of a plan as its template shows it: the parts, the open one as a form, the checks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError

from incentives.core.fields import ExactDecimal
from incentives.core.lint import Finding
from incentives.core.new_plans import read_new_plan
from incentives.core.plans import Plan
from incentives.core.registry import rule_types
from incentives.operations.check_plan import PlanCheck
from incentives.store.companies import the_company
from incentives.store.plans import StoredPlan, assignments_of_plan
from incentives.web import plan_curve, plan_page, plan_words
from incentives.web.plan_draft import TERMS, PlanDraft
from incentives.web.schema_form import Part

# In a form a number is typed without quotes.
_IN_A_FORM = {
    ExactDecimal.default_error_messages["invalid"]: "Write a number, such as 6.5.",
}
_COMPONENT = re.compile(r"plan-components-([0-9]+)(?:-|$)")


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields of the open part under a heading; folded where few need them."""

    title: str
    parts: Sequence[Part]
    notes: Sequence[Finding] = ()
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What the open part says; nothing while it cannot be read."""

    cards: Sequence[dict[str, Any]] = ()
    terms: Sequence[str] = ()


# Which fields stand together, in the order people think of them.
_OF_COMPONENT = (
    ("What it is", ("name", "yields")),
    (
        "What counts",
        ("measure", "accumulates", "credited", "pool", "credits", "conditions", "window"),
    ),
    ("How it pays", ("rule",)),
    ("Gate, multiplier, bounds", ("gate", "multiplier", "cap", "floor")),
    ("More", ("key", "at_bound", "attainment", "quota_span", "to_date")),
)
_OF_TERMS = (
    ("The plan", ("name", "currency", "pays")),
    ("Between earnings and payout", ("draw", "guarantee", "holdback", "claw_back")),
    ("Quotas", ("quotas",)),
)


def sections(draft: PlanDraft, check: PlanCheck) -> list[Section]:
    """The open part as a form, each section with the warnings about its fields. How a team's
    amount is divided is asked only where it is one."""
    parts = {part.name.rpartition("-")[2]: part for part in draft.parts()}
    if draft.shown == TERMS:
        return [Section(title, [parts[name] for name in names]) for title, names in _OF_TERMS]
    if draft.components[int(draft.shown)].get("credited") != "pool":
        del parts["pool"]
    return [
        Section(
            title,
            [parts[name] for name in names if name in parts],
            [each for each in check.warnings if _is_about(each, draft.shown, names)],
            is_folded=title == "More",
        )
        for title, names in _OF_COMPONENT
    ]


def _is_about(finding: Finding, number: str, names: Sequence[str]) -> bool:
    """Whether a finding is about one of these fields of a component."""
    place, _, field = finding.path.partition("].")
    return place == f"components[{number}" and field.partition(".")[0] in names


def rail(draft: PlanDraft, check: PlanCheck) -> list[dict[str, Any]]:
    """One card for each component: what it is, and how much there is to look at."""
    cards = []
    for number, component in enumerate(draft.components):
        rule = component.get("rule")
        kind = str(rule.get("kind")) if isinstance(rule, Mapping) else ""
        about = [f for f in check.findings if f.path.startswith(f"components[{number}]")]
        text = str(rule.get("icon", "")) if isinstance(rule, Mapping) else ""
        cards.append(
            {
                "number": str(number),
                "name": component.get("name") or "No name yet",
                "kind": rule_types()[kind].LABEL if kind in rule_types() else "",
                "yields": plan_page.YIELDS.get(str(component.get("yields")), ""),
                "errors": sum(f in check.errors for f in about),
                "warnings": sum(f in check.warnings for f in about),
                **plan_page.plate(str(component.get("yields")), text),
            }
        )
    return cards


def problems(check: PlanCheck) -> dict[str, list[str]]:
    """What is refused, by the name of the field in the form."""
    found: dict[str, list[str]] = {}
    for finding in check.errors:
        steps = [step for step in re.split(r"[\[\].]+", finding.path) if step]
        sentence = _IN_A_FORM.get(finding.sentence, finding.sentence)
        found.setdefault("-".join(["plan", *steps]), []).append(sentence)
    return found


def error_list(draft: PlanDraft, found: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """(where to jump, what it is, sentence) of each problem, wherever in the document it is."""
    return [
        (draft.jump(name), f"{_in_words(draft, name)}: {said[0].rstrip('.')}", said[0])
        for name, said in found.items()
    ]


def _in_words(draft: PlanDraft, name: str) -> str:
    """The way to a field as people say it: 'Revenue commission, tiers 2, rate'."""
    words: list[str] = []
    found = _COMPONENT.match(name)
    if found and int(found[1]) < len(draft.components):
        words.append(str(draft.components[int(found[1])].get("name") or f"Part {found[1]}"))
        name = name[found.end() :]
    for step in name.removeprefix("plan-").split("-"):
        if step.isdecimal() and words:
            words[-1] += f" {int(step) + 1}"
        elif step and step != "rule":
            words.append(plan_words.label(step).lower() if words else plan_words.label(step))
    return ", ".join(words)


def words(draft: PlanDraft, plan: Plan | None, stored: StoredPlan | None, today: date) -> Words:
    """The open part in plain words, with its curve beside that in force."""
    told = plan or _open_component(draft)
    if told is None:
        return Words()
    in_force = stored.versions[-1].core.plan if stored else None
    on_it = [each.payee_id for each in assignments_of_plan(stored.id)] if stored else []
    drawn = plan_curve.curves(told, in_force, on_it, the_company().calendar, today)
    cards = plan_page.cards(told, drawn)
    if draft.shown == TERMS:
        return Words(cards, plan_page.terms(told))
    return Words([cards[int(draft.shown) if plan else 0]])


def _open_component(draft: PlanDraft) -> Plan | None:
    """The open component alone, so that it is told while other parts are not yet written."""
    if draft.shown == TERMS:
        return None
    component = draft.components[int(draft.shown)]
    known = {name: draft.document.get(name) for name in ("schema", "currency", "pays")}
    said = {name: value for name, value in known.items() if value is not None}
    try:
        return read_new_plan({**said, "name": "Draft", "components": [component]})
    except ValidationError:
        return None
