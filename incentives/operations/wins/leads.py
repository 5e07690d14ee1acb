"""Who took the lead on a board in the period that runs, found from what everybody did.

Of boards that add one number up for people. A ratio, or a board with its own reading, has leaders
but nobody who overtook with a deal.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import Engine

from incentives.core.boards.definition import PEOPLE, Definition
from incentives.core.boards.privacy import shows_names
from incentives.core.boards.readings import RAW
from incentives.core.boards.spans import rolling
from incentives.core.calendar import Period
from incentives.core.leads import LeadTaken, Step, leads_taken
from incentives.core.measures import POINTS
from incentives.core.recognition import LEAD
from incentives.extensions import db
from incentives.operations import board_field, contest_standings
from incentives.operations.board_look import the_period
from incentives.operations.board_snapshots import Stamp, stamp
from incentives.operations.wins import Asked, Named, Win
from incentives.store.awards import has_points_for_periods
from incentives.store.boards import Board, all_boards
from incentives.store.companies import the_company
from incentives.store.people import names_of

# Asked for at a time; both databases bind so many.
_BATCH = 1_000
_EVER = datetime(9999, 1, 1, tzinfo=UTC)


def find(asked: Asked) -> list[Win]:
    """The newest in all boards that this viewer sees by name."""
    made_of, calendar = stamp(), the_company().calendar
    today = calendar.day_of(asked.end)
    found = []
    for board in all_boards():
        definition = board.definition
        if not _has_leads(definition) or not shows_names(
            definition.form_for(asked.curtain.viewer.role)
        ):
            continue
        rolls = definition.span.rolling
        span = (
            rolling(rolls, today)
            if rolls is not None
            else the_period(definition.span.period or "quarter", calendar, today)
        )
        taken = _leads(db.engine, board.id, span, made_of)
        found += [
            (each, board)
            for each in taken
            if asked.start <= each.at < asked.end and asked.tells_of(each.entrant_id)
        ]
    newest = sorted(found, key=lambda pair: (pair[0].at, pair[0].activity_id), reverse=True)
    return list(_told(newest[: asked.limit]))


def _told(found: list[tuple[LeadTaken, Board]]) -> Iterator[Win]:
    names = names_of({taken.entrant_id for taken, _ in found})
    for taken, board in found:
        kpi = board.definition.kpi
        yield Win(
            key=f"{LEAD}-{board.id}-{taken.activity_id}",
            kind=LEAD,
            at=taken.at,
            people=[Named(taken.entrant_id, names[taken.entrant_id])],
            what=board.name,
            value=taken.score,
            unit=kpi.unit,
            currency=the_company().currency if kpi.unit == "money" else None,
            activity_id=taken.activity_id,
            slug=board.slug,
        )


def _has_leads(definition: Definition) -> bool:
    return (
        definition.entrants == PEOPLE
        and definition.is_plain
        and definition.reading.kind == RAW
        and definition.kpi.over is None
        and not definition.kpi.lower_is_better
        and definition.divide is None
    )


# Added up once for a version, however many look.
@lru_cache(maxsize=32)
def _leads(engine: Engine, board_id: int, span: Period, made_of: Stamp) -> list[LeadTaken]:
    definition = db.session.get_one(Board, board_id).definition
    if definition.kpi.counts == POINTS and has_points_for_periods(span):
        # They came with no activity, so nobody can say who overtook whom by what.
        return []
    return leads_taken(_steps(definition, span))


def _steps(definition: Definition, span: Period) -> Iterator[Step]:
    """What raised or lowered each score, as the board counts it."""
    company, kpi = the_company(), definition.kpi
    field = board_field.the_field(definition, span, None)
    start, end = company.calendar.span(span)
    entrants = list(field.entrants)
    for first in range(0, len(entrants), _BATCH):
        some = contest_standings.Field(entrants[first : first + _BATCH], {})
        for done in contest_standings.what_counts(
            kpi, some, start, end, received_before=_EVER, company=company
        ):
            entrant_id = field.entrant_of(done.payee_id, done.day)
            value = done.values.get(kpi.counts)
            if entrant_id is not None and value:
                yield Step(entrant_id, done.activity_id, done.occurred_at, value)
