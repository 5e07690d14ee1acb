"""The system: whether every part is there and keeps up, and what waits for a hand."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import NotFound, Refused
from incentives.operations.check_readiness import Readiness
from incentives.operations.read_system import read_system
from incentives.operations.try_again import retry_job, try_payee_again
from incentives.store.companies import the_company
from incentives.web.formats import ago

blueprint = Blueprint("system", __name__)


@dataclass(frozen=True, slots=True)
class Check:
    label: str
    is_fine: bool
    note: str


@blueprint.get("/system")
@requires("see_system")
def show() -> ResponseReturnValue:
    reading = read_system(now=now())
    return render_template(
        "system/show.html",
        system=reading,
        checks=_checks(reading.readiness),
        beats=[(name, ago(now() - at)) for name, at in reading.heartbeats],
        zone=the_company().calendar.zone,
    )


def _checks(readiness: Readiness) -> list[Check]:
    """The same as /readyz, in words."""
    worker, waiting = readiness.worker_age, readiness.oldest_uncalculated_age
    return [
        Check("Database", readiness.database, "answers" if readiness.database else "is away"),
        Check(
            "Queue",
            readiness.redis and not readiness.redis_evicts,
            _about_the_queue(readiness),
        ),
        Check(
            "Worker",
            readiness.has_worker,
            "was never seen" if worker is None else f"seen {ago(timedelta(seconds=worker))}",
        ),
        Check(
            "Figures",
            readiness.keeps_up,
            "up to date" if waiting is None else f"behind since {ago(timedelta(seconds=waiting))}",
        ),
    ]


def _about_the_queue(readiness: Readiness) -> str:
    if not readiness.redis:
        return "does not answer; the ticker works meanwhile"
    if readiness.redis_evicts:
        return "forgets jobs when its memory is full: set its maxmemory-policy to noeviction"
    return "answers"


@blueprint.post("/system/payees/<int(max=2147483647):payee_id>/try")
@requires("see_system")
def create_try(payee_id: int) -> ResponseReturnValue:
    try_payee_again(payee_id, by=signed_in().person_id, now=now())
    flash("It is being calculated again. Load the page in a moment.", "ok")
    return redirect(url_for("system.show"))


@blueprint.post("/system/jobs/<job_id>/try")
@requires("see_system")
def create_retry(job_id: str) -> ResponseReturnValue:
    try:
        retry_job(job_id, by=signed_in().person_id, now=now())
    except NotFound:
        raise
    except Refused as error:
        flash(error.message, "error")
    else:
        flash("The job is on its queue again.", "ok")
    return redirect(url_for("system.show"))
