"""Read when it is quiet for somebody: nothing pops up or sounds then, and the feed still fills."""

from datetime import datetime

from incentives.core.recognition import is_quiet
from incentives.store.companies import the_company
from incentives.store.recognition import quiet_hours_of


def is_quiet_for(person_id: int | None, *, now: datetime) -> bool:
    return is_quiet(quiet_hours_of(person_id), now, the_company().calendar.zone)


def quiet_spans(person_id: int | None) -> str:
    """For a page that stays open: minutes of the company's day, such as '1320-420 720-780'."""
    return " ".join(f"{each.starts}-{each.ends}" for each in quiet_hours_of(person_id))
