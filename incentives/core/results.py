"""What a calculation gives back: lines with their working, and the issues it met."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from incentives.core.activity import Credit

POINTS, MONEY, BADGE = "points", "money", "badge"
YIELDS = (POINTS, MONEY, BADGE)


@dataclass(frozen=True, slots=True)
class Earning:
    """What a rule gives for one credit, unrounded, with the steps that made it."""

    credit: Credit
    amount: Decimal
    steps: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LineKey:
    """What a line is about. Two calculations of one payee compare by it."""

    plan_id: int
    component: str
    activity_id: int
    period: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What a payee should have for a key: whole minor units of money, whole points, or one badge.

    `working` holds the numbers behind the amount, from the same computation (semantics 25).
    """

    key: LineKey
    yields: str
    amount: int
    currency: str | None
    plan_version_id: int
    day: date
    working: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CalculationIssue:
    """Why a component posts nothing for a period, in words the payee understands."""

    component: str
    period: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Calculation:
    lines: list[ResultLine] = field(default_factory=list)
    issues: list[CalculationIssue] = field(default_factory=list)
