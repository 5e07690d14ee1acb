"""A simulation as text to read in a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from incentives.core.attainment import Attained
from incentives.core.simulate import Statement
from incentives.core.words import percent
from incentives.core.working import PARTS
from incentives.export.simulation import Explained, Paid, Simulated
from incentives.export.text_table import to_text_table

# Columns of a settlement that are left out where nobody has anything in them.
_LABELS = {
    "earned": "Earned",
    "held_back": "Held back",
    "released": "Released",
    "guaranteed": "Guarantee",
    "draw": "Draw",
    "recovered": "Recovered",
    "on_hold": "On hold",
    "owed": "Owed",
    "carried": "Carried",
    "payout": "Payout",
}
_ALWAYS = ("earned", "payout")


def as_table(simulated: Simulated, *, explain: bool) -> str:
    """What was earned, what is paid and what waits; with `explain` the working of each line."""
    parts = [_earned(simulated), _paid(simulated), _waiting(simulated)]
    if explain:
        parts += [_explained(simulated, statement) for statement in simulated.statements]
    return "\n\n".join(part for part in parts if part) + "\n"


def _earned(simulated: Simulated) -> str:
    rows = [
        [
            _who(simulated, statement),
            earned.period,
            earned.component,
            f"{earned.amount} {earned.unit}",
            _attainment(earned.attained),
        ]
        for statement in simulated.statements
        for earned in simulated.earned(statement)
    ]
    header = ["Payee", "Period", "Component", "Earned", "Attainment"]
    if not rows:
        return "Nothing was earned."
    return to_text_table(header, rows, right=["Earned", "Attainment"])


def _attainment(attained: Attained | None) -> str:
    return percent(round(attained.attainment, 4)) if attained else ""


def _paid(simulated: Simulated) -> str:
    paid = [
        (_who(simulated, statement), each)
        for statement in simulated.statements
        for each in simulated.paid(statement)
    ]
    used = [name for name in _LABELS if name in _ALWAYS or _is_used(name, [p for _, p in paid])]
    if not paid:
        return ""
    labels = [_LABELS[name] for name in used]
    rows = [[who, each.period, *(each.amounts[name] for name in used)] for who, each in paid]
    return to_text_table(["Payee", "Period", *labels], rows, right=labels)


def _is_used(name: str, paid: Sequence[Paid]) -> bool:
    return any(each.amounts[name].strip("-0.") for each in paid)


def _waiting(simulated: Simulated) -> str:
    rows = [
        [_who(simulated, statement), issue.period, issue.component, issue.message]
        for statement in simulated.statements
        for issue in statement.issues
    ]
    return to_text_table(["Payee", "Period", "Component", "What is missing"], rows) if rows else ""


def _who(simulated: Simulated, statement: Statement) -> str:
    return simulated.company.roster.name(statement.payee)


def _explained(simulated: Simulated, statement: Statement) -> str:
    rows = [
        [
            str(line.sequence),
            line.period,
            line.component,
            line.activity,
            f"{line.amount} {line.unit}",
            "; ".join(_words(line)),
        ]
        for line in simulated.lines(statement)
    ]
    if not rows:
        return ""
    header = ["Line", "Period", "Component", "Activity", "Amount", "Working"]
    table = to_text_table(header, rows, right=["Line", "Amount"])
    return f"{_who(simulated, statement)}\n{table}"


def _words(line: Explained) -> Iterator[str]:
    if line.reason != line.aspect:
        yield line.reason
    if line.aspect != "earned":
        yield line.aspect.replace("_", " ")
    if line.amends is not None:
        yield f"amends line {line.amends}"
    if line.origin != line.period:
        yield f"belongs to {line.origin}"
    yield from _explains(line.working)


def _explains(working: Mapping[str, Any]) -> Iterator[str]:
    """Slices and notes; of a line of several spans each by itself."""
    if PARTS in working:
        for part in working[PARTS]:
            yield f"{part['span']} ({'; '.join(_explains(part))})"
    elif working.get("slices"):
        yield " + ".join(_slice(part) for part in working["slices"])
    for name, value in working.items():
        if name == "exchange":
            yield _exchange(value)
        elif name not in ("slices", "span", PARTS):
            yield f"{name.replace('_', ' ')} {value}"


def _exchange(said: Mapping[str, str]) -> str:
    by = f" by {said['provider']}" if said["provider"] else ""
    return f"{said['currency']} at {said['rate']} since {said['since']}{by}"


def _slice(part: Mapping[str, str]) -> str:
    """A slice as a product: 150000 × 0.04, with what else its row of the table says."""
    each = part.get("rate") or part.get("amount")
    said = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in part.items()
        if name not in ("row", "base", "rate", "amount", "up_to")
    ]
    product = f"{part['base']} × {each}" if each else part["base"]
    return f"{product} ({', '.join(said)})" if said else product
