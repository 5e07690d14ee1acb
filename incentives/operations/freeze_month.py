"""Make of everybody's statement what is kept for good when a month is locked (semantics 24)."""

from dataclasses import replace
from datetime import datetime

from incentives.core.calendar import Period
from incentives.core.plain_values import as_plain
from incentives.operations.accounts import Account, PaidMonth
from incentives.operations.export_statement import rows_to_keep
from incentives.operations.locked_months import FrozenStatement
from incentives.operations.read_payouts import open_month
from incentives.operations.read_settlement import read_accounts
from incentives.operations.read_statement import Statement, open_statement
from incentives.store import people
from incentives.store.base import to_json
from incentives.store.companies import the_company
from incentives.store.locked_statements import Frozen


def freeze_month(month: Period, *, now: datetime) -> list[Frozen]:
    """The statement of every payee for a month, as it stands now; of pay periods that go on after
    it, nothing but what they began with."""
    calendar = the_company().calendar
    accounts = read_accounts(None, calendar=calendar, as_of=month.last_day, ended_by=month.end_day)
    theirs: dict[int, list[Account]] = {}
    for account in accounts:
        theirs.setdefault(account.payee_id, []).append(account)
    persons = {person.id: person for person in people.payees()}
    frozen = []
    for paid in open_month(month, accounts, None):
        payee_id = paid.payee.id
        statement = open_statement(persons[payee_id], month, theirs.get(payee_id, []), now=now)
        frozen.append(_frozen(paid, statement))
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
