"""Badges and milestones that people hold, told at the moment of the activity that won them.

A milestone is told by its name alone: "reached First 1,000". What it pays is never told here.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice

from sqlalchemy import Engine

from incentives.core.recognition import BADGE, MILESTONE
from incentives.core.results import BADGE as YIELDS_BADGE
from incentives.core.rules import milestone
from incentives.extensions import db
from incentives.operations.board_snapshots import Stamp, stamp
from incentives.operations.wins import Asked, Named, Win
from incentives.store import ledger
from incentives.store.awards import AwardHeld, awards_since
from incentives.store.people import names_of
from incentives.store.plans import all_plans


def find_badges(asked: Asked) -> list[Win]:
    return _told(BADGE, asked)


def find_milestones(asked: Asked) -> list[Win]:
    return _told(MILESTONE, asked)


def _told(kind: str, asked: Asked) -> list[Win]:
    held = [
        each
        for each in _held(db.engine, kind, _month_before(asked.start), stamp())
        if asked.start <= each.occurred_at < asked.end and asked.tells_of(each.payee_id)
    ]
    named = list(islice(_each_once(kind, held), asked.limit))
    names = names_of({each.payee_id for each, _ in named})
    return [
        Win(
            key=f"{kind}-{each.component_id}-{each.payee_id}-{each.activity_id}",
            kind=kind,
            at=each.occurred_at,
            people=[Named(each.payee_id, names[each.payee_id])],
            what=what,
            activity_id=each.activity_id,
        )
        for each, what in named
    ]


def _each_once(kind: str, held: Iterable[AwardHeld]) -> Iterator[tuple[AwardHeld, str]]:
    """With its name. What gives points and pays money under one name is one milestone."""
    told = set()
    for each in held:
        what = _milestone(each) if kind == MILESTONE else each.component
        if (each.payee_id, each.activity_id, what) not in told:
            told.add((each.payee_id, each.activity_id, what))
            yield each, what


def _milestone(held: AwardHeld) -> str:
    """What was reached, as the plan calls it; several at once with commas."""
    names: dict[str, bool] = {}
    for line in ledger.lines_about(held.payee_id, held.activity_id):
        if line.component_id == held.component_id:
            names.update({part.pays["name"]: part.base > 0 for part in line.working.slices})
    return ", ".join(name for name, holds in names.items() if holds) or held.component


def _month_before(instant: datetime) -> datetime:
    """One beginning for all who ask within a month, so that they share what was read."""
    return instant.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


# Read once for a version, however many look.
@lru_cache(maxsize=32)
def _held(engine: Engine, kind: str, since: datetime, made_of: Stamp) -> list[AwardHeld]:
    held = awards_since(_components(kind), since)
    return sorted(
        held,
        key=lambda each: (each.occurred_at, each.activity_id, each.component_id),
        reverse=True,
    )


def _components(kind: str) -> list[int]:
    if kind == BADGE:
        return [each.id for each in ledger.components_that_yield(YIELDS_BADGE)]
    keys = {
        (plan.id, component.key)
        for plan in all_plans()
        for version in plan.versions
        for component in version.core.plan.components
        if component.rule["kind"] == milestone.KIND
    }
    known = ledger.all_plan_components(db.session())
    return [known[key] for key in sorted(keys) if key in known]
