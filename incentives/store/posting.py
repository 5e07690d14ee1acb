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
    posted_at: datetime
    hash: str
    checks: bytes

    @property
    def number(self) -> int:
        return self.after.number + 1

    @property
    def first_sequence(self) -> int:
        return self.after.sequence + 1


def new_posting(payee_id: int, after: LastPosting, lines: NewLines, *, now: datetime) -> NewPosting:
    """Lines with their hash, which takes a third as long as writing them: whoever can makes it
    before anything is locked."""
    texts = as_texts(lines)
    said = posting_hash(
        after.hash,
        texts,
        payee_id=payee_id,
        number=after.number + 1,
        first_sequence=after.sequence + 1,
        posted_at=now,
    )
    return NewPosting(payee_id, after, lines, now, said, line_checks(texts))


def append_postings(
    session: Session, postings: Sequence[NewPosting], terms: Mapping[str, TermsSaid]
) -> None:
    """Add lines to what is posted. The caller holds the locks of the payees and has seen that the
    last postings are still the last. `terms` says what the lines name by hash."""
    if not postings:
        return
    keep_periods_as_they_are(session)
    driver = Driver(session)
    ids = terms_ids(driver, {name for each in postings for name in set(each.lines.terms)}, terms)
    driver.append("posting", _POSTING, [_header(driver, each) for each in postings])
    rows = chain.from_iterable(_rows(each, ids) for each in postings)
    driver.append("posted_line", LINE, rows)


def _header(driver: Driver, posting: NewPosting) -> tuple[Any, ...]:
    return (
        posting.payee_id,
        posting.number,
        driver.instant(posting.posted_at),
        posting.first_sequence,
        len(posting.lines),
        posting.hash,
        posting.checks,
    )


def _rows(posting: NewPosting, ids: Mapping[str, int]) -> Iterable[tuple[Any, ...]]:
    lines = posting.lines
    return zip(
        repeat(posting.payee_id),
        lines.components,
        lines.activity_ids,
        lines.origins,
        lines.aspects,
        lines.amends,
        count(posting.first_sequence),
        lines.periods,
        lines.days,
        lines.amounts,
        map(ids.__getitem__, lines.terms),
        lines.steps,
        strict=False,
    )
