"""Recognising products under the names that other systems give them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from incentives.ingest.columns import folded

# How a name was recognised.
SPELLING, ALIAS = "spelling", "alias"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A product written in another way than the catalogue does, and in how many rows."""

    written: str
    product: str
    by: str
    rows: int


@dataclass
class Catalogue:
    """The products of a company. Counts what it recognises, so that a report can say it."""

    names: Iterable[str]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = frozenset(self.names)
        self._by_alias = {alias.casefold(): name for alias, name in self.aliases.items()}
        self._by_spelling: dict[str, str | None] = {}
        for name in self.names:
            # Two products that differ in spelling alone are recognised by their exact names only.
            key = folded(name)
            self._by_spelling[key] = None if key in self._by_spelling else name
        self._rows: dict[tuple[str, str, str], int] = {}

    @property
    def is_empty(self) -> bool:
        return not self.names

    def find(self, written: str, *, rows: int = 1) -> str | None:
        """The catalogue's name of a product, or None if it is not in the catalogue."""
        if written in self.names:
            return written
        by, product = ALIAS, self._by_alias.get(written.casefold())
        if product is None:
            by, product = SPELLING, self._by_spelling.get(folded(written))
        if product is not None:
            key = written, product, by
            self._rows[key] = self._rows.get(key, 0) + rows
        return product

    def recognised(self) -> tuple[Recognised, ...]:
        return tuple(
            Recognised(written, product, by, rows)
            for (written, product, by), rows in sorted(self._rows.items())
        )
