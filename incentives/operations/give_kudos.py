"""Kudos: given to colleagues within a monthly allowance, taken back, or hidden with a reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.core.recognition import kudos_left
from incentives.errors import Forbidden, Invalid, NotFound, Refused
from incentives.extensions import db
from incentives.live.announce import announce
from incentives.operations.feed_curtain import hidden_people
from incentives.operations.take_part import problem_of, refuse_hidden, words
from incentives.operations.write_comment import checked_reason
from incentives.store import people
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.kudos import Kudos, count_given
from incentives.store.people import Person
from incentives.store.recognition import count_change, the_recognition
from incentives.store.transaction import writing

LONGEST = 500
MOST_AT_ONCE = 20
_NOT_GIVEN = "The kudos were not given."


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many colleagues somebody may thank in a month, and how many are left."""

    per_month: int
    left: int


def read_allowance(giver_id: int, *, now: datetime) -> Allowance:
    """For a page."""
    return allowance_of(db.session(), giver_id, now=now)


def allowance_of(session: Session, giver_id: int, *, now: datetime) -> Allowance:
    """In the company's month; what was taken back is given back."""
    calendar = the_company().calendar
    month = calendar.period_of(calendar.day_of(now), "month")
    per_month = the_recognition().kudos_allowance
    given = count_given(session, giver_id, *calendar.span(month))
    return Allowance(per_month, kudos_left(per_month, given))


def colleagues_of(giver_id: int, *, now: datetime) -> list[Person]:
    """Whom somebody may thank: everybody who is here and left out of no board."""
    today, hidden = the_company().calendar.day_of(now), hidden_people()
    return [
        person
        for person in people.everyone()
        if person.id != giver_id and person.id not in hidden and _is_here(person, today, now)
    ]


def give_kudos(
    receiver_ids: Collection[int],
    message: str,
    label: str | None,
    *,
    by: int,
    now: datetime,
    via: str | None = None,
) -> int:
    """Thank colleagues in words; returns the id. Each of them counts once in the allowance.

    Raises Invalid naming the field, or Refused where it is not for this person or month.
    """
    message = words(message)
    with writing() as session:
        # One at a time for each giver, so that two at once do not go beyond the allowance.
        lock = select(Person.id).where(Person.id == by).with_for_update(key_share=True)
        session.execute(lock)
        refuse_hidden(by)
        receivers = _receivers(set(receiver_ids), by, now)
        _check(receivers, message, label)
        _refuse_beyond(allowance_of(session, by, now=now), len(receivers))
        kudos = Kudos(
            giver_id=by, message=message, label=label or None, given_at=now, receivers=receivers
        )
        session.add(kudos)
        session.flush()
        names = [person.name for person in receivers]
        said = {"to": names, "message": message, "label": label or None}
        record(session, "kudos given", ", ".join(names)[:200], by=by, now=now, after=said, via=via)
        count_change(session)
        kudos_id = kudos.id
    announce()
    return kudos_id


def take_kudos_back(kudos_id: int, *, by: int, now: datetime) -> None:
    """Only the giver can. It leaves the feed and counts no more in the month's allowance."""
    with writing() as session:
        kudos = _locked(session, kudos_id)
        if kudos.giver_id != by:
            raise Forbidden("not_yours", "Only who gave kudos takes them back.")
        kudos.taken_back_at = now
        _note(session, kudos, "kudos taken back", by, now, None)
    announce()


def hide_kudos(kudos_id: int, *, reason: str, by: int, now: datetime) -> None:
    """Take kudos off the feed and off the days of those who got them. Raises Invalid."""
    reason = checked_reason(reason)
    with writing() as session:
        kudos = _locked(session, kudos_id)
        kudos.hidden_at, kudos.hidden_by, kudos.hidden_reason = now, by, reason
        _note(session, kudos, "kudos hidden", by, now, {"reason": reason})
    announce()


def _note(
    session: Session,
    kudos: Kudos,
    action: str,
    by: int,
    now: datetime,
    after: dict[str, str] | None,
) -> None:
    names = ", ".join(person.name for person in kudos.receivers)[:200]
    said = {"by": kudos.giver.name, "message": kudos.message}
    record(session, action, names, by=by, now=now, before=said, after=after)
    count_change(session)


def _receivers(ids: set[int], by: int, now: datetime) -> list[Person]:
    found = [person for person in colleagues_of(by, now=now) if person.id in ids]
    if len(found) < len(ids):
        sentence = (
            "You cannot give kudos to yourself. Choose a colleague."
            if by in ids
            else "Somebody you chose is not here any more. Load the page and choose again."
        )
        raise Invalid("kudos", _NOT_GIVEN, fields={"to": [sentence]})
    return found


def _check(receivers: Sequence[Person], message: str, label: str | None) -> None:
    problems: dict[str, list[str]] = {}
    if not receivers:
        problems["to"] = ["Choose at least one colleague."]
    elif len(receivers) > MOST_AT_ONCE:
        problems["to"] = [f"Choose at most {MOST_AT_ONCE} colleagues."]
    if problem := problem_of(message, LONGEST):
        problems["message"] = ["Write what you thank for." if not message else problem]
    labels = the_recognition().kudos_labels
    if label and label not in labels:
        problems["label"] = [f"Choose one of {', '.join(labels)}, or none."]
    if problems:
        raise Invalid("kudos", _NOT_GIVEN, fields=problems)


def _refuse_beyond(allowance: Allowance, wanted: int) -> None:
    if allowance.per_month == 0:
        raise Refused("kudos_off", "Kudos are switched off. An administrator can allow them.")
    if wanted > allowance.left:
        sentence = (
            f"You can thank {allowance.left} more this month and chose {wanted}."
            if allowance.left
            else f"You have thanked {allowance.per_month} this month, which is all there is. "
            "It begins anew next month."
        )
        raise Invalid("kudos", _NOT_GIVEN, fields={"to": [sentence]})


def _is_here(person: Person, today: date, now: datetime) -> bool:
    if person.has_left(today):
        return False
    return person.is_payee or (person.login is not None and person.login.may_sign_in(now))


def _locked(session: Session, kudos_id: int) -> Kudos:
    query = select(Kudos).where(Kudos.id == kudos_id)
    locked = query.with_for_update(of=Kudos).execution_options(populate_existing=True)
    kudos = session.scalars(locked).first()
    if kudos is None or not kudos.stands:
        raise NotFound("These kudos are not in the feed any more.")
    return kudos
