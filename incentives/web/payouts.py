"""Payouts: what a month pays, what needs a look, and the files finance takes away."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import NotFound
from incentives.operations.export_payouts import EXPORTED, LINES, PAYEES, export_payouts
from incentives.operations.pay_months import read_pay_months
from incentives.operations.read_payouts import Payouts, read_payouts
from incentives.operations.read_statement import statement_period
from incentives.store.audit import entries_of
from incentives.store.companies import the_company
from incentives.web.payouts_page import payouts_view

blueprint = Blueprint("payouts", __name__)

EXPORTS_SHOWN = 20


@blueprint.get("/payouts")
@requires("see_payouts")
def index() -> ResponseReturnValue:
    calendar = the_company().calendar
    current = calendar.period_of(calendar.day_of(now()), "month")
    return redirect(url_for("payouts.show", period=current.key))


@blueprint.get("/payouts/<period>")
@requires("see_payouts")
def show(period: str) -> ResponseReturnValue:
    view = payouts_view(
        _payouts(period),
        list(entries_of(EXPORTED, EXPORTS_SHOWN)),
        read_pay_months(now=now()),
        show=request.args.get("show"),
    )
    return render_template("payouts/show.html", payouts=view)


@blueprint.get("/payouts/<period>.csv", defaults={"kind": PAYEES})
@blueprint.get("/payouts/<period>/<kind>.csv")
@requires("see_payouts")
def export(period: str, kind: str) -> ResponseReturnValue:
    """A file for payroll; with `bom` it begins with the mark some spreadsheets need."""
    if kind not in (PAYEES, LINES):
        raise NotFound
    file = export_payouts(
        _payouts(period),
        kind,
        with_mark=bool(request.args.get("bom")),
        by=signed_in().person_id,
        now=now(),
    )
    return Response(
        file.content,
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "X-Content-SHA256": file.sha256,
        },
    )


def _payouts(period: str) -> Payouts:
    calendar, at = the_company().calendar, now()
    month = statement_period(period, calendar, calendar.day_of(at))
    return read_payouts(month, now=at)
