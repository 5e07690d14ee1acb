"""Bring a payee's ledger to what it should be: post target − posted (semantics 23)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from incentives.core.ledger_lines import Lines, lines_to_post
from incentives.core.posting import OpenPeriods, Subject
from incentives.store.companies import the_company
from incentives.store.line_terms import TermsSaid
from incentives.store.locks import keep_periods_as_they_are, locks_of
from incentives.store.posted import held_lines, last_postings
from incentives.store.posting import append_postings, new_posting


class Award(NamedTuple):
    """What a payee should have about a subject: whole units, on a day, with what explains it."""

    amount: int
    day: date
    terms: TermsSaid


def post_lines(
    session: Session,
    payee_id: int,
    component_ids: Collection[int],
    awards: Mapping[Subject, Award],
    *,
    now: datetime,
) -> int:
    """Post what is missing to reach the awards, within these components. Returns how many lines.

    A subject without an award is taken back to nothing. The caller holds the payee's lock.
    """
    keep_periods_as_they_are(session)
    wanted = Lines(
        components=[subject.component for subject in awards],
        activity_ids=[subject.activity_id for subject in awards],
        origins=[subject.origin for subject in awards],
        aspects=[subject.aspect for subject in awards],
        amounts=[award.amount for award in awards.values()],
        days=[award.day.isoformat() for award in awards.values()],
        terms=[award.terms.hash for award in awards.values()],
        steps=[""] * len(awards),
    )
    periods = OpenPeriods(the_company().calendar, locks_of(session))
    lines = lines_to_post(wanted, held_lines(session, payee_id, component_ids), periods)
    if lines:
        terms = {award.terms.hash: award.terms for award in awards.values()}
        last = last_postings(session, [payee_id])[payee_id]
        append_postings(session, [new_posting(payee_id, last, lines, now=now)], terms)
    return len(lines)
