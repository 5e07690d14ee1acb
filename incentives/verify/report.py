"""What was checked and found, as a text and as a document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

from incentives.verify.book import Book
from incentives.verify.differences import Check, Difference, Seen

# A ledger that is wrong everywhere is not told line by line.
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found: `told` are the first of the differences, `count` is all of them."""

    check: Check
    seen: Seen
    told: list[Difference]
    count: int
    seconds: float


def run(book: Book, checks: Iterable[Check]) -> Iterator[Found]:
    """The checks one after the other, each as soon as it is through."""
    for check in checks:
        seen, told, count, began = Seen(), [], 0, monotonic()
        for difference in check.differences(book, seen):
            count += 1
            if count <= MOST_TOLD:
                told.append(difference)
        yield Found(check, seen, told, count, monotonic() - began)


def as_text(found: Found) -> str:
    verdict = "ok" if not found.count else _counted(found.count, "difference")
    looked_at = ", ".join(f"{count:,} {what}" for what, count in found.seen.rows.items())
    lines = [f"{found.check.name:<9} {verdict:<14} {looked_at or 'nothing to look at'}"]
    lines += [f"          - {count:,} {why}" for why, count in found.seen.unjudged.items()]
    lines += [f"          ! {difference}" for difference in found.told]
    if found.count > len(found.told):
        lines.append(f"          ! and {found.count - len(found.told):,} more")
    return "\n".join(lines)


def waiting_text(book: Book) -> list[str]:
    """Who is left out, in sentences."""
    lines = []
    if book.behind and not book.settled:
        who = _listed(sorted(book.behind))
        lines.append(f"Still being calculated, so not held against the facts: payee {who}.")
    if book.just_due:
        who = _listed(sorted(book.just_due))
        lines.append(
            f"What was dated ahead has just come due, so it is not counted yet: payee {who}."
        )
    return lines


def as_document(book: Book, everything: Iterable[Found]) -> dict[str, Any]:
    checks = [_document(found) for found in everything]
    return {
        "at": book.now.isoformat(),
        "differences": sum(check["differences_in_all"] for check in checks),
        "still_being_calculated": sorted(book.behind),
        "just_due": sorted(book.just_due),
        "checks": checks,
    }


def _document(found: Found) -> dict[str, Any]:
    return {
        "name": found.check.name,
        "what": found.check.what,
        "seconds": f"{found.seconds:.3f}",
        "checked": dict(found.seen.rows),
        "not_judged": dict(found.seen.unjudged),
        "differences_in_all": found.count,
        "differences": [{"said": each.said, "ids": dict(each.ids)} for each in found.told],
    }


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _listed(ids: list[int]) -> str:
    told = ", ".join(map(str, ids[:10]))
    return told if len(ids) <= 10 else f"{told} and {len(ids) - 10:,} more"
