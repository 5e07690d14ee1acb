"""Posting: the only way into the ledger (semantics 22 to 24)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count, repeat
from typing import Any

from sqlalchemy.orm import Session

from incentives.core.ledger_lines import NewLines
from incentives.store.driver import Driver
from incentives.store.line_terms import TermsSaid, terms_ids
from incentives.store.locks import keep_periods_as_they_are
from incentives.store.posted import LastPosting
from incentives.store.posting_hash import as_texts, line_checks, posting_hash

_POSTING = ("payee_id", "number", "posted_at", "first_sequence", "lines", "hash", "checks")
# The columns of a line, in the order in which they lie.
LINE = (
    "payee_id",
    "component_id",
    "activity_id",
    "origin_period",
    "aspect",
    "amends",
    "sequence",
    "period",
    "day",
    "amount",
    "terms_id",
    "steps",
)


@dataclass(frozen=True, slots=True)
class NewPosting:
    """Lines for one payee, to stand behind the last posting that was seen."""

    payee_id: int
    after: LastPosting
    lines: NewLines


def append_postings(
    session: Session,
    postings: Sequence[NewPosting],
    terms: Mapping[str, TermsSaid],
    *,
    now: datetime,
) -> dict[int, str]:
    """Add lines to what is posted; gives the hash of each payee's posting. The caller holds the
    locks of the payees and has seen that the last postings are still the last. `terms` says what
    the lines name by hash."""
    if not postings:
        return {}
    keep_periods_as_they_are(session)
    driver = Driver(session)
    ids = terms_ids(driver, {name for each in postings for name in set(each.lines.terms)}, terms)
    at = driver.instant(now)
    headers = [_posting(each, now, at) for each in postings]
    driver.append("posting", _POSTING, headers)
    rows = chain.from_iterable(_rows(each, ids) for each in postings)
    driver.append("posted_line", LINE, rows)
    return {payee_id: said for payee_id, *_, said, _ in headers}


def _posting(posting: NewPosting, now: datetime, stored_at: Any) -> tuple[Any, ...]:
    number, first = posting.after.number + 1, posting.after.sequence + 1
    texts = as_texts(posting.lines)
    said = posting_hash(
        posting.after.hash,
        texts,
        payee_id=posting.payee_id,
        number=number,
        first_sequence=first,
        posted_at=now,
    )
    checks = line_checks(texts)
    return posting.payee_id, number, stored_at, first, len(texts), said, checks


def _rows(posting: NewPosting, ids: Mapping[str, int]) -> Iterable[tuple[Any, ...]]:
    lines = posting.lines
    return zip(
        repeat(posting.payee_id),
        lines.components,
        lines.activity_ids,
        lines.origins,
        lines.aspects,
        lines.amends,
        count(posting.after.sequence + 1),
        lines.periods,
        lines.days,
        lines.amounts,
        map(ids.__getitem__, lines.terms),
        lines.steps,
        strict=False,
    )
