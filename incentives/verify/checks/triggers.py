"""The database itself keeps what is posted: triggers and unique keys, tried and not only read."""

from collections.abc import Iterator

from incentives.store.snapshot import refusal_of
from incentives.verify.book import Book
from incentives.verify.differences import Difference, Seen

NAME = "triggers"
WHAT = (
    "The database refuses to change, delete or replace what is posted, and keeps two of the same "
    "from being stored. Each is tried and undone."
)

# By these words a trigger of ours refuses. What only a reference refuses, such as deleting a lock
# with statements, may be done another way.
_OURS = ("never changed", "closed to everyone")

# A table that only grows, with a column by which one row of it is found.
_APPEND_ONLY = {
    "posted_line": "payee_id",
    "posting": "payee_id",
    "line_terms": "id",
    "period_lock": "period",
    "locked_statement": "payee_id",
}
_UNIQUE = {
    "activity": {"source", "external_id"},
    "activity_revision": {"activity_id", "revision"},
    "credit": {
        "payee_id",
        "occurred_micros",
        "received_micros",
        "source",
        "external_id",
        "overlay",
    },
    "posting": {"payee_id", "number"},
    "posted_line": {
        "payee_id",
        "component_id",
        "activity_id",
        "origin_period",
        "aspect",
        "amends",
    },
    "line_terms": {"hash"},
    "plan_version": {"plan_id", "number"},
    "contest_result": {"contest_id", "version"},
    "day_result": {"payee_id", "measure", "day"},
    "period_lock": {"period"},
    "locked_statement": {"payee_id", "period"},
}


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    triggers = book.snapshot.triggers()
    for table, column in _APPEND_ONLY.items():
        if table in book.tables:
            seen.count("tables that only grow")
            if not triggers.get(table):
                yield Difference("has no trigger that is switched on", {"table": table})
            yield from _tried(book, table, column, seen)
    for table, columns in _UNIQUE.items():
        if table in book.tables:
            seen.count("unique keys")
            if columns not in book.snapshot.unique_keys(table):
                named = ", ".join(sorted(columns))
                yield Difference(f"has no unique key of {named}", {"table": table})


def _tried(book: Book, table: str, column: str, seen: Seen) -> Iterator[Difference]:
    """On one row, in a transaction that is undone."""
    if not book.snapshot.rows(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608  ours
        seen.leave("empty tables, where nothing can be tried")
        return
    one = f"WHERE {column} = (SELECT min({column}) FROM {table})"  # noqa: S608  ours
    tries = {
        "changed": f"UPDATE {table} SET {column} = {column} {one}",  # noqa: S608
        "deleted": f"DELETE FROM {table} {one}",  # noqa: S608
    }
    if not book.snapshot.is_postgres:
        tries["replaced"] = f"REPLACE INTO {table} SELECT * FROM {table} {one}"  # noqa: S608
    for verb, statement in tries.items():
        seen.count("tries")
        refusal = refusal_of(statement) or ""
        if not any(words in refusal for words in _OURS):
            yield Difference(f"a row could be {verb}", {"table": table})
