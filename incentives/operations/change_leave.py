"""Leave of one payee: added, ended and removed. Streaks follow, and quotas where a plan says so."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from incentives.errors import Invalid, NotFound
from incentives.operations.administer_people import changing
from incentives.operations.far_days import refuse_far
from incentives.store.audit import record
from incentives.store.leave import Leave, leaves_of
from incentives.store.markers import mark_stale
from incentives.store.people import Person


def add_leave(
    code: str, *, first_day: date | None, end_day: date | None, by: int, now: datetime
) -> None:
    """Days off from `first_day` until, and not including, `end_day`; None while that is open."""
    with changing(code) as (session, person):
        if not person.is_payee:
            raise Invalid(
                "leave",
                "No leave was added.",
                fields={"first_day": ["Only people who earn have leave."]},
            )
        if first_day is None:
            raise Invalid(
                "leave", "No leave was added.", fields={"first_day": ["Write the first day off."]}
            )
        leave = Leave(payee_id=person.id, first_day=first_day, end_day=end_day)
        _refuse_what_cannot_be(leave, person)
        session.add(leave)
        record(session, "leave added", person.name, by=by, now=now, after=_said(leave))
        mark_stale(session, [person.id], now)


def end_leave(code: str, leave_id: int, *, end_day: date | None, by: int, now: datetime) -> None:
    """Say when a payee is back, or that it is another day."""
    with changing(code) as (session, person):
        leave = _leave(session, person, leave_id)
        if end_day is None:
            raise Invalid(
                "leave", "Say the day.", fields={"end_day": ["Write the first day back."]}
            )
        before, leave.end_day = _said(leave), end_day
        _refuse_what_cannot_be(leave, person)
        if _said(leave) == before:
            return
        record(
            session, "leave ended", person.name, by=by, now=now, before=before, after=_said(leave)
        )
        mark_stale(session, [person.id], now)


def remove_leave(code: str, leave_id: int, *, by: int, now: datetime) -> None:
    """Take leave back as if it had never been agreed on."""
    with changing(code) as (session, person):
        leave = _leave(session, person, leave_id)
        session.delete(leave)
        record(session, "leave removed", person.name, by=by, now=now, before=_said(leave))
        mark_stale(session, [person.id], now)


def _leave(session: Session, person: Person, leave_id: int) -> Leave:
    leave = session.get(Leave, leave_id)
    if leave is None or leave.payee_id != person.id:
        raise NotFound("There is no such leave.")
    return leave


def _refuse_what_cannot_be(leave: Leave, person: Person) -> None:
    refuse_far("first_day", leave.first_day)
    refuse_far("end_day", leave.end_day)
    if leave.end_day is not None and leave.end_day <= leave.first_day:
        sentence = f"Write a day after {leave.first_day}, the first day off."
        raise Invalid("leave", "It ends before it begins.", fields={"end_day": [sentence]})
    for other in leaves_of(person.id):
        if other is not leave and _meet(leave, other):
            sentence = f"{person.name} is on leave from {other.first_day} already."
            raise Invalid("leave", "Two leaves meet.", fields={"first_day": [sentence]})


def _meet(one: Leave, other: Leave) -> bool:
    return (other.end_day is None or one.first_day < other.end_day) and (
        one.end_day is None or other.first_day < one.end_day
    )


def _said(leave: Leave) -> dict[str, str | None]:
    return {
        "first day off": leave.first_day.isoformat(),
        "first day back": leave.end_day.isoformat() if leave.end_day else None,
    }
