"""Make of everybody's statement what is kept for good when a month is locked (semantics 24)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from incentives.core.calendar import Period
from incentives.core.plain_values import as_plain
from incentives.operations.accounts import Account, PaidMonth
from incentives.operations.export_statement import rows_to_keep
from incentives.operations.locked_months import FrozenStatement
from incentives.operations.read_payouts import open_month
from incentives.operations.read_settlement import read_accounts
from incentives.operations.read_statement import Statement, open_statement
from incentives.store import markers, people
from incentives.store.base import to_json
from incentives.store.companies import the_company
from incentives.store.locked_statements import Frozen
from incentives.store.posted import last_postings


class State(NamedTuple):
    """How far a payee was when a statement was made: what changes it changes one of these."""

    wanted: int
    computed: int
    posted: str


def states_of(session: Session, payee_ids: Collection[int]) -> dict[int, State]:
    seen, last = markers.seen(session, payee_ids), last_postings(session, payee_ids)
    return {
        each: State(seen[each].wanted, seen[each].computed, last[each].hash) for each in payee_ids
    }


def freeze_month(
    month: Period, *, now: datetime, payee_ids: Collection[int] | None = None
) -> dict[int, Frozen]:
    """The statements of all payees, or of some, for a month, as they stand now; of pay periods that
    go on after it, nothing but what they began with."""
    calendar = the_company().calendar
    accounts = read_accounts(
        payee_ids, calendar=calendar, as_of=month.last_day, ended_by=month.end_day
    )
    theirs: dict[int, list[Account]] = {}
    for account in accounts:
        theirs.setdefault(account.payee_id, []).append(account)
    persons = {person.id: person for person in people.payees()}
    frozen = {}
    for paid in open_month(month, accounts, payee_ids):
        payee_id = paid.payee.id
        statement = open_statement(persons[payee_id], month, theirs.get(payee_id, []), now=now)
        frozen[payee_id] = _frozen(paid, statement)
    return frozen


def _frozen(paid: PaidMonth, statement: Statement) -> Frozen:
    kept = FrozenStatement(
        team=statement.team,
        office=statement.office,
        components=statement.components,
        corrections=statement.corrections,
        issues=statement.issues,
        attainment=statement.attainment,
        year=statement.year,
        lines=rows_to_keep(statement),
    )
    # Nobody is parked or behind when a month is locked.
    paid = replace(paid, is_parked=False)
    return Frozen(paid.payee.id, to_json(as_plain(paid)), to_json(as_plain(kept)))
