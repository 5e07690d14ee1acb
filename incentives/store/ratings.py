"""Ratings as they are kept: activities, one for each item, period and payee."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from incentives.extensions import db
from incentives.store.activities import StoredActivity

SOURCE = "ratings"


@dataclass(frozen=True, slots=True)
class RatingKey:
    """What a rating is about: an item of a payee, in the period with this key."""

    item: str
    period: str
    payee_id: int

    @property
    def external_id(self) -> str:
        return f"{self.item}/{self.period}/{self.payee_id}"


def ratings_about(keys: Iterable[RatingKey]) -> dict[RatingKey, StoredActivity]:
    """The ratings that were given, those that were taken back among them."""
    wanted = {key.external_id: key for key in keys}
    ids = sorted(wanted)
    found: dict[RatingKey, StoredActivity] = {}
    for first in range(0, len(ids), 500):
        query = select(StoredActivity).where(
            StoredActivity.source == SOURCE,
            StoredActivity.external_id.in_(ids[first : first + 500]),
        )
        found.update({wanted[row.external_id]: row for row in db.session.scalars(query)})
    return found
