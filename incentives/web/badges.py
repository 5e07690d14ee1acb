"""Badges: one's own gallery, and for managers those of their people."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from incentives.access import MANAGER, managed_payees, requires, signed_in
from incentives.clock import now
from incentives.errors import Forbidden
from incentives.operations.read_badges import read_badges, read_gallery
from incentives.operations.read_statement import statement_payee
from incentives.store import people
from incentives.store.companies import the_company
from incentives.web.badges_page import gallery_view, team_view

blueprint = Blueprint("badges", __name__)


@blueprint.get("/badges")
@requires("see_badges")
def index() -> ResponseReturnValue:
    me = signed_in().person
    if signed_in().role != MANAGER:
        gallery = gallery_view(read_badges(me, now=now()), is_own=True)
        return render_template("badges/show.html", badges=gallery)
    mine = _my_people()
    team = [person for person in people.payees() if person.id in mine]
    return render_template("badges/team.html", team=team_view(read_gallery(team, now=now())))


@blueprint.get("/badges/<code>")
@requires("see_badges")
def show(code: str) -> ResponseReturnValue:
    payee = statement_payee(code)
    is_own = payee.id == signed_in().person_id
    if not is_own and payee.id not in _my_people():
        raise Forbidden("not_your_badges", "These badges are for the person and their manager.")
    gallery = gallery_view(read_badges(payee, now=now()), is_own=is_own)
    return render_template("badges/show.html", badges=gallery)


def _my_people() -> set[int]:
    if signed_in().role != MANAGER:
        return set()
    return managed_payees(the_company().calendar.day_of(now()))
