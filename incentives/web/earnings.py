"""Earnings: everybody's own statement, and those of the people whose pay one may see."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import (
    REP,
    may_see_pay_of,
    payees_whose_pay_i_see,
    requires,
    signed_in,
)
from incentives.clock import now
from incentives.errors import Forbidden
from incentives.operations.export_statement import correction_document, statement_file
from incentives.operations.read_payouts import read_payouts
from incentives.operations.read_statement import (
    Statement,
    read_statement,
    statement_payee,
    statement_period,
)
from incentives.store.companies import the_company
from incentives.web import payouts_page
from incentives.web.statement_page import statement_view

blueprint = Blueprint("earnings", __name__)


@blueprint.get("/earnings")
@requires("see_earnings")
def index() -> ResponseReturnValue:
    """A rep's own month; for managers and finance the people whose pay they may see."""
    calendar = the_company().calendar
    today = calendar.day_of(now())
    if signed_in().role == REP:
        current = calendar.period_of(today, "month").key
        return redirect(url_for("earnings.show", code=signed_in().person.code, period=current))
    asked = request.args.get("period") or calendar.period_of(today, "month").key
    period = statement_period(asked, calendar, today)
    reading = read_payouts(
        period,
        now=now(),
        payee_ids=payees_whose_pay_i_see(min(period.last_day, today)),
        before_ids=payees_whose_pay_i_see(calendar.before(period).last_day),
    )
    return render_template("earnings/index.html", page=payouts_page.people_view(reading))


@blueprint.get("/earnings/<code>/<period>")
@requires("see_earnings")
def show(code: str, period: str) -> ResponseReturnValue:
    statement = _statement(code, period)
    return render_template(
        "earnings/show.html",
        statement=statement_view(
            statement, opened=request.args.get("open"), is_own=_is_own(statement)
        ),
        earnings_url=url_for("earnings.index", **_month(statement)),
    )


@blueprint.get("/earnings/<code>/<period>.csv")
@requires("see_earnings")
def csv_file(code: str, period: str) -> ResponseReturnValue:
    statement = _statement(code, period)
    return Response(
        statement_file(statement),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{statement.payee.code}-{period}.csv"'
        },
    )


@blueprint.get("/earnings/<code>/<period>/corrections.json")
@requires("see_earnings")
def corrections(code: str, period: str) -> ResponseReturnValue:
    """What was, what is now and why, for programs of whoever may read the statement. A key reads
    no pay: whoever makes keys does not see it either."""
    statement = _statement(code, period)
    rows = [correction_document(row) for row in statement.corrections]
    return {"payee": code, "period": period, "corrections": rows}


def _statement(code: str, period: str) -> Statement:
    """The statement asked for, if the signed-in person may see it (semantics 39)."""
    calendar, at = the_company().calendar, now()
    payee = statement_payee(code)
    month = statement_period(period, calendar, calendar.day_of(at))
    if not may_see_pay_of(payee.id, min(month.last_day, calendar.day_of(at))):
        raise Forbidden(
            "not_your_pay",
            "A statement is for the person who earns it, their manager at the time and finance.",
        )

    def may_see(day: date) -> bool:
        return may_see_pay_of(payee.id, day)

    return read_statement(payee, month, now=at, may_see=may_see)


def _is_own(statement: Statement) -> bool:
    return statement.payee.id == signed_in().person_id


def _month(statement: Statement) -> dict[str, Any]:
    return {} if signed_in().role == REP else {"period": statement.period.key}
