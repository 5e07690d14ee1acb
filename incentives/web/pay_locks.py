"""Lock a month of pay: what it pays, what hinders it, and the lock itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid
from incentives.operations.lock_period import LONGEST_NOTE, lock_period
from incentives.operations.pay_months import hindrances, pay_month
from incentives.operations.read_payouts import Payouts, read_payouts
from incentives.operations.read_statement import statement_period
from incentives.store.companies import the_company
from incentives.web import formats
from incentives.web.forms import error_list, text
from incentives.web.settlement_view import parts

blueprint = Blueprint("pay_locks", __name__)
LABELS = {"note": "Note"}


@blueprint.get("/payouts/<period>/lock")
@requires("lock_pay")
def show(period: str) -> ResponseReturnValue:
    return _page(period, {})


@blueprint.post("/payouts/<period>/lock")
@requires("lock_pay")
def create(period: str) -> ResponseReturnValue:
    try:
        lock_period(period, note=text("note"), by=signed_in().person_id, now=now())
    except Invalid as error:
        return _page(period, error.fields), error.status
    flash(f"{period} is locked. Everybody is being calculated for the months after it.", "ok")
    return redirect(url_for("payouts.show", period=period))


def _page(key: str, problems: Mapping[str, Sequence[str]]) -> str:
    calendar, at = the_company().calendar, now()
    month = pay_month(key, calendar)
    payouts = read_payouts(statement_period(key, calendar, calendar.day_of(at)), now=at)
    return render_template(
        "payouts/lock.html",
        month=formats.month(month.first_day),
        key=key,
        hindrances=[each.message for each in hindrances(month, now=at)],
        totals=_totals(payouts),
        people=len({row.payee.id for row in payouts.rows}),
        looks=sum(row.needs_a_look for row in payouts.rows),
        note=request.form.get("note", ""),
        longest_note=LONGEST_NOTE,
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
    )


def _totals(payouts: Payouts) -> list[dict[str, Any]]:
    """From earned to paid, a list of rows for each currency."""
    return [
        {
            "rows": [
                (f"Earned, {len(payouts.rows)} statements", _said(control.settled.earned, control)),
                *((name, _signed(amount, control)) for name, amount in parts(control.settled)),
            ],
            "total": (f"Paid, {control.currency}", _said(control.settled.payout, control)),
        }
        for control in payouts.controls
    ]


def _said(amount: int, control: Any) -> str:
    return formats.amount(amount, control.currency)


def _signed(amount: int, control: Any) -> str:
    return formats.signed_amount(amount, control.currency)
