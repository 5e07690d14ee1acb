"""Finding activities: for the list, and for what somebody asks about one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, func, or_, select, type_coerce

from incentives.extensions import db
from incentives.store.activities import ActivityRevision, StoredActivity, StoredCredit
from incentives.store.people import Person


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. `text` is found in ids, products, accounts and names of payees."""

    text: str = ""
    kind: str = ""
    source: str = ""
    payee_id: int | None = None
    start: datetime | None = None
    end: datetime | None = None


def find_activities(search: Search, *, first: int, count: int) -> Sequence[StoredActivity]:
    """The newest first; open deals without a date last."""
    query = (
        _matching(search, select(StoredActivity))
        .order_by(StoredActivity.occurred_at.desc().nulls_last(), StoredActivity.id.desc())
        .offset(first)
        .limit(count)
    )
    return db.session.scalars(query).all()


def count_found(search: Search) -> int:
    return db.session.scalar(_matching(search, select(func.count(StoredActivity.id)))) or 0


def _matching(search: Search, query: Any) -> Any:
    if search.text:
        query = query.where(_holds(search.text))
    if search.kind:
        query = query.where(StoredActivity.kind == search.kind)
    if search.source:
        query = query.where(StoredActivity.source == search.source)
    if search.payee_id is not None:
        credited = select(StoredCredit.activity_id).where(StoredCredit.payee_id == search.payee_id)
        query = query.where(StoredActivity.id.in_(credited))
    if search.start is not None:
        query = query.where(StoredActivity.occurred_at >= search.start)
    if search.end is not None:
        query = query.where(StoredActivity.occurred_at < search.end)
    return query


def _holds(text: str) -> ColumnElement[bool]:
    credited = (
        select(StoredCredit.activity_id)
        .join(Person, Person.id == StoredCredit.payee_id)
        .where(Person.name.icontains(text, autoescape=True))
    )
    return or_(
        StoredActivity.external_id.icontains(text, autoescape=True),
        # Products and accounts are attributes, kept as JSON text.
        type_coerce(StoredActivity.attributes, Text).icontains(text, autoescape=True),
        StoredActivity.id.in_(credited),
    )


def payees_credited(activity_ids: Sequence[int]) -> dict[int, list[tuple[str, bool]]]:
    """(name, overlay) of the payees of each activity, in order of name; overlays come last."""
    query = (
        select(StoredCredit.activity_id, Person.name, StoredCredit.overlay)
        .join(Person, Person.id == StoredCredit.payee_id)
        .where(StoredCredit.activity_id.in_(activity_ids))
        .order_by(StoredCredit.overlay, func.lower(Person.name))
    )
    names: dict[int, list[tuple[str, bool]]] = {}
    for row in db.session.execute(query):
        names.setdefault(row.activity_id, []).append((row.name, row.overlay))
    return names


def revisions_of(activity_id: int) -> Sequence[ActivityRevision]:
    """What an activity said before, the oldest first."""
    query = select(ActivityRevision).where(ActivityRevision.activity_id == activity_id)
    return db.session.scalars(query.order_by(ActivityRevision.revision)).all()


def sources() -> list[str]:
    return list(db.session.scalars(select(StoredActivity.source).distinct().order_by("source")))


def kinds() -> list[str]:
    return list(db.session.scalars(select(StoredActivity.kind).distinct().order_by("kind")))


def ids_there(source: str, external_ids: Sequence[str]) -> set[str]:
    """Which of these ids a source has already sent."""
    query = select(StoredActivity.external_id).where(
        StoredActivity.source == source, StoredActivity.external_id.in_(external_ids)
    )
    return set(db.session.scalars(query))


def kinds_by_external_id(source: str) -> dict[str, str]:
    """External id -> kind, of everything a source has sent."""
    query = select(StoredActivity.external_id, StoredActivity.kind)
    rows = db.session.execute(query.where(StoredActivity.source == source))
    return {row.external_id: row.kind for row in rows}
