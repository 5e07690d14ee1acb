"""Quotas: a table of people and periods, filled in at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import ADMINISTRATOR, managed_payees, requires, signed_in
from incentives.clock import now
from incentives.core.calendar import Period
from incentives.core.measures import MEASURES
from incentives.errors import Invalid
from incentives.operations.change_quotas import WantedQuota, change_quotas
from incentives.store import people
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.store.quotas import quotas_for

blueprint = Blueprint("quotas", __name__)

KINDS = {"quarter": "Quarters", "month": "Months", "week": "Weeks", "year": "Years"}
_NUMBER = re.compile(r"[0-9]{1,14}(\.[0-9]{1,6})?")


@dataclass
class Sheet:
    """The table: texts of the cells by (payee, period), and what they were when it was drawn."""

    measure: str
    kind: str
    periods: list[Period]
    payees: list[Person]
    stored: dict[tuple[int, str], str]
    texts: dict[tuple[int, str], str] = field(default_factory=dict)

    def text(self, payee_id: int, period: str) -> str:
        return self.texts.get((payee_id, period), self.stored.get((payee_id, period), ""))


@blueprint.get("/quotas")
@requires("manage_quotas")
def index() -> ResponseReturnValue:
    sheet = _sheet(request.args)
    if request.args.get("copy"):
        _copy_into(sheet, request.args["copy"])
    return _page(sheet, {})


@blueprint.post("/quotas")
@requires("manage_quotas")
def save() -> ResponseReturnValue:
    sheet = _sheet(request.form)
    sheet.texts = _typed(sheet)
    try:
        count = change_quotas(sheet.measure, _wanted(sheet), by=signed_in().person_id, now=now())
    except Invalid as refusal:
        return _page(sheet, refusal.fields), refusal.status
    flash(f"{count} quotas saved." if count else "Nothing was changed.")
    return redirect(url_for("quotas.index", measure=sheet.measure, kind=sheet.kind))


def _sheet(asked: Mapping[str, str]) -> Sheet:
    """The people one may set quotas for, and the periods from the last one to the next two."""
    calendar = the_company().calendar
    today = calendar.day_of(now())
    measure = asked.get("measure", "revenue")
    measure = measure if measure in MEASURES else "revenue"
    kind = asked.get("kind", "quarter")
    kind = kind if kind in KINDS else "quarter"
    current = calendar.period_of(today, kind)
    following = calendar.after(current)
    periods = [calendar.before(current), current, following, calendar.after(following)]
    payees = [payee for payee in people.payees() if payee.id in _within_reach()]
    ids = [payee.id for payee in payees]
    stored = {
        (payee_id, period.key): format(amount, "f")
        for period in periods
        for payee_id, amount in quotas_for(measure, period.key, ids).items()
    }
    return Sheet(measure, kind, periods, payees, stored)


def _within_reach() -> set[int]:
    """Administrators set the quotas of all, managers those of their people today."""
    if signed_in().role == ADMINISTRATOR:
        return {payee.id for payee in people.payees() if payee.retired_on is None}
    return managed_payees(the_company().calendar.day_of(now()))


def _copy_into(sheet: Sheet, key: str) -> None:
    """Fill the empty cells of a period with the quotas of the one before. Nothing is saved yet."""
    calendar = the_company().calendar
    period = next((period for period in sheet.periods if period.key == key), None)
    if period is None:
        return
    ids = [payee.id for payee in sheet.payees]
    before = quotas_for(sheet.measure, calendar.before(period).key, ids)
    for payee_id, amount in before.items():
        if (payee_id, key) not in sheet.stored:
            sheet.texts[payee_id, key] = format(amount, "f")


def cell_name(payee_id: int, period: str) -> str:
    return f"q-{payee_id}-{period}"


def _typed(sheet: Sheet) -> dict[tuple[int, str], str]:
    """Only cells of people within reach are looked at, whatever else was sent."""
    return {
        (payee.id, period.key): request.form[cell_name(payee.id, period.key)].strip()
        for payee in sheet.payees
        for period in sheet.periods
        if cell_name(payee.id, period.key) in request.form
    }


def _wanted(sheet: Sheet) -> list[WantedQuota]:
    """The cells that differ from when the table was drawn: what somebody else changed meanwhile
    in another cell stays. Raises Invalid for what is no number."""
    wanted: list[WantedQuota] = []
    problems: dict[str, list[str]] = {}
    for (payee_id, period), text in sheet.texts.items():
        cell = cell_name(payee_id, period)
        plain = text.replace(",", "")
        if plain == request.form.get(f"was-{cell}", "").replace(",", ""):
            continue
        if plain and not _NUMBER.fullmatch(plain):
            problems[cell] = ["Write a number, such as 82000, or leave it empty."]
            continue
        wanted.append(WantedQuota(payee_id, period, Decimal(plain) if plain else None, cell))
    if problems:
        raise Invalid("quota", "No quota was saved.", fields=problems)
    return wanted


def _page(sheet: Sheet, problems: Any) -> str:
    names = {payee.id: payee.name for payee in sheet.payees}
    errors = [
        (name, f"{names[int(name.split('-')[1])]}, {name.split('-', 2)[2]}", sentences[0])
        for name, sentences in problems.items()
    ]
    currency = the_company().currency
    return render_template(
        "quotas/index.html",
        sheet=sheet,
        cell_name=cell_name,
        problems=problems,
        errors=errors,
        measures=[(measure.slug, measure.label) for measure in MEASURES.values()],
        kinds=list(KINDS.items()),
        unit=currency if MEASURES[sheet.measure].unit == "money" else "",
        current=sheet.periods[1].key,
        copied=bool(sheet.texts) and request.method == "GET",
    )
