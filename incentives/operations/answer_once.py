"""What is sent twice under one key is done once: the key, the work and its answer are one
transaction, so a process that dies leaves all of them or none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from incentives.errors import Refused
from incentives.store.kept_answers import (
    LONGEST_KEY,
    KeptAnswer,
    claim_key,
    delete_answers,
    kept_answer,
)
from incentives.store.transaction import as_one, writing

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sending:
    """`content_hash` is of all that decides what is to be done. One that `waits` is answered when
    the first under its key is through; any other is refused meanwhile."""

    sender: str
    key: str
    content_hash: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


class Answered(Exception):
    """The same was sent before, and this was answered."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("answered before")
        self.answer = answer


class BadKey(Refused):
    """A key that is none, or that something else was sent under. It is no Invalid, so that no form
    shows it at one of its fields."""

    status = 422


class _NotKept(Exception):
    """Ends a transaction in which nothing was done."""


@contextmanager
def answered_once(sending: Sending, *, now: datetime) -> Iterator[Callable[[Answer], None]]:
    """Do inside what was asked for, and give the answer to what this yields. Without one, all of
    it is undone, and the same may be sent again.

    Raises Answered where the same was sent in the last 24 hours, BadKey where something else was,
    and Refused while the first is under way.
    """
    _check(sending.key)
    _refuse_again(sending, now)
    given: list[Answer] = []
    try:
        with as_one(lambda session: _begin(session, sending, now)):
            yield given.append
            if not given:
                raise _NotKept
            _keep(sending, given[0], now)
    except _NotKept:
        pass


def forget_answers(*, now: datetime) -> None:
    """Delete what is too old to be asked for again."""
    with writing() as session:
        delete_answers(session, before=now - KEPT_FOR)


def _check(key: str) -> None:
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadKey(
            "key_unreadable",
            f"An Idempotency-Key has 1 to {LONGEST_KEY} letters, digits and signs, such as a UUID.",
        )


def _begin(session: Session, sending: Sending, now: datetime) -> None:
    if not claim_key(session, sending.sender, sending.key, waits=sending.waits):
        raise Refused(
            "under_way",
            "The first of these is still under way. Send the same again in a moment.",
        )
    _refuse_again(sending, now)


def _refuse_again(sending: Sending, now: datetime) -> None:
    found = kept_answer(sending.sender, sending.key)
    if found is None or found.answered_at < now - KEPT_FOR:
        return
    if found.content_hash != sending.content_hash:
        raise BadKey(
            "key_used",
            "Something else was sent under this key, and it was done. Send this under a new one.",
        )
    raise Answered(Answer(found.status, found.headers, found.body))


def _keep(sending: Sending, answer: Answer, now: datetime) -> None:
    with writing() as session:
        # In the place of one that is too old to be asked for again.
        session.merge(
            KeptAnswer(
                sender=sending.sender,
                key=sending.key,
                content_hash=sending.content_hash,
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
                answered_at=now,
            )
        )
