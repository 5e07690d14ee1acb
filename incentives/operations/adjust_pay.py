"""Add to a payee's pay by hand, or take off it, and take such an adjustment back (semantics 24)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from incentives.core.activity_checks import LARGEST, is_clean
from incentives.core.money import from_minor, has_too_many_decimals, to_minor
from incentives.errors import Forbidden, Invalid, NotFound, Refused
from incentives.operations.post_adjustment import (
    AdjustedAccount,
    account_of,
    account_of_adjustment,
    open_pay_period,
    post_adjustment,
)
from incentives.store.adjustments import Adjustment, adjustments_of
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.locks import keep_periods_as_they_are
from incentives.store.people import Person
from incentives.store.transaction import lock_payee, writing

ADJUSTED_PAY, TAKEN_BACK = "pay adjusted", "adjustment taken back"
LONGEST_REASON = 400
_Problems = dict[str, list[str]]


def adjust_pay(
    payee_id: int,
    *,
    period: str,
    amount: Decimal,
    currency: str | None = None,
    reason: str,
    about: str | None = None,
    by: int | None,
    now: datetime,
    via: str | None = None,
) -> int:
    """Post a signed amount, in major units, to a payee in an open pay period, with a reason.

    It counts as earned there, in the account of the payee's plan; who has none in that currency
    gets it with the prizes. `about` names the period it is meant for, where that is another.
    Without a currency it is in that of the plan. Returns its number among the payee's adjustments.
    Raises Invalid naming each field, Refused in a locked period, Forbidden for one's own pay.
    """
    with writing() as session:
        payee = _payee(session, payee_id, by)
        account = account_of(payee_id, period, currency)
        reason, about = " ".join(reason.split()), about or None
        problems = {
            **_amount_problems(amount, account.currency),
            **_reason_problems(reason),
            **_about_problems(about, now),
        }
        if problems:
            raise Invalid("adjustment", "The adjustment was not posted.", fields=problems)
        minor = to_minor(amount, account.currency)
        said = {"reason": reason, **({"about": about} if about else {})}
        number = _post(session, payee, account, period, minor, said, by=by, now=now)
        after = _after(number, account, period, minor, said)
        record(session, ADJUSTED_PAY, payee.name, by=by, now=now, after=after, via=via)
    return number


def take_back_adjustment(
    payee_id: int,
    number: int,
    *,
    period: str,
    reason: str,
    by: int | None,
    now: datetime,
    via: str | None = None,
) -> int:
    """Post the opposite of an adjustment in an open pay period. Returns the new one's number.

    Raises as `adjust_pay` does, NotFound where there is none of that number, and Refused where it
    was taken back already.
    """
    with writing() as session:
        payee = _payee(session, payee_id, by)
        taken = _that_stands(payee, number)
        reason = " ".join(reason.split())
        if problems := _reason_problems(reason):
            raise Invalid("adjustment", "The adjustment was not taken back.", fields=problems)
        account, minor = account_of_adjustment(session, taken), -taken.amount_minor
        said = {"reason": reason, "about": taken.about or taken.period, "takes_back": number}
        new = _post(session, payee, account, period, minor, said, by=by, now=now)
        after = _after(new, account, period, minor, said)
        record(session, TAKEN_BACK, payee.name, by=by, now=now, after=after, via=via)
    return new


def _payee(session: Session, payee_id: int, by: int | None) -> Person:
    """The payee, whose ledger nobody else adds to, in periods that nobody locks meanwhile."""
    payee = session.get(Person, payee_id)
    if payee is None or not payee.is_payee:
        raise NotFound("Nobody who earns is called so.")
    if payee_id == by:
        raise Forbidden("own_pay", "Nobody adjusts their own pay. Ask a colleague in finance.")
    lock_payee(session, payee_id)
    keep_periods_as_they_are(session)
    return payee


def _that_stands(payee: Person, number: int) -> Adjustment:
    found = {each.number: each for each in adjustments_of(payee.id)}
    if number not in found:
        raise NotFound(f"{payee.name} has no adjustment {number}.")
    for each in found.values():
        if each.takes_back == number:
            raise Refused(
                "taken_back_already",
                f"Adjustment {number} was taken back by adjustment {each.number} already.",
            )
    return found[number]


def _amount_problems(amount: Decimal, currency: str) -> _Problems:
    if not amount.is_finite() or amount == 0:
        return {"amount": ["Write what to add, or with a minus what to take off."]}
    if abs(amount) >= LARGEST:
        return {"amount": ["The amount is too large."]}
    if has_too_many_decimals(amount, currency):
        smallest = format(from_minor(1, currency), "f")
        return {"amount": [f"Write at most the decimals that {currency} has, as in {smallest}."]}
    return {}


def _reason_problems(reason: str) -> _Problems:
    if not reason:
        return {"reason": ["Say why: the payee reads it on the statement."]}
    if len(reason) > LONGEST_REASON or not is_clean(reason):
        return {"reason": [f"Write at most {LONGEST_REASON} characters that can be seen."]}
    return {}


def _about_problems(about: str | None, now: datetime) -> _Problems:
    if about is None:
        return {}
    calendar = the_company().calendar
    period = calendar.period_named(about)
    if period is None or period.first_day > calendar.day_of(now):
        return {"about": ["Write a period that has begun, such as 2026-11 or 2026-Q4."]}
    return {}


def _post(
    session: Session,
    payee: Person,
    account: AdjustedAccount,
    period: str,
    minor: int,
    said: dict[str, Any],
    *,
    by: int | None,
    now: datetime,
) -> int:
    pay_period = open_pay_period(session, period, payee.name, account, now)
    who = session.get(Person, by) if by is not None else None
    signed = {**said, "by": who.name if who else ""}
    return post_adjustment(session, payee.id, account, pay_period, minor, signed, now=now)


def _after(
    number: int, account: AdjustedAccount, period: str, minor: int, said: dict[str, Any]
) -> dict[str, Any]:
    amount = format(from_minor(minor, account.currency), "f")
    rest = {name: value for name, value in said.items() if name != "reason"}
    return {
        "number": number,
        "adjusted": f"{amount} {account.currency}",
        "because": said["reason"],
        "in": period,
        **rest,
    }
