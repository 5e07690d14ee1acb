"""At the top of every page: how old the numbers are, while they are behind."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.operations.read_freshness import Freshness, read_freshness
from incentives.store.companies import the_company

blueprint = Blueprint("freshness", __name__)


@blueprint.get("/freshness")
@requires("own_account")
def show() -> ResponseReturnValue:
    return render_template("freshness/_notice.html", freshness=freshness())


@blueprint.app_context_processor
def every_page() -> dict[str, Callable[[], Any]]:
    return {"freshness_now": freshness}


def freshness() -> dict[str, str | None]:
    reading = read_freshness(signed_in().person_id, now=now())
    return _in_words(reading, the_company().calendar.zone)


def _in_words(reading: Freshness, zone: ZoneInfo) -> dict[str, str | None]:
    return {
        "as_of": _moment(reading.as_of, zone),
        "parked_since": _moment(reading.parked_since, zone),
    }


def _moment(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """14:03:05, with its day where that is not today's."""
    if moment is None:
        return None
    local = moment.astimezone(zone)
    is_today = local.date() == now().astimezone(zone).date()
    return f"{local:%H:%M:%S}" if is_today else f"{local.day} {local:%b %H:%M:%S}"
