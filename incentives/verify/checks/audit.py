"""Every change of a rule, a goal, a contest, a role or a statement has its audit entry."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from incentives.verify.book import Book, as_instant
from incentives.verify.canonical import number_of
from incentives.verify.differences import Difference, Seen

NAME = "audit"
WHAT = (
    "Each plan version, quota, exchange rate, contest, role, lock and adjustment has its entry in "
    "the audit, which says the same."
)


PERSON, TEAM = "person", "team"


class Entry(NamedTuple):
    at: datetime
    before: Any
    after: Any


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    entries = Entries(book)
    for check in _CHECKS:
        yield from check(book, entries, seen)


class Entries:
    """The audit by action and subject, read as it is asked for."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._by_action: dict[str, Mapping[str, list[Entry]]] = {}

    def of(self, action: str, subject: str) -> list[Entry]:
        """In the order in which they were made."""
        return self._of_action(action).get(subject, [])

    def about(self, action: str) -> list[Entry]:
        return [entry for _, entry in self.with_subjects(action)]

    def with_subjects(self, action: str) -> list[tuple[str, Entry]]:
        found = self._of_action(action)
        return [(subject, each) for subject, entries in found.items() for each in entries]

    def moments_of(self, part: str) -> set[datetime]:
        """When anything was done whose action has a word such as this in it."""
        actions = self._book.snapshot.rows("SELECT DISTINCT action FROM audit_entry")
        return {e.at for (action,) in actions if part in action for e in self.about(action)}

    def _of_action(self, action: str) -> Mapping[str, list[Entry]]:
        if action not in self._by_action:
            found: dict[str, list[Entry]] = defaultdict(list)
            rows = self._book.snapshot.stream(
                'SELECT subject, at, "before", "after" FROM audit_entry WHERE action = ? '
                "ORDER BY id",
                action,
            )
            for subject, at, before, after in rows:
                found[subject].append(Entry(as_instant(at), _read(before), _read(after)))
            self._by_action[action] = found
        return self._by_action[action]

    def names_of(self, name: str, kind: str) -> set[str]:
        """What a person or a team was ever called."""
        return self._renamed[kind].get(name, {name})

    @cached_property
    def _renamed(self) -> dict[str, dict[str, set[str]]]:
        """Of each kind, all names of whoever was renamed, by each of them."""
        renamed: dict[str, dict[str, set[str]]] = {PERSON: {}, TEAM: {}}
        for kind, names in renamed.items():
            for entry in self.about(f"{kind} changed"):
                pair = {entry.before["name"], entry.after["name"]}
                together = pair.union(*(names.get(name, set()) for name in pair))
                names.update(dict.fromkeys(together, together))
        return renamed


def _read(stored: str | None) -> Any:
    return None if stored is None else json.loads(stored)


def _plan_versions(book: Book, entries: Entries, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.rows(
        "SELECT p.slug, v.number, v.document_hash FROM plan_version v "
        "JOIN plan p ON p.id = v.plan_id ORDER BY v.id"
    )
    for slug, number, document_hash in rows:
        seen.count("plan versions")
        said = [(e.after["version"], e.after["hash"]) for e in entries.of(_PUBLISHED, slug)]
        if said.count((number, document_hash)) != 1:
            yield Difference(_none("its publishing"), {"plan": slug, "version": number})


def _quotas(book: Book, entries: Entries, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.stream(
        "SELECT p.name, q.measure, q.period, q.amount FROM quota q "
        "JOIN person p ON p.id = q.payee_id ORDER BY q.id"
    )
    yield from _goals(rows, entries, seen, PERSON)
    rows = book.snapshot.stream(
        "SELECT t.name, q.measure, q.period, q.amount FROM team_quota q "
        "JOIN team t ON t.id = q.team_id ORDER BY q.id"
    )
    yield from _goals(rows, entries, seen, TEAM)


def _goals(
    rows: Iterator[tuple[Any, ...]], entries: Entries, seen: Seen, kind: str
) -> Iterator[Difference]:
    whose, prefix = ("team", "team ") if kind == TEAM else ("payee", "")
    for name, measure, period, amount in rows:
        seen.count("quotas")
        said = [
            next(iter(e.after.values())) if isinstance(e.after, dict) else e.after
            for one in entries.names_of(name, kind)
            for e in entries.of("quota set", f"{prefix}{one}, {measure}, {period}")
        ]
        if not any(each is not None and _millionths(each) == amount for each in said):
            told = _none(f"a quota of {number_of(amount)}")
            yield Difference(told, {whose: name, "measure": measure, "period": period})


def _millionths(text: str) -> int:
    whole, _, rest = text.removeprefix("-").partition(".")
    size = int(whole + rest.ljust(6, "0")[:6])
    return -size if text.startswith("-") else size


def _exchange_rates(book: Book, entries: Entries, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.rows(
        "SELECT currency, to_currency, CAST(first_day AS VARCHAR(10)), count(*) "
        "FROM exchange_rate GROUP BY currency, to_currency, first_day ORDER BY 1, 2, 3"
    )
    for currency, to, day, count in rows:
        seen.count("exchange rates", count)
        subject = f"{currency} to {to}, from {day}"
        found = len(entries.of("exchange rate set", subject))
        if found != count:
            said = f"was set {count} times, but the audit has {found} entries"
            yield Difference(said, {"exchange rate": subject})


def _contests(book: Book, entries: Entries, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.rows(
        "SELECT c.slug, c.cancelled_at, (SELECT count(*) FROM contest_amendment a "
        "WHERE a.contest_id = c.id) FROM contest c ORDER BY c.id"
    )
    for slug, cancelled_at, amendments in rows:
        seen.count("contests")
        ids = {"contest": slug}
        if len(entries.of("contest created", slug)) != 1:
            yield Difference(_none("its making"), ids)
        if len(entries.of("contest amended", slug)) < amendments:
            yield Difference(f"has {amendments} amendments, but fewer entries in the audit", ids)
        if bool(cancelled_at) != bool(entries.of("contest cancelled", slug)):
            yield Difference("is called off and the audit does not say so, or the reverse", ids)


def _roles(book: Book, entries: Entries, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.rows(
        "SELECT p.name, l.email, l.role FROM login l JOIN person p ON p.id = l.person_id "
        "ORDER BY l.id"
    )
    for name, email, role in rows:
        seen.count("roles")
        said = [
            entry
            for action in ("sign-in given", "sign-in changed")
            for one in entries.names_of(name, PERSON)
            for entry in entries.of(action, one)
            if entry.after["email"] == email
        ]
        last = max(said, key=lambda entry: entry.at, default=None)
        if last is None or last.after["role"] != role:
            yield Difference(_none(f"the role {role}"), {"sign-in of": name})


def _locks(book: Book, entries: Entries, seen: Seen) -> Iterator[Difference]:
    """One act may lock several periods: the month, and the weeks and the quarter that end in it."""
    said = entries.moments_of("lock")
    for period, locked_at in sorted(book.locks.items()):
        seen.count("locks")
        if locked_at not in said:
            yield Difference(_none("its lock"), {"period": period})


def _adjustments(book: Book, entries: Entries, seen: Seen) -> Iterator[Difference]:
    """Both ways: the chain does not show that a payee's newest posting is gone."""
    rows = book.snapshot.rows(
        "SELECT l.payee_id, p.name, l.sequence, l.aspect, t.content FROM posted_line l "
        "JOIN component c ON c.id = l.component_id JOIN line_terms t ON t.id = l.terms_id "
        "JOIN person p ON p.id = l.payee_id "
        "WHERE c.key = 'adjustment' AND c.plan_id IS NULL AND c.contest_id IS NULL "
        "ORDER BY l.payee_id, l.sequence"
    )
    said = entries.moments_of("adjust")
    for payee_id, _, sequence, _, content in rows:
        seen.count("adjustments")
        if datetime.fromisoformat(json.loads(content)["at"]) not in said:
            yield Difference(_none("the adjustment"), {"payee": payee_id, "line": sequence})
    posted = {(name, aspect) for _, name, _, aspect, _ in rows}
    for action in ("pay adjusted", "adjustment taken back"):
        for subject, entry in entries.with_subjects(action):
            number = entry.after["number"]
            called = entries.names_of(subject, PERSON)
            if not any((name, f"adjusted-{number}") in posted for name in called):
                told = "the audit has it, the ledger does not"
                yield Difference(told, {"payee": subject, "adjustment": number})


def _none(what: str) -> str:
    return f"the audit has no entry that says so of {what}"


_PUBLISHED = "plan version published"
_CHECKS: tuple[Callable[[Book, Entries, Seen], Iterator[Difference]], ...] = (
    _plan_versions,
    _quotas,
    _exchange_rates,
    _contests,
    _roles,
    _locks,
    _adjustments,
)
