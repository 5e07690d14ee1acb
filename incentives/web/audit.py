"""The audit: who changed what, when, from what to what."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from incentives.access import may, requires
from incentives.store.audit import audited_actions, audited_actors, entries_about
from incentives.store.companies import the_company
from incentives.web.audit_words import changes

blueprint = Blueprint("audit", __name__)

PAGE = 50
LARGEST_ID = 2**62


@blueprint.get("/audit")
@requires("see_audit")
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "") for name in ("q", "action")}
    actor = _id(request.args.get("actor", ""))
    entries = entries_about(
        PAGE + 1,
        before_id=_id(request.args.get("before", "")),
        actor_id=actor,
        action=asked["action"],
        words=asked["q"].strip(),
    )
    return render_template(
        "audit/index.html",
        entries=[(entry, changes(entry, with_pay=may("see_payouts"))) for entry in entries[:PAGE]],
        older=entries[PAGE - 1].id if len(entries) > PAGE else None,
        is_first="before" not in request.args,
        asked={**asked, "actor": actor or ""},
        actions=[
            ("", "Everything"),
            *((action, action.capitalize()) for action in audited_actions()),
        ],
        actors=[("", "Anybody"), *((person.id, person.name) for person in audited_actors())],
        zone=the_company().calendar.zone,
    )


def _id(written: str) -> int | None:
    if not (written.isascii() and written.isdigit()):
        return None
    return min(int(written[:20]), LARGEST_ID)
