"""Ratings as they are kept: activities, one for each item, rater, period and payee."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from incentives.extensions import db
from incentives.store.activities import StoredActivity
from incentives.store.parts import in_parts

SOURCE = "ratings"


@dataclass(frozen=True, slots=True)
class RatingKey:
    """What a rating is about: an item of a payee, in the period with this key, as one account
    rates it; `rated_by` is written as in the plan."""

    item: str
    rated_by: str
    period: str
    payee_id: int

    @property
    def external_id(self) -> str:
        # An id is short, and names of items and accounts may be long.
        said = sha256(f"{self.item}\n{self.rated_by}".encode()).hexdigest()[:24]
        return f"{self.period}/{self.payee_id}/{said}"


def ratings_about(keys: Iterable[RatingKey]) -> dict[RatingKey, StoredActivity]:
    """The ratings that were given, those that were taken back among them."""
    wanted = {key.external_id: key for key in keys}
    found: dict[RatingKey, StoredActivity] = {}
    for part in in_parts(wanted):
        query = select(StoredActivity).where(
            StoredActivity.source == SOURCE,
            StoredActivity.external_id.in_(part),
        )
        found.update({wanted[row.external_id]: row for row in db.session.scalars(query)})
    return found
