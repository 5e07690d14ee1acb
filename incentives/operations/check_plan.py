"""Check a draft before it counts: what is refused, and what may not be meant (semantics 21)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from incentives.core.lint import ERROR, WARNING, Finding, check
from incentives.core.new_plans import read_new_plan
from incentives.core.plans import Plan
from incentives.core.refusals import messages_of
from incentives.errors import Invalid
from incentives.store.companies import the_company


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """The plan of a document, None where it is refused, and all there is to say about it."""

    plan: Plan | None
    findings: list[Finding]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == ERROR]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == WARNING]

    def open_warnings(self, kept: Collection[str]) -> list[Finding]:
        """The warnings that nobody has said to keep. A version with one is not published."""
        return [finding for finding in self.warnings if finding.sentence not in kept]


def check_plan(document: Mapping[str, Any], *, now: datetime) -> PlanCheck:
    """What there is to say about a document as of today."""
    plan, findings = check(document, today=the_company().calendar.day_of(now))
    return PlanCheck(plan, findings)


def checked_plan(document: Mapping[str, Any]) -> Plan:
    """The plan of a document. Raises Invalid naming each field."""
    try:
        return read_new_plan(document)
    except ValidationError as error:
        refused = messages_of(error)
        raise Invalid("plan", "The plan cannot be read as it is.", fields=refused) from error
