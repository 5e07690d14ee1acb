"""Splitting an activity into credits (semantics 8)."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from incentives.core.activity import Share
from incentives.core.money import EXACT

WHOLE = Decimal(100)


def share_problem(shares: Sequence[Share]) -> str | None:
    """Why these shares cannot be credited, as a sentence, or None if they can."""
    if not shares:
        return "Name the payee, or shares that total 100."
    if any(not 0 <= share.percent <= WHOLE for share in shares):
        return "Each share must be between 0 and 100."
    if len({(share.payee, share.overlay) for share in shares}) < len(shares):
        return "Name each payee once."
    with localcontext(EXACT):
        total = sum((share.percent for share in shares if not share.overlay), Decimal(0))
    if total != WHOLE:
        return f"The shares total {total}, they must total 100."
    return None


def part_of(value: Decimal, percent: Decimal) -> Decimal:
    """A share of a value, exact: nothing is rounded before a line is posted."""
    with localcontext(EXACT):
        return value * percent / WHOLE
