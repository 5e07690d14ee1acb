"""What slices give by the rows of their table and the notes beside them, unrounded."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from incentives.verify.exactly import height

# (row, base): a row is a number into the table, from 1.
Slices = Sequence[tuple[int, Fraction]]


def slices_of(steps: str, scale: int) -> list[tuple[int, Fraction]]:
    """Steps such as "2:500000,3:120000", of which the bases are over a scale."""
    pairs = (piece.split(":") for piece in steps.split(",") if piece)
    return [(int(row), Fraction(int(base), scale)) for row, base in pairs]


def pays(row: Mapping[str, str]) -> str:
    return row["rate"] if "rate" in row else row["amount"]


def due(
    slices: Slices, rows: Sequence[Mapping[str, str]], said: Mapping[str, Any], rule: dict[str, Any]
) -> Fraction:
    """In units of the yield, before gate and multiplier, less what was paid before."""
    return _given(slices, rows, said, rule) - Fraction(said.get("paid_before", 0))


def due_in_parts(
    slices: Slices,
    rows: Sequence[Mapping[str, str]],
    parts: Iterable[Mapping[str, Any]],
    rule: dict[str, Any],
) -> Fraction:
    """The same of several spans, each with rows of its own and what gate and multiplier leave."""
    found, above = Fraction(0), 0
    for part in parts:
        below = above + int(part["rows"])
        own = [(row - above, base) for row, base in slices if above < row <= below]
        found += due(own, rows[above:below], part, rule) * Fraction(part["times"])
        above = below
    return found


def _given(
    slices: Slices, rows: Sequence[Mapping[str, str]], said: Mapping[str, Any], rule: dict[str, Any]
) -> Fraction:
    match rule.get("kind"):
        case "interpolated_amount":
            curve = [(Fraction(row["at"]), Fraction(row["gives"])) for row in rows]
            return height(curve, slices[0][1]) if slices else Fraction(0)
        case "payout_curve":
            return slices[0][1] * _share_of_target(rows, said, rule) if slices else Fraction(0)
        case "scorecard":
            return Fraction(said["target"]) * _score(slices, rule) / 100
    return sum((base * Fraction(pays(rows[row - 1])) for row, base in slices), Fraction(0))


def _share_of_target(
    rows: Sequence[Mapping[str, str]], said: Mapping[str, Any], rule: dict[str, Any]
) -> Fraction:
    curve = [(Fraction(row["at"]), Fraction(row["pays"])) for row in rows]
    at = Fraction(said["reached"]) / Fraction(said["quota"])
    share = height(curve, at)
    if at > curve[-1][0]:
        share += Fraction(rule.get("slope_above", 0)) * (at - curve[-1][0])
    most = rule.get("most")
    return share if most is None else min(share, Fraction(most))


def _score(slices: Slices, rule: dict[str, Any]) -> Fraction:
    score = sum((points for _, points in slices), Fraction(0))
    least, most = rule.get("least"), rule.get("most")
    if least is not None and score < Fraction(least):
        return Fraction(0)
    return score if most is None else min(score, Fraction(most))
