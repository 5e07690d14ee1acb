"""Money is whole numbers everywhere, and what a contest gives away is what it promised."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from incentives.verify.book import Book
from incentives.verify.differences import Difference, Seen

NAME = "money"
WHAT = (
    "No column holds a number with a floating point, each contest has one final result, and the "
    "prizes of the places that are taken are posted to the cent."
)

_INEXACT = ("real", "floa", "doub", "numeric", "decimal", "money")
# Whole numbers by their declaration; SQLite would take a fraction all the same.
_WHOLE = {
    "posted_line": ("amount",),
    "activity": ("amount", "quantity"),
    "credit": ("amount", "quantity", "percent"),
    "day_result": ("value",),
    "quota": ("amount",),
    "team_quota": ("amount",),
    "exchange_rate": ("rate",),
    "contest_prize": ("amount_minor",),
}


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    yield from _columns(book, seen)
    yield from _contents(book, seen)
    yield from _contests(book, seen)


def _columns(book: Book, seen: Seen) -> Iterator[Difference]:
    for table, column, kind in book.snapshot.columns():
        seen.count("columns")
        if any(kind.startswith(inexact) for inexact in _INEXACT):
            yield Difference(f"is a column of kind {kind}", {"column": f"{table}.{column}"})


def _contents(book: Book, seen: Seen) -> Iterator[Difference]:
    if book.snapshot.is_postgres:
        return
    for table, columns in _WHOLE.items():
        for column in columns:
            rows = book.snapshot.rows(
                f"SELECT count(*), coalesce(sum(typeof({column}) NOT IN ('integer', 'null')), 0) "  # noqa: S608
                f"FROM {table}"
            )
            count, inexact = rows[0]
            seen.count("amounts looked at", count)
            if inexact:
                said = f"{inexact} of {count} are no whole numbers"
                yield Difference(said, {"column": f"{table}.{column}"})


def _contests(book: Book, seen: Seen) -> Iterator[Difference]:
    contests = book.snapshot.rows("SELECT id, slug, reserve, kpi FROM contest ORDER BY id")
    for contest_id, slug, reserve, _ in contests:
        seen.count("contests")
        ids = {"contest": slug}
        results = book.snapshot.rows(
            "SELECT version, state, standings FROM contest_result WHERE contest_id = ? "
            "ORDER BY version",
            contest_id,
        )
        if [version for version, *_ in results] != list(range(1, len(results) + 1)):
            yield Difference("its results are not numbered 1, 2, 3", ids)
        last_words = [state in ("final", "cancelled") for _, state, _ in results]
        if any(last_words[:-1]):
            yield Difference("a result was declared after the last word", ids)
        prizes: dict[int, int] = dict(
            book.snapshot.rows(
                "SELECT place, amount_minor FROM contest_prize WHERE contest_id = ?", contest_id
            )
        )
        standings = json.loads(results[-1][2]) if results else []
        if standings:
            for said in _wrong(standings, prizes, Fraction(reserve or 0, 10**6)):
                yield Difference(said, ids)
        yield from _posted(book, contest_id, standings, ids)


def _wrong(
    standings: Sequence[Mapping[str, Any]], prizes: Mapping[int, int], reserve: Fraction
) -> Iterator[str]:
    """Places that do not follow from the scores, and prizes that are not those of the places."""
    groups: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in standings:
        if row["place"] is not None:
            groups[row["place"]].append(row)
    expected = 1
    for place, group in sorted(groups.items()):
        if place != expected:
            yield f"place {place} is given where place {expected} is free"
        if len({Fraction(row["score"]) for row in group}) > 1:
            yield f"place {place} is shared by different scores"
        expected = place + len(group)
        score = Fraction(group[0]["score"])
        is_won = score > 0 and score >= reserve
        pool = sum(prizes.get(place + more, 0) for more in range(len(group))) if is_won else 0
        parts = [row["prize_minor"] for row in group]
        if sum(parts) != pool or (parts and max(parts) - min(parts) > 1):
            yield f"place {place} wins {pool} in all, but {sum(parts)} are given"


def _posted(
    book: Book, contest_id: int, standings: Sequence[Mapping[str, Any]], ids: Mapping[str, Any]
) -> Iterator[Difference]:
    rows = book.snapshot.rows(
        "SELECT l.payee_id, CAST(sum(l.amount) AS BIGINT) FROM posted_line l "
        "JOIN component c ON c.id = l.component_id WHERE c.contest_id = ? GROUP BY l.payee_id",
        contest_id,
    )
    posted = {payee_id: amount for payee_id, amount in rows if amount}
    won = {row["entrant_id"]: row["prize_minor"] for row in standings if row["prize_minor"]}
    for payee_id in sorted(posted.keys() | won.keys()):
        has, should = posted.get(payee_id, 0), won.get(payee_id, 0)
        if has != should:
            said = f"{has} are posted as a prize, but the newest result gives {should}"
            yield Difference(said, {**ids, "payee": payee_id})
