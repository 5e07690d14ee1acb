"""Adjustments: what finance adds to pay or takes off it by hand, and takes back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.calendar import Period
from incentives.errors import Invalid
from incentives.ingest.values import Unclear, number_of
from incentives.operations.accounts import paid_with
from incentives.operations.adjust_pay import LONGEST_REASON, adjust_pay, take_back_adjustment
from incentives.operations.read_statement import statement_payee, statement_period
from incentives.store import people
from incentives.store.adjustments import Adjustment, adjustments_in, adjustments_of
from incentives.store.companies import the_company
from incentives.store.locks import lock_of
from incentives.web import formats, links
from incentives.web.forms import error_list, text
from incentives.web.sent_once import form_name, sent_once

blueprint = Blueprint("adjustments", __name__)

LABELS = {
    "payee": "Payee",
    "amount": "Amount",
    "currency": "Currency",
    "reason": "Reason",
    "about": "About period",
    "period": "Pay period",
}


@blueprint.get("/payouts/<period>/adjustments")
@requires("adjust_pay")
def index(period: str) -> ResponseReturnValue:
    return _page(_month(period), {})


@blueprint.post("/payouts/<period>/adjustments")
@sent_once
@requires("adjust_pay")
def create(period: str) -> ResponseReturnValue:
    month = _month(period)
    try:
        payee, amount = _typed()
        adjust_pay(
            payee,
            period=text("period") or month.key,
            amount=amount,
            currency=text("currency").upper() or None,
            reason=text("reason"),
            about=text("about") or None,
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _page(month, error.fields), error.status
    flash("The adjustment is posted. It stands on the statement with who, when and why.", "ok")
    return redirect(url_for("adjustments.index", period=month.key))


@blueprint.get("/payouts/<period>/adjustments/<code>/<int:number>")
@requires("adjust_pay")
def show(period: str, code: str, number: int) -> ResponseReturnValue:
    return _page(_month(period), {}, taken=_adjustment(code, number))


@blueprint.post("/payouts/<period>/adjustments/<code>/<int:number>/opposite")
@sent_once
@requires("adjust_pay")
def create_opposite(period: str, code: str, number: int) -> ResponseReturnValue:
    """Take an adjustment back, in this month."""
    month, payee = _month(period), statement_payee(code)
    try:
        take_back_adjustment(
            payee.id,
            number,
            period=text("period") or month.key,
            reason=text("reason"),
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _page(month, error.fields, taken=_adjustment(code, number)), error.status
    flash(f"Adjustment {number} of {payee.name} is taken back.", "ok")
    return redirect(url_for("adjustments.index", period=month.key))


def _month(key: str) -> Period:
    calendar = the_company().calendar
    return statement_period(key, calendar, calendar.day_of(now()))


def _adjustment(code: str, number: int) -> Adjustment | None:
    payee = statement_payee(code)
    return next((each for each in adjustments_of(payee.id) if each.number == number), None)


def _typed() -> tuple[int, Decimal]:
    """Payee and amount of the form. Raises Invalid naming what was not written."""
    problems: dict[str, list[str]] = {}
    payee, amount = people.person_by_code(text("payee")), Decimal(0)
    if payee is None or not payee.is_payee:
        problems["payee"] = ["Choose who is paid."]
    try:
        amount = number_of(text("amount"))
    except Unclear as error:
        problems["amount"] = [error.message if text("amount") else "Write an amount, such as 50."]
    if payee is None or problems:
        raise Invalid("adjustment", "The adjustment was not posted.", fields=problems)
    return payee.id, amount


def _page(
    month: Period, problems: Mapping[str, Sequence[str]], *, taken: Adjustment | None = None
) -> str:
    calendar = the_company().calendar
    found = adjustments_in(paid_with(month, calendar))
    persons = {person.id: person for person in people.payees()}
    # Nobody adjusts their own pay.
    choices = [person for person in persons.values() if person.id != signed_in().person_id]
    return render_template(
        "adjustments/index.html",
        key=month.key,
        form_name=form_name(),
        month=formats.month(month.first_day),
        locked=lock_of(month.key) is not None,
        rows=[_row(each, persons[each.payee_id], month) for each in found],
        taken=_row(taken, persons[taken.payee_id], month) if taken else None,
        payees=[("", "Choose"), *((person.code, person.name) for person in choices)],
        typed={name: text(name) for name in LABELS},
        longest_reason=LONGEST_REASON,
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
    )


def _row(each: Adjustment, payee: people.Person, month: Period) -> dict[str, Any]:
    standing = {other.takes_back for other in adjustments_of(each.payee_id)}
    is_own = each.payee_id == signed_in().person_id
    address: dict[str, Any] = {"period": month.key, "code": payee.code, "number": each.number}
    return {
        "payee": payee.name,
        "url": links.statement(payee.code, month.key, opened=each.component_id),
        "number": each.number,
        "amount": formats.signed_amount(each.amount_minor, each.currency),
        "currency": each.currency,
        "period": each.period,
        "about": each.about or "",
        "reason": each.reason,
        "by": each.by or "A program or a command",
        "at": formats.at(each.at, the_company().calendar.zone),
        "takes_back": each.takes_back,
        "is_taken_back": each.number in standing,
        "take_back_url": None
        if each.number in standing or is_own
        else url_for("adjustments.show", **address),
        "opposite_url": url_for("adjustments.create_opposite", **address),
    }
