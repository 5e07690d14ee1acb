"""What checks give: differences, and how much they looked at."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from incentives.verify.book import Book


@dataclass(frozen=True, slots=True)
class Difference:
    """`ids` name the row, outermost first: {"payee": 3, "line": 17}; `said` is a sentence."""

    said: str
    ids: Mapping[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.ids.items())

    def __str__(self) -> str:
        return f"{self.where}: {self.said}" if self.ids else self.said


class Seen:
    """How many rows a check has looked at, by what they are, and what it could not judge."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        self.unjudged: Counter[str] = Counter()

    def count(self, what: str, number: int = 1) -> None:
        self.rows[what] += number

    def leave(self, why: str, number: int = 1) -> None:
        """Rows that this check cannot judge: never skipped without a word."""
        self.unjudged[why] += number


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    what: str
    differences: "Callable[[Book, Seen], Iterator[Difference]]"
