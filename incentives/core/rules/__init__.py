"""One file per rule type. Each has

KIND, LABEL    its name in documents, and on screens
YIELDS         which of points, money and badge it can give
Params         a marshmallow schema of its parameters
needs_quota    whether these parameters need one
earn           the sum: (measured credits in order, quota) -> earnings
describe       the parameters as a sentence a rep understands
EXAMPLE        a worked example that runs as a test
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from incentives.core.activity import Credit


@dataclass(frozen=True, slots=True)
class Measured:
    """A credit with its value in the component's measure.

    `params` is None where another plan version, with another rule type, was in force: the value
    still moves the running position, and earns nothing here (semantics 21).
    """

    credit: Credit
    value: Decimal
    params: dict[str, Any] | None
