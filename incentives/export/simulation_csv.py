"""A simulation as CSV: one row for each number, told apart by `kind`."""

import json
from collections.abc import Iterator
from decimal import Decimal

from incentives.core.results import MONEY
from incentives.core.simulate import Statement
from incentives.core.words import plain
from incentives.export.csv_file import Cell, to_csv
from incentives.export.simulation import Earned, Explained, Simulated, attainment_text

HEADER = (
    *("payee", "name", "period", "kind", "component", "amount", "unit"),
    *("attainment", "result", "quota", "origin", "activity", "aspect", "reason", "working"),
)
_Row = dict[str, Cell]


def as_csv(simulated: Simulated, *, explain: bool) -> bytes:
    """Kinds are earned, each amount of a settlement, such as draw and payout, issue, whose words
    stand in `working`, and with `explain` line."""
    return to_csv(HEADER, _rows(simulated, explain=explain))


def _rows(simulated: Simulated, *, explain: bool) -> Iterator[list[Cell]]:
    roster = simulated.company.roster
    for statement in simulated.statements:
        who: _Row = {"payee": roster.code(statement.payee), "name": roster.name(statement.payee)}
        for row in _of_payee(simulated, statement, explain=explain):
            yield [(who | row).get(name) for name in HEADER]


def _of_payee(simulated: Simulated, statement: Statement, *, explain: bool) -> Iterator[_Row]:
    yield from (_earned(earned) for earned in simulated.earned(statement))
    for paid in simulated.paid(statement):
        for kind, amount in paid.amounts.items():
            yield {
                "period": paid.period,
                "kind": kind if kind != "earned" else "earned_in_all",
                "amount": Decimal(amount),
                "unit": simulated.unit(MONEY),
            }
    for issue in statement.issues:
        yield {
            "period": issue.period,
            "kind": "issue",
            "component": issue.component,
            "reason": issue.code,
            "working": issue.message,
        }
    if explain:
        yield from (_line(line) for line in simulated.lines(statement))


def _earned(earned: Earned) -> _Row:
    row: _Row = {
        "period": earned.period,
        "kind": "earned",
        "component": earned.component,
        "amount": Decimal(earned.amount),
        "unit": earned.unit,
    }
    if earned.attained is None:
        return row
    return row | {
        "attainment": Decimal(attainment_text(earned.attained)),
        "result": Decimal(plain(earned.attained.result)),
        "quota": Decimal(plain(earned.attained.quota)),
    }


def _line(line: Explained) -> _Row:
    return {
        "period": line.period,
        "kind": "line",
        "component": line.component,
        "amount": Decimal(line.amount),
        "unit": line.unit,
        "origin": line.origin,
        "activity": line.activity,
        "aspect": line.aspect,
        "reason": line.reason,
        "working": json.dumps(line.working, ensure_ascii=False, sort_keys=True),
    }
