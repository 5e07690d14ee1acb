"""Activities: finding them, what is behind one, logging one and taking it back."""

from collections.abc import Mapping
from secrets import token_hex

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import (
    managed_payees,
    may,
    may_see_pay_of,
    may_see_rating_of,
    requires,
    signed_in,
    viewer,
)
from incentives.clock import now
from incentives.core.activity import KNOWN_KINDS, RATING
from incentives.errors import Forbidden, Invalid, NotFound
from incentives.operations.feed_curtain import curtain_for
from incentives.operations.log_activity import KINDS, LogEntry, is_logged_by, log_activity
from incentives.operations.read_activity import ActivityReading, read_activity
from incentives.operations.reverse_activity import reverse_activity
from incentives.store import activity_search, people
from incentives.store.activity_search import Search
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.store.products import all_products
from incentives.web.activity_page import activity_view, list_row
from incentives.web.forms import ids

blueprint = Blueprint("activities", __name__)

PAGE_ROWS = 50
LABELS = {
    "payee_id": "Who",
    "kind": "What",
    "amount": "Amount",
    "product": "Product",
    "account": "Account",
    "day": "Day",
    "time": "Time",
    "token": "Form",
}


@blueprint.get("/data/activities")
@requires("import_data")
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "").strip() for name in ("q", "kind", "source", "payee")}
    payee_id = next(iter(ids([asked["payee"]])), None)
    search = Search(asked["q"], asked["kind"], asked["source"], payee_id)
    total = activity_search.count_found(search)
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    rows = activity_search.find_activities(search, first=(page - 1) * PAGE_ROWS, count=PAGE_ROWS)
    names = activity_search.payees_credited([row.id for row in rows])
    kinds = activity_search.kinds()
    return render_template(
        "activities/index.html",
        rows=[list_row(row, names.get(row.id, [])) for row in rows],
        asked=asked,
        total=total,
        page=page,
        pages=pages,
        kinds=[("", "All"), *((each, KNOWN_KINDS.get(each, each)) for each in kinds)],
        sources=[("", "All"), *((source, source) for source in activity_search.sources())],
        payees=[("", "Everyone"), *((person.id, person.name) for person in people.payees())],
    )


@blueprint.get("/data/activities/<int:activity_id>")
@requires("see_boards")
def show(activity_id: int) -> ResponseReturnValue:
    return _show(activity_id)


@blueprint.post("/activities/<int:activity_id>/reversal")
@requires("record_activity")
def create_reversal(activity_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    try:
        reverse_activity(activity_id, reason, by=signed_in().person_id, now=now())
    except Invalid as error:
        return _show(activity_id, problem=error.message, reason=reason), error.status
    flash("Taken back. It counts as never made.", "success")
    return redirect(url_for("activities.show", activity_id=activity_id))


@blueprint.get("/activities/new")
@requires("record_activity")
def new() -> ResponseReturnValue:
    local = now().astimezone(the_company().calendar.zone)
    first = {"day": local.date().isoformat(), "time": f"{local:%H:%M}", "token": token_hex(16)}
    return _form({"kind": KINDS[0], **first})


@blueprint.post("/activities")
@requires("record_activity")
def create() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in LABELS}
    texts = {name: text for name, text in typed.items() if name != "payee_id"}
    payee_id = next(iter(ids([typed["payee_id"]])), 0)
    if payee_id and payee_id not in {person.id for person in _may_log_for()}:
        raise Forbidden("not_yours", "You log activities for yourself and for your own team.")
    entry = LogEntry(payee_id=payee_id, **texts)
    try:
        activity_id = log_activity(entry, by=signed_in().person_id, now=now())
    except Invalid as error:
        return _form(typed, error.fields), error.status
    flash("Logged. The boards show it in a moment.", "success")
    return redirect(url_for("activities.show", activity_id=activity_id))


def _may_log_for() -> list[Person]:
    """Oneself, where one earns, and the people one manages today."""
    login, today = signed_in(), the_company().calendar.day_of(now())
    ids = managed_payees(today) | ({login.person_id} if login.person.is_payee else set())
    return [person for person in people.payees() if person.id in ids]


def _show(activity_id: int, *, problem: str | None = None, reason: str = "") -> str:
    reading = read_activity(activity_id, may_see_pay_of=may_see_pay_of)
    activity = reading.activity
    if activity.kind == RATING and not _may_see_rating(reading):
        raise NotFound("There is no such activity.")
    mine = is_logged_by(activity.source, activity.external_id, signed_in().person_id)
    if not (mine or _may_look_behind(reading)):
        raise NotFound("A board keeps this from you, or somebody who has a share in it.")
    return render_template(
        "activities/show.html",
        page=activity_view(reading),
        can_take_back=mine and not activity.reversed and may("record_activity"),
        problem=problem,
        reason=reason,
    )


def _may_look_behind(reading: ActivityReading) -> bool:
    """Who finds activities in the list sees all of them; others what no board keeps from them
    (semantics 40)."""
    curtain = curtain_for(viewer(), now=now())
    return may("import_data") or curtain.opens(reading.concerned, reading.activity.occurred_at)


def _may_see_rating(reading: ActivityReading) -> bool:
    activity = reading.activity
    assert activity.occurred_at is not None, "only an open deal may have no date"
    day = the_company().calendar.day_of(activity.occurred_at)
    rated_by = activity.attributes.get("rated_by", "")
    return any(
        may_see_rating_of(credit.payee_id, day, rated_by=rated_by) for credit in reading.credits
    )


def _form(typed: Mapping[str, str], problems: Mapping[str, object] | None = None) -> str:
    found = problems or {}
    return render_template(
        "activities/new.html",
        typed=typed,
        problems=found,
        errors=[(f"field-{name}", LABELS.get(name, "Entry"), "") for name in found],
        payees=[(person.id, person.name) for person in _may_log_for()],
        kinds=[(kind, KNOWN_KINDS[kind]) for kind in KINDS],
        products=[("", "None"), *((product.name, product.name) for product in all_products())],
    )
