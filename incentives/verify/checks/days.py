"""Day results, from which every board is summed: reckoned anew from the facts (semantics 26)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from incentives.verify.book import Book
from incentives.verify.differences import Difference, Seen
from incentives.verify.exactly import whole
from incentives.verify.facts import MEASURES, Fact, Rates, facts_of, in_currency

NAME = "days"
WHAT = (
    "The stored result of each payee, measure and day is the sum of the facts of that day, and so "
    "is the moment at which it last grew."
)

# Measure and day, as ISO text.
_Key = tuple[str, str]


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    rates = Rates(book)
    for payee_id in book.judged:
        stored = _stored(book, payee_id)
        wanted = _wanted(book, payee_id, rates)
        seen.count("day results", len(stored))
        seen.count("payees")
        for key in sorted(stored.keys() | wanted.keys()):
            has, should = stored.get(key, (0, 0)), wanted.get(key, (0, 0))
            ids = {"payee": payee_id, "measure": key[0], "day": key[1]}
            if has[0] != should[0]:
                said = f"{has[0]} millionths are stored, but the facts give {should[0]}"
                yield Difference(said, ids)
            elif has[1] != should[1]:
                said = f"it last grew at {has[1]} as stored, but at {should[1]} by the facts"
                yield Difference(f"{said} (microseconds since 1970)", ids)


def _stored(book: Book, payee_id: int) -> dict[_Key, tuple[int, int]]:
    rows = book.snapshot.rows(
        "SELECT measure, CAST(day AS VARCHAR(10)), value, raised_at FROM day_result "
        "WHERE payee_id = ?",
        payee_id,
    )
    return {(measure, day): (value, raised_at) for measure, day, value, raised_at in rows}


def _wanted(book: Book, payee_id: int, rates: Rates) -> dict[_Key, tuple[int, int]]:
    """In millionths, each sum rounded once. Overlays are left out of what the company counts."""
    all_facts = facts_of(book, payee_id)
    own = [fact for fact in all_facts if not fact.overlay]
    totals: dict[_Key, Fraction] = defaultdict(Fraction)
    grew: dict[_Key, int] = defaultdict(int)
    for fact in in_currency(own, book.company["currency"], rates):
        day = fact.day.isoformat()
        for measure in MEASURES:
            value = fact.measured(measure)
            if value is not None:
                key = measure, day
                totals[key] += value
                if value > 0:
                    grew[key] = max(grew[key], fact.moment)
    _add_points(book, payee_id, all_facts, totals, grew)
    return {key: (whole(total * 10**6), grew[key]) for key, total in totals.items()}


def _add_points(
    book: Book,
    payee_id: int,
    facts: list[Fact],
    totals: dict[_Key, Fraction],
    grew: dict[_Key, int],
) -> None:
    """Points are what is posted; those for a whole period are reached when its last day begins."""
    moments = {fact.activity_id: fact.moment for fact in facts}
    for lines in book.subjects(payee_id):
        last = lines[-1]
        component = book.components.get(last.component_id)
        if component is None or component.yields != "points" or last.steps is None:
            continue
        amount, key = sum(line.amount for line in lines), ("points", last.day)
        totals[key] += amount
        if amount > 0:
            day = date.fromisoformat(last.day)
            moment = moments.get(last.activity_id) or book.days.start_of(day)
            grew[key] = max(grew[key], moment)
