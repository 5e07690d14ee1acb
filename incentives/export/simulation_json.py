"""A simulation as JSON: exact numbers as texts."""

import json
from dataclasses import asdict
from typing import Any

from incentives.core.simulate import Statement
from incentives.core.words import plain
from incentives.export.simulation import Earned, Simulated, attainment_text


def as_json(simulated: Simulated, *, explain: bool) -> str:
    """One object for each payee; with `explain` every posted line and its working as well."""
    document = {
        "plan": simulated.company.plan.name,
        "currency": simulated.currency,
        "payees": [
            _payee(simulated, statement, explain=explain) for statement in simulated.statements
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _payee(simulated: Simulated, statement: Statement, *, explain: bool) -> dict[str, Any]:
    roster = simulated.company.roster
    lines = [asdict(line) for line in simulated.lines(statement)] if explain else []
    return {
        "payee": roster.code(statement.payee),
        "name": roster.name(statement.payee),
        "earned": [_earned(earned) for earned in simulated.earned(statement)],
        "settlements": [
            {"period": paid.period, **paid.amounts} for paid in simulated.paid(statement)
        ],
        "issues": [asdict(issue) for issue in statement.issues],
        **({"lines": lines} if explain else {}),
    }


def _earned(earned: Earned) -> dict[str, Any]:
    said = {
        "period": earned.period,
        "component": earned.component,
        "amount": earned.amount,
        "unit": earned.unit,
    }
    if earned.attained is None:
        return said
    return said | {
        "attainment": attainment_text(earned.attained),
        "result": plain(earned.attained.result),
        "quota": plain(earned.attained.quota),
        "span": earned.attained.span,
    }
