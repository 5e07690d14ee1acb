"""Which pay periods are locked, and since when (semantics 24)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session


def locks_of(session: Session) -> Mapping[str, datetime]:
    """The keys of the pay periods that are locked, each with the instant of its lock. Nothing is
    locked yet: a pay period is always open."""
    return {}
