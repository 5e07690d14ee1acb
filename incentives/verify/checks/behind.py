"""Everybody is up to date, where that is asked for."""

from collections.abc import Iterator

from incentives.verify.book import Book
from incentives.verify.differences import Difference, Seen

NAME = "behind"
WHAT = "Nobody is still being calculated or could not be, where it is asked for by --settled."


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.rows(
        "SELECT payee_id, wanted, computed, problem FROM marker ORDER BY payee_id"
    )
    for payee_id, wanted, computed, problem in rows:
        seen.count("markers")
        if computed > wanted:
            said = f"more changes are worked in than there were: {computed} of {wanted}"
            yield Difference(said, {"payee": payee_id})
        if computed < wanted and book.settled:
            why = f": {problem}" if problem else ""
            yield Difference(f"is not calculated yet{why}", {"payee": payee_id})
