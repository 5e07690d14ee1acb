"""Read what was frozen when months were locked (semantics 24)."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from incentives.core.calendar import Calendar, Period
from incentives.core.plain_values import from_plain
from incentives.core.results import CalculationIssue
from incentives.operations.accounts import Account, PaidMonth
from incentives.operations.read_attainment import Attainment
from incentives.operations.read_corrections import Correction
from incentives.operations.read_earned import EarnedComponent
from incentives.store import locked_statements

MONTH = "month"


@dataclass(frozen=True, slots=True)
class FrozenStatement:
    """What a statement says beside what is paid. `lines` are the rows of its file, by column."""

    team: str
    office: str
    components: tuple[EarnedComponent, ...]
    corrections: tuple[Correction, ...]
    issues: tuple[CalculationIssue, ...]
    attainment: Attainment
    year: tuple[tuple[Period, int], ...]
    lines: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LockedMonth:
    """A payee's statement as it was when its month was locked."""

    paid: PaidMonth
    statement: FrozenStatement


def months_among(keys: Iterable[str], calendar: Calendar) -> list[Period]:
    """The months among the keys of locked pay periods, in order."""
    periods = [period for key in keys if (period := calendar.period_named(key))]
    months = [period for period in periods if period.kind == MONTH]
    return sorted(months, key=lambda month: month.first_day)


def locked_month(payee_id: int, month: str) -> LockedMonth | None:
    """None for whom nothing was frozen: who was no payee yet when the month was locked."""
    found = locked_statements.locked_statement(payee_id, month)
    if found is None:
        return None
    statement = from_plain(FrozenStatement, json.loads(found.statement))
    return LockedMonth(_paid(found.payout), statement)


def paid_in(month: str, payee_ids: Collection[int] | None = None) -> list[PaidMonth]:
    """What everybody, or some payees, were paid in a locked month."""
    return [_paid(text) for _, _, text in locked_statements.locked_payouts([month], payee_ids)]


def accounts_before(
    months: Sequence[str], payee_ids: Collection[int] | None
) -> dict[tuple[int, int, str], Account]:
    """The accounts as they stood when the last of some locked months, in order, was locked, by
    payee, plan and currency, with what was settled in any of these months."""
    found: dict[tuple[int, int, str], Account] = {}
    rows = locked_statements.locked_payouts(months, payee_ids)
    for _, _, text in sorted(rows, key=lambda row: months.index(row[1])):
        for account in _paid(text).accounts:
            key = account.payee_id, account.plan_id, account.currency
            before = found[key].settlements if key in found else ()
            found[key] = replace(account, settlements=(*before, *account.settlements))
    return found


def _paid(text: str) -> PaidMonth:
    return from_plain(PaidMonth, json.loads(text))
