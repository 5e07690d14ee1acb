"""The ledger is what the facts say: a second reckoning by code of its own (semantics 23)."""

from collections import defaultdict
from collections.abc import Iterator

from incentives.verify.book import Book
from incentives.verify.differences import Difference, Seen
from incentives.verify.reckoning import Reckoned, Reckoning

NAME = "ledger"
WHAT = (
    "What is posted for each deal is what the facts and the plan give, reckoned without the "
    "engine. Components beyond that are named and left to the check engine."
)


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    reckoning = Reckoning(book)
    for payee_id in book.judged:
        posted = _posted(book, payee_id)
        for each in reckoning.of(payee_id):
            yield from _of_component(payee_id, each, posted[each.component.id], seen)


def _of_component(
    payee_id: int, reckoned: Reckoned, posted: dict[tuple[int, str], int], seen: Seen
) -> Iterator[Difference]:
    component, wanted = reckoned.component, reckoned.sums
    name = f"{component.plan} {component.key}"
    if reckoned.why_not is not None:
        seen.leave(f"left to the engine: {name} ({reckoned.why_not})")
        return
    seen.count("amounts", len(wanted))
    seen.count(f"payees of {name}")
    for activity_id, period in sorted(wanted.keys() | posted.keys()):
        has, should = posted.get((activity_id, period), 0), wanted.get((activity_id, period), 0)
        if has != should:
            about = {"activity": activity_id} if activity_id else {}
            yield Difference(
                f"{has} are posted in all, but the facts give {should}",
                {"payee": payee_id, "component": component.id, **about, "period": period},
            )


def _posted(book: Book, payee_id: int) -> dict[int, dict[tuple[int, str], int]]:
    """What the lines about each activity come to, by component."""
    rows = book.snapshot.rows(
        "SELECT component_id, activity_id, origin_period, CAST(sum(amount) AS BIGINT) "
        "FROM posted_line WHERE payee_id = ? GROUP BY component_id, activity_id, origin_period",
        payee_id,
    )
    found: dict[int, dict[tuple[int, str], int]] = defaultdict(dict)
    for component_id, activity_id, origin, amount in rows:
        found[component_id][activity_id, origin] = amount
    return found
