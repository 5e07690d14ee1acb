"""Nothing is posted twice: lines about a subject follow each other, and are numbered on."""

from collections import Counter
from collections.abc import Iterator, Sequence

from incentives.verify.book import Book, Line
from incentives.verify.differences import Difference, Seen

NAME = "once"
WHAT = (
    "Lines about one thing amend each other in one row, none of them twice, and each payee's lines "
    "are numbered 1, 2, 3 as the postings say."
)


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    for payee_id in book.payees:
        for lines in book.subjects(payee_id):
            yield from _of_subject(payee_id, lines, seen)
        yield from _numbered(book, payee_id, seen)


def _of_subject(payee_id: int, lines: Sequence[Line], seen: Seen) -> Iterator[Difference]:
    seen.count("lines", len(lines))
    seen.count("subjects")
    before = 0
    for line in lines:
        if line.amends != before:
            amended = f"line {line.amends}" if line.amends else "nothing"
            instead = f"line {before}, the one before it" if before else "nothing, as the first"
            yield Difference(
                f"amends {amended}, but should amend {instead}",
                {"payee": payee_id, **names_of(line), "line": line.sequence},
            )
        before = line.sequence


def _numbered(book: Book, payee_id: int, seen: Seen) -> Iterator[Difference]:
    postings = book.snapshot.rows(
        "SELECT number, first_sequence, lines FROM posting WHERE payee_id = ? ORDER BY number",
        payee_id,
    )
    sequences = [line.sequence for line in book.lines(payee_id)]
    seen.count("postings", len(postings))
    expected = 1
    for place, (number, first, lines) in enumerate(postings, start=1):
        ids = {"payee": payee_id, "posting": number}
        if number != place:
            yield Difference(f"stands where posting {place} should", ids)
        if first != expected:
            yield Difference(f"begins with line {first}, but should with {expected}", ids)
        if lines < 1:
            yield Difference("has no lines", ids)
        expected = first + lines
    missing = sorted(set(range(1, expected)) - set(sequences))
    if missing:
        yield Difference(f"line {_listed(missing)} is missing", {"payee": payee_id})
    beyond = [each for each in sequences if not 1 <= each < expected]
    if beyond:
        yield Difference(f"line {_listed(beyond)} is in no posting", {"payee": payee_id})
    twice = sorted(each for each, times in Counter(sequences).items() if times > 1)
    if twice:
        yield Difference(f"line {_listed(twice)} is there twice", {"payee": payee_id})


def _listed(numbers: Sequence[int]) -> str:
    told = ", ".join(map(str, numbers[:5]))
    return told if len(numbers) <= 5 else f"{told} and {len(numbers) - 5} more"


def names_of(line: Line) -> dict[str, object]:
    """What a line is about, for a difference."""
    about = {"activity": line.activity_id} if line.activity_id else {}
    return {"component": line.component_id, **about, "period": line.origin, "as": line.aspect}
