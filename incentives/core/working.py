"""The working of a line: the numbers that explain it, kept short and read back whole.

`steps` is text: slices "row:base" joined by commas, then notes ";name=value". A row is a number
into the table that paid, from 1; a base is a whole number over the scale of the terms.
"2:500000,3:120000;uncapped=9100" over 100 is 5,000.00 at the second rate and 1,200.00 at the third,
cut down by a cap from 91.00.

A line that pays for several spans, such as a week that lies in two months, has `parts` among its
notes: each with the number of rows that are its own, in their order, and the notes that are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from incentives.core.words import plain

ROWS, SCALE, PARTS = "rows", "scale", "parts"


@dataclass(frozen=True, slots=True)
class Slice:
    """`base` units at what row number `row` of the table says: a rate, or an amount for each."""

    row: int
    base: Fraction
    pays: Mapping[str, str]

    @property
    def rate(self) -> Decimal | None:
        return Decimal(self.pays["rate"]) if "rate" in self.pays else None

    @property
    def each(self) -> Decimal | None:
        return Decimal(self.pays["amount"]) if "amount" in self.pays else None

    @property
    def is_flat(self) -> bool:
        """Whether it is the part of a tier that is paid once, however much lies in the tier."""
        return "flat_of_tier" in self.pays

    @property
    def is_measured(self) -> bool:
        """Whether `base` is of what was measured, and no count of results that were reached."""
        pays_for_it = self.rate is not None or self.each is not None
        return pays_for_it and not self.is_flat and "at_least" not in self.pays

    @property
    def exact(self) -> Fraction | None:
        """What the slice gives before rounding, where a rate or an amount for each says so."""
        per_unit = self.rate if self.rate is not None else self.each
        return None if per_unit is None else self.base * Fraction(per_unit)


@dataclass(frozen=True, slots=True)
class Working:
    """A line explained. `notes` are the other numbers behind it, as texts by name; `parts` explain
    one span each, where the line pays for several."""

    slices: Sequence[Slice] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    parts: Sequence["Working"] = ()

    @property
    def base(self) -> Fraction:
        """What was paid on."""
        return sum((part.base for part in self.slices), Fraction(0))

    @property
    def latest(self) -> Mapping[str, Any]:
        """The notes that say where the payee stood at the end: of several spans, the last."""
        return self.parts[-1].notes if self.parts else self.notes

    @property
    def quota(self) -> Decimal | None:
        return Decimal(self.latest["quota"]) if "quota" in self.latest else None

    @property
    def reached(self) -> Fraction | None:
        return Fraction(self.latest["reached"]) if "reached" in self.latest else None

    @property
    def exact(self) -> Fraction | None:
        """What the slices give together before multiplier, cap and rounding."""
        parts = [part.exact for part in self.slices]
        if not parts or None in parts:
            return None
        return sum((part for part in parts if part is not None), Fraction(0))

    def as_texts(self) -> dict[str, Any]:
        """The whole working as plain texts, for people and files."""
        slices = [
            {"row": str(part.row), "base": plain(part.base), **part.pays} for part in self.slices
        ]
        parts = {PARTS: [part.as_texts() for part in self.parts]} if self.parts else {}
        return {**self.notes, **parts, "slices": slices}


def write_steps(slices: Sequence[tuple[int, int]], notes: Mapping[str, str] | None = None) -> str:
    """Slices, with bases as whole numbers over the scale of the terms, and notes of one line."""
    text = ",".join(f"{row}:{base}" for row, base in slices)
    return text + "".join(f";{name}={value}" for name, value in (notes or {}).items())


def read_working(terms: Mapping[str, Any], steps: str) -> Working:
    """What a line's terms and steps say together."""
    slices, *notes = steps.split(";")
    rows, scale = terms.get(ROWS, ()), int(terms.get(SCALE, 1))
    pairs = [piece.split(":") for piece in slices.split(",") if piece]
    found = [
        Slice(int(row), Fraction(int(base), scale), rows[int(row) - 1] if rows else {})
        for row, base in pairs
    ]
    said = {name: value for name, value in terms.items() if name not in (ROWS, SCALE)}
    said |= dict(note.split("=", 1) for note in notes)
    parts = list(_parts(found, terms.get(PARTS, ())))
    return Working([part for each in parts for part in each.slices] or found, said, parts)


def _parts(slices: Sequence[Slice], told: Sequence[Mapping[str, Any]]) -> Iterator[Working]:
    """Each part with its own slices; a row is a number into its own part of the table."""
    above = 0
    for part in told:
        rows = range(above + 1, above + int(part[ROWS]) + 1)
        own = [replace(each, row=each.row - above) for each in slices if each.row in rows]
        yield Working(own, {name: value for name, value in part.items() if name != ROWS})
        above = rows[-1] if rows else above
