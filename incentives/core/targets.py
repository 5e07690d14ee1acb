"""What a share of is paid: a target that the plan names, or each payee's own."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from incentives.core.rules import Reach
from incentives.core.words import number


def target_of(params: Mapping[str, Any], reach: Reach) -> Fraction:
    """The target in major units: the plan's, or else the payee's own target incentive."""
    if params["target"] is not None:
        return Fraction(params["target"])
    assert reach.target_incentive is not None, "a rule that needs a target is not asked without it"
    return reach.target_incentive


def described_target(params: Mapping[str, Any], unit: str) -> str:
    if params["target"] is None:
        return "your target incentive"
    return f"a target of {number(params['target'])} {unit}"
