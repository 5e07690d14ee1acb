"""Why somebody stands where they stand: opened under a row, or as a page with every activity."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, viewer
from incentives.clock import now
from incentives.operations.read_contributions import Contributions, read_contributions
from incentives.web import board_page, board_reasons, board_words, formats
from incentives.web.board_address import ROWS, last_page
from incentives.web.board_live import asked_here
from incentives.web.board_pages import pages_of

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
    reading, total = found.board, len(found.items)
    address = board_page.address_of(reading)
    first = (min(asked_here(slug).page, last_page(total)) - 1) * ROWS
    shown = found.items[first : first + ROWS]

    def page_url(page: int) -> str:
        return url_for("board_why.contributions", **address, payee_id=payee_id, page=page)

    return render_template(
        "boards/contributions.html",
        name=found.row.entrant.name,
        title=board_words.title(reading),
        place=formats.place(found.row.standing.place, found.row.standing.tied),
        score=formats.score(reading.kpi, found.row.standing.score),
        attainment=formats.percent(found.row.attainment),
        events=[board_reasons.event(item, found) for item in shown],
        found_pages=pages_of(first, len(shown), total, address=page_url),
        is_last=first + len(shown) == total,
        why=board_reasons.why(found, columns=6),
        period_text=board_words.period_text(reading),
        board_url=url_for("boards.show", **address),
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
