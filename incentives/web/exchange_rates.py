"""Exchange rates: what currencies are worth from a day on, and what was said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.exchange import Rate
from incentives.errors import Invalid
from incentives.ingest.values import Unclear, number_of
from incentives.operations.import_exchange_rates import import_exchange_rates
from incentives.operations.import_report import ImportReport
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.store.companies import the_company
from incentives.store.exchange_rates import StoredRate, rates_ever_set
from incentives.web import formats
from incentives.web.forms import day, error_list, list_sent, text

blueprint = Blueprint("exchange_rates", __name__)

PAGE_ROWS = 50
LABELS = {
    "currency": "One unit of",
    "to": "Is worth units of",
    "date": "From",
    "rate": "Rate",
    "provider": "Provider",
}


@dataclass(frozen=True, slots=True)
class RateRow:
    """`in_force` is false for a rate that was set again for the same day."""

    currency: str
    to: str
    first_day: date
    rate: str
    provider: str
    set_by: str
    set_at: str
    in_force: bool


@blueprint.get("/exchange-rates")
@requires("manage_exchange_rates")
def index() -> ResponseReturnValue:
    return _page()


@blueprint.post("/exchange-rates")
@requires("manage_exchange_rates")
def create() -> ResponseReturnValue:
    try:
        (status,) = set_exchange_rates([_typed()], by=signed_in().person_id, now=now())
    except Invalid as error:
        # The operation names fields by their place in a list; here there is one rate.
        problems = {name.removeprefix("0."): said for name, said in error.fields.items()}
        return _page(problems), error.status
    flash("That rate is set already." if status == "unchanged" else "The rate is set.", "ok")
    return redirect(url_for("exchange_rates.index"))


@blueprint.post("/exchange-rates/list")
@requires("manage_exchange_rates")
def create_list() -> ResponseReturnValue:
    try:
        report = import_exchange_rates(list_sent(), by=signed_in().person_id, now=now())
    except Invalid as error:
        return _page(error.fields), error.status
    return _page(report=report)


def _typed() -> Rate:
    """The rate of the form. Raises Invalid naming what was not written as a day or a number."""
    first_day, problems = day("date"), {}
    if first_day is None:
        problems["date"] = ["Write the first day of the rate."]
    try:
        number = number_of(text("rate"))
    except Unclear as error:
        number = Decimal(1)
        problems["rate"] = [error.message if text("rate") else "Write the rate, such as 1.0834."]
    if first_day is None or problems:
        raise Invalid("exchange_rate", "No rate was set.", fields=problems)
    return Rate(text("currency").upper(), text("to").upper(), first_day, number, text("provider"))


def _page(
    problems: Mapping[str, Sequence[str]] | None = None, report: ImportReport | None = None
) -> str:
    stored = rates_ever_set()
    asked = request.args.get("pair", "")
    pairs = sorted({_pair(rate) for rate in stored})
    rows = _rows([rate for rate in stored if asked in ("", _pair(rate))])
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    found = problems or {}
    typed = {name: text(name) for name in LABELS}
    return render_template(
        "exchange_rates/index.html",
        rows=rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS],
        page=page,
        pages=pages,
        asked=asked,
        pairs=[("", "All"), *((pair, pair) for pair in pairs)],
        typed={**typed, "to": typed["to"] or the_company().currency},
        pasted=text("list") if "file" in found else "",
        problems=found,
        errors=error_list(found, LABELS),
        labels=LABELS,
        report=report,
    )


def _pair(rate: StoredRate) -> str:
    return f"{rate.currency} to {rate.to_currency}"


def _rows(stored: Sequence[StoredRate]) -> list[RateRow]:
    """The newest day first, and for one day the rate that was set last."""
    last = {(rate.currency, rate.to_currency, rate.first_day): rate.id for rate in stored}
    in_force = set(last.values())
    ordered = sorted(stored, key=lambda rate: (rate.first_day, rate.set_at, rate.id), reverse=True)
    zone = the_company().calendar.zone
    return [
        RateRow(
            rate.currency,
            rate.to_currency,
            rate.first_day,
            format(rate.rate, "f"),
            rate.provider,
            rate.setter.name if rate.setter else "A program or a command",
            formats.at(rate.set_at, zone),
            rate.id in in_force,
        )
        for rate in ordered
    ]
