"""What is posted to payees, and posting more: the only way into the ledger (semantics 22 to 24)."""

import hashlib
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count, repeat
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from incentives.core.columns import as_micros
from incentives.core.ledger_lines import LedgerLines
from incentives.core.posting import Held, Subject
from incentives.store.base import to_json
from incentives.store.driver import Driver, as_day

_LINE = (
    "payee_id",
    "origin_period",
    "activity_id",
    "component_id",
    "aspect",
    "amends",
    "sequence",
    "period",
    "day",
    "amount",
    "terms_id",
    "steps",
)
_POSTING = ("payee_id", "number", "posted_at", "first_sequence", "lines", "hash")


class TermsSaid(NamedTuple):
    """What many lines have in common, as it is stored; `content` is canonical JSON."""

    component_id: int
    plan_version_id: int | None
    content: str

    @property
    def hash(self) -> str:
        """By which terms are told apart: the same content is the same terms."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()


class LastPosting(NamedTuple):
    """The newest posting to a payee: its number, its last line, and its hash."""

    number: int = 0
    sequence: int = 0
    hash: str = ""


NOTHING_POSTED = LastPosting()


@dataclass(frozen=True, slots=True)
class Account:
    """What is posted to a payee so far: what is held about each subject, and the last posting."""

    held: dict[Subject, Held[str]] = field(default_factory=dict)
    last: LastPosting = NOTHING_POSTED


@dataclass(frozen=True, slots=True)
class NewPosting:
    """Lines for one payee, to stand behind the last posting that was seen."""

    payee_id: int
    after: LastPosting
    lines: LedgerLines


def last_postings(session: Session, payee_ids: Collection[int]) -> dict[int, LastPosting]:
    """The newest posting of each payee who has one."""
    rows = Driver(session).rows_in_parts(
        "SELECT payee_id, number, first_sequence + lines - 1, hash FROM posting "
        "WHERE payee_id IN :ids ORDER BY payee_id, number",
        ids=payee_ids,
    )
    return {payee_id: LastPosting(*rest) for payee_id, *rest in rows}


def accounts_of(
    session: Session, payee_ids: Collection[int], component_ids: Collection[int]
) -> dict[int, Account]:
    """What each payee holds of some components. Terms are named by their hashes."""
    last = last_postings(session, payee_ids)
    accounts = {
        payee_id: Account(last=last.get(payee_id, NOTHING_POSTED)) for payee_id in payee_ids
    }
    driver = Driver(session)
    rows = driver.rows_in_parts(
        "SELECT payee_id, origin_period, activity_id, component_id, aspect, amends, sequence, day, "
        "amount, terms_id, steps FROM posted_line WHERE payee_id IN :ids "
        "ORDER BY payee_id, origin_period, activity_id, component_id, aspect, amends",
        ids=last,
    )
    names = driver.rows_in_parts(
        "SELECT id, hash FROM line_terms WHERE id IN :ids", ids={row[9] for row in rows}
    )
    _hold(accounts, rows, component_ids, dict(names))
    return accounts


def terms_called(session: Session, name: str) -> TermsSaid:
    """The terms with a hash that a posted line names."""
    rows = Driver(session).rows(
        "SELECT component_id, plan_version_id, content FROM line_terms WHERE hash = ?", name
    )
    return TermsSaid(*rows[0])


def _hold(
    accounts: Mapping[int, Account],
    rows: Iterable[tuple[Any, ...]],
    component_ids: Collection[int],
    names: Mapping[int, str],
) -> None:
    """Lines about one subject follow each other, each behind the one that it amends."""
    for payee_id, origin, activity_id, component, aspect, amends, sequence, day, *said in rows:
        if component not in component_ids:
            continue
        amount, terms_id, steps = said
        subject = Subject(origin, activity_id, component, aspect)
        held, entry = accounts[payee_id].held, 1
        if amends:
            before = held[subject]
            amount, entry = amount + before.amount, before.entry + 1
        held[subject] = Held(amount, as_day(day), names[terms_id], steps or "", entry, sequence)


def append_postings(
    session: Session,
    postings: Sequence[NewPosting],
    terms: Mapping[str, TermsSaid],
    *,
    now: datetime,
) -> None:
    """Add lines to what is posted. The caller holds the locks of the payees and has seen that the
    last postings are still the last. `terms` says what the lines name by hash."""
    if not postings:
        return
    driver = Driver(session)
    ids = _terms_ids(driver, {name for each in postings for name in set(each.lines.terms)}, terms)
    at = driver.instant(now)
    driver.append("posting", _POSTING, [_posting(each, now, at) for each in postings])
    driver.append("posted_line", _LINE, (row for each in postings for row in _rows(each, ids)))


def _rows(posting: NewPosting, terms_ids: Mapping[str, int]) -> Iterable[tuple[Any, ...]]:
    lines = posting.lines
    return zip(
        repeat(posting.payee_id),
        lines.origins,
        lines.activity_ids,
        lines.components,
        lines.aspects,
        lines.amends,
        count(posting.after.sequence + 1),
        lines.periods,
        map(date.isoformat, lines.days),
        lines.amounts,
        map(terms_ids.__getitem__, lines.terms),
        lines.steps,
        strict=False,
    )


def _posting(posting: NewPosting, now: datetime, stored_at: Any) -> tuple[Any, ...]:
    number, first = posting.after.number + 1, posting.after.sequence + 1
    said = posting_hash(posting.after.hash, posting.payee_id, number, first, posting.lines, now)
    return posting.payee_id, number, stored_at, first, len(posting.lines), said


def posting_hash(
    previous: str,
    payee_id: int,
    number: int,
    first_sequence: int,
    lines: LedgerLines,
    posted_at: datetime,
) -> str:
    """The hash of a posting by all columns of all its lines, over that of the posting before."""
    said = hashlib.sha256(
        to_json(
            [previous, payee_id, number, first_sequence, len(lines), as_micros(posted_at)]
        ).encode()
    )
    for numbers in (lines.activity_ids, lines.components, lines.amends, lines.amounts):
        said.update(array("q", numbers).tobytes())
    days = map(date.isoformat, lines.days)
    for texts in (lines.origins, lines.aspects, lines.periods, lines.terms, days):
        said.update("\n".join(texts).encode())
    said.update("\n".join("-" if steps is None else steps for steps in lines.steps).encode())
    return said.hexdigest()


def _terms_ids(
    driver: Driver, names: Collection[str], terms: Mapping[str, TermsSaid]
) -> dict[str, int]:
    """The ids of terms by their hashes; those that are new are added."""
    found = _known(driver, names)
    new = sorted(set(names) - found.keys())
    if new:
        driver.run_many(
            "INSERT INTO line_terms (component_id, plan_version_id, content, hash) "
            "VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
            [(*terms[name], name) for name in new],
        )
        found.update(_known(driver, new))
    return found


def _known(driver: Driver, names: Collection[str]) -> dict[str, int]:
    return dict(
        driver.rows_in_parts("SELECT hash, id FROM line_terms WHERE hash IN :ids", ids=names)
    )
