"""Lines explain themselves: each is added up again from its own working (semantics 7 and 25)."""

from collections.abc import Iterator
from functools import lru_cache

from incentives.verify.book import Book, Component, Line
from incentives.verify.checks.once import names_of
from incentives.verify.differences import Difference, Seen
from incentives.verify.line_sums import TermsSum, Untold

NAME = "working"
WHAT = "The slices of each line times their rates, rounded once, are what is posted."


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    sums = lru_cache(maxsize=20_000)(lambda terms_id: _terms_sum(book, terms_id))
    for payee_id in book.payees:
        for lines in book.subjects(payee_id):
            posted = 0
            for line in lines:
                # Each line explains what all so far come to.
                posted += line.amount
                ids = {"payee": payee_id, **names_of(line), "line": line.sequence}
                said = _difference(line, posted, sums(line.terms_id), seen)
                if said:
                    yield Difference(said, ids)


def _terms_sum(book: Book, terms_id: int) -> TermsSum | None:
    terms = book.terms(terms_id)
    if terms is None or terms.component_id not in book.components:
        return None
    component: Component = book.components[terms.component_id]
    return TermsSum(terms, component, book.documents.get(terms.plan_version_id or 0))


def _difference(line: Line, posted: int, terms: TermsSum | None, seen: Seen) -> str | None:
    """What is wrong with a line, as a sentence."""
    if line.steps is None:
        seen.count("withdrawals")
        return None if posted == 0 else f"withdraws, but {posted} are left"
    if terms is None:
        return f"names terms {line.terms_id}, which are not there"
    try:
        reckoned = terms.amount(line.steps, line.aspect)
    except Untold as why:
        seen.leave(f"lines not re-added: {why}")
        return None
    except (ArithmeticError, KeyError, LookupError, TypeError, ValueError) as error:
        return f"has a working that cannot be read: {error!r}"
    seen.count("lines re-added")
    notes = dict(note.split("=", 1) for note in line.steps.split(";")[1:])
    stated = int(notes.get("before_budget", notes.get("before_cap", posted)))
    if abs(reckoned - stated) > (1 if terms.is_cut else 0):
        before = " before budget and cap" if stated != posted else ""
        return f"{stated} are posted{before}, but its working comes to {reckoned}"
    if notes and not _is_cut_down(int(notes.get("before_cap", stated)), posted):
        return f"{posted} are posted, which is no part of {stated} before budget and cap"
    return None


def _is_cut_down(before: int, after: int) -> bool:
    """A cap takes off what lies beyond it, and nothing that goes back comes back beyond it."""
    return min(0, before) <= after <= max(0, before)
