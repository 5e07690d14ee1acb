"""Why somebody stands where they stand: opened under a row, or as a page with every activity."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, viewer
from incentives.clock import now
from incentives.operations.read_contributions import Contributions, read_contributions
from incentives.web import board_page, board_reasons, board_words, formats
from incentives.web.board_live import asked_here

blueprint = Blueprint("board_why", __name__)


@blueprint.get("/boards/<slug>/people/<int:payee_id>/why")
@requires("see_boards")
def panel(slug: str, payee_id: int) -> ResponseReturnValue:
    found = _found(slug, payee_id)
    columns = board_page.columns_of(found.board, has_attainment=bool(found.row.quota))
    return render_template("boards/_why.html", why=board_reasons.why(found, columns=columns))


@blueprint.get("/boards/<slug>/people/<int:payee_id>")
@requires("see_boards")
def contributions(slug: str, payee_id: int) -> ResponseReturnValue:
    found = _found(slug, payee_id)
    reading = found.board
    return render_template(
        "boards/contributions.html",
        found=found,
        name=found.row.entrant.name,
        title=board_words.title(reading),
        place=formats.place(found.row.standing.place, found.row.standing.tied),
        score=formats.score(reading.kpi, found.row.standing.score),
        attainment=formats.percent(found.row.attainment),
        events=[board_reasons.event(item, found) for item in found.items],
        why=board_reasons.why(found, columns=6),
        period_text=board_words.period_text(reading),
        board_url=url_for("boards.show", **board_page.address_of(reading)),
    )


def _found(slug: str, payee_id: int) -> Contributions:
    asked = asked_here(slug)
    return read_contributions(
        slug,
        payee_id,
        viewer=viewer(),
        now=now(),
        period=asked.period or None,
        team=asked.team or None,
        at=asked.at,
    )
