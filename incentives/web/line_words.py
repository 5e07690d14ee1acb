"""What explains a line beyond its slices, as sentences: gate, multiplier, cap, rates, pools."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from incentives.core.words import number, percent
from incentives.core.working import Working
from incentives.operations.line_working import EarnedLine
from incentives.web import formats

_Notes = Mapping[str, Any]


def terms_in_words(line: EarnedLine, currency: str) -> Iterator[str]:
    """What holds for the line and those beside it, in the order in which it is applied."""
    notes = line.working.notes
    yield from _judged(line.working, currency)
    for part in line.working.parts:
        yield " ".join([_given(part, currency), *_judged(part, currency)])
    yield from _pool(line, notes, currency)
    if "floor" in notes:
        earned = formats.amount(int(notes["earned"]), currency)
        yield f"The floor is {_exact(notes['floor'], currency)}, and {earned} was earned."


def _judged(working: Working, currency: str) -> Iterator[str]:
    """What quota, target, gate, tests and multiplier made of a line, or of a part of it."""
    notes = working.notes
    yield from _reached(notes)
    yield from _shares_of_a_target(working)
    if "gate" in notes:
        yield f"Gate: {notes['gate']}."
    if "not_reached" in notes:
        yield f"Not so: {notes['not_reached']}. The tier below pays for it."
    if "multiplier" in notes:
        yield f"Multiplied by {number(Decimal(notes['multiplier']))}."
    if "due_to_date" in notes:
        due, paid = (_exact(notes[name], currency) for name in ("due_to_date", "paid_before"))
        yield f"Due to date {due}, of which {paid} was paid in earlier periods."


def _given(part: Working, currency: str) -> str:
    """2026-01: 100.00 times 2."""
    given, times = _exact(part.notes["given"], currency), Decimal(part.notes["times"])
    return f"{part.notes['span']}: {given}{'' if times == 1 else f' times {number(times)}'}."


def own_words(line: EarnedLine, currency: str) -> Iterator[str]:
    """What holds for this very line."""
    notes = line.working.notes
    if line.is_late:
        yield f"belongs to {line.origin}"
    if line.is_taken_back:
        share = f", {_parts(notes['share_taken_back'])}" if "share_taken_back" in notes else ""
        yield f"taken back of {notes.get('origin', line.origin)}{share}"
    if "left" in notes:
        left = formats.amount(int(notes["left"]), currency)
        yield f"{left} was left of what the period was paid"
    if line.is_floor:
        yield "up to the floor"
    if "exchange" in notes:
        rate = notes["exchange"]
        by = f" by {rate['provider']}" if rate.get("provider") else ""
        yield f"1 {rate['currency']} is {rate['rate']} {currency}{by}, since {rate['since']}"
    for name, what in (("before_budget", "budget"), ("before_cap", "cap")):
        if name in notes:
            yield f"before the {what} {formats.amount(int(notes[name]), currency)}"
    yield from _reached_rows(line)
    for part in line.slices:
        if part.is_flat and part.exact:
            given = formats.exact(Decimal(part.pays["amount"]), currency)
            yield f"{given} once for tier {part.pays['flat_of_tier']}"


def _reached(notes: _Notes) -> Iterator[str]:
    if "reached" not in notes:
        return
    reached = number(Decimal(notes["reached"]))
    if "attainment" not in notes:
        yield f"Reached: {reached}."
        return
    quota, share = number(Decimal(notes["quota"])), percent(Decimal(notes["attainment"]))
    yield f"Reached: {reached} of a quota of {quota}, that is {share}."


def _shares_of_a_target(working: Working) -> Iterator[str]:
    """A share of a target by attainment, or by the score of a scorecard."""
    notes = working.notes
    if "share" in notes:
        target, share = number(Decimal(notes["target"])), percent(Decimal(notes["share"]))
        yield f"That pays {share} of the target of {target}."
    if "score" in notes:
        items = [
            f"{part.pays['name']} {number(round(part.base, 2))} of {part.pays['weight']}"
            for part in working.slices
        ]
        score, target = number(Decimal(notes["score"])), number(Decimal(notes["target"]))
        yield f"Score {score} of 100: {', '.join(items)}. It pays that share of {target}."
    if "missing" in notes:
        names = [working.slices[int(row) - 1].pays["name"] for row in notes["missing"].split()]
        yield f"Not rated yet, so it counts as 0: {', '.join(names)}."


def _pool(line: EarnedLine, notes: _Notes, currency: str) -> Iterator[str]:
    if "team_amount" not in notes:
        return
    whole = formats.amount(int(notes["team_amount"]), currency)
    yield f"The team's amount is {whole}, divided among {notes['members']} people."


def _reached_rows(line: EarnedLine) -> Iterator[str]:
    """Milestones and bonuses that this line pays for."""
    for part in line.slices:
        if "at_least" in part.pays:
            name = part.pays.get("name") or f"at least {_bound(part.pays['at_least'], line)}"
            yield name if part.base > 0 else f"no longer {name}"


def _bound(at_least: str, line: EarnedLine) -> str:
    """A share of quota where there is one, else a number."""
    bound = Decimal(at_least)
    return number(bound) if line.working.quota is None else percent(bound)


def _parts(share: str) -> str:
    taken, _, of = share.partition("/")
    return f"{taken} of {of} parts"


def _exact(text: Any, currency: str) -> str:
    return formats.exact(Decimal(text), currency)
