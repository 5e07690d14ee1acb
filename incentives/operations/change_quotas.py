"""Many quotas at once, as a table of people and periods is filled in: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incentives.core.measures import MEASURES
from incentives.core.money import has_too_many_decimals, minor_digits
from incentives.errors import Invalid
from incentives.operations.set_quota import set_quota
from incentives.queue import ask_for_refresh
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.store.transaction import writing

LARGEST = Decimal(10) ** 11


@dataclass(frozen=True, slots=True)
class WantedQuota:
    """`amount` None takes the quota away; `cell` names it in refusals."""

    payee_id: int
    period: str
    amount: Decimal | None
    cell: str


def change_quotas(
    measure: str, wanted: Sequence[WantedQuota], *, by: int | None, now: datetime
) -> int:
    """Set these quotas. Returns how many were asked for. Raises Invalid naming each cell."""
    problems = {
        w.cell: [_problem(measure, w.amount)] for w in wanted if _problem(measure, w.amount)
    }
    if problems:
        raise Invalid("quota", "No quota was saved. Look at the marked cells.", fields=problems)
    with writing() as session:
        for each in wanted:
            payee = session.get_one(Person, each.payee_id)
            set_quota(session, payee, measure, each.period, each.amount, by=by, now=now)
    ask_for_refresh()
    return len(wanted)


def _problem(measure: str, amount: Decimal | None) -> str:
    if amount is None:
        return ""
    if amount < 0:
        return "Write 0 or more."
    if amount >= LARGEST:
        return "Write a smaller number."
    currency = the_company().currency
    if MEASURES[measure].unit == "money" and has_too_many_decimals(amount, currency):
        return f"{currency} has {minor_digits(currency)} decimals. Write fewer."
    if has_too_many_decimals(amount, "USD"):
        return "Write at most two decimals."
    return ""
