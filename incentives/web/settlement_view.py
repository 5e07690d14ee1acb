"""From earned to paid on a statement: what was held, advanced, recovered and carried, and why."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from incentives.core.pay_terms import RECOVERABLE, WITH_CASH
from incentives.core.settlement import Settlement, side_by_side
from incentives.operations.accounts import Settled
from incentives.operations.read_statement import Statement
from incentives.web import formats


def settlement_view(statement: Statement) -> dict[str, Any]:
    """The rows between the lines and the payable sum, and a card for each balance that stands."""
    own = statement.company.currency
    # Which account it is has to be said only where there are several that say something.
    named = len([each for each in statement.settled if parts(each.settlement)]) > 1
    settled = [(each, _whose(each, own) if named else "") for each in statement.settled]
    return {
        "rows": [row for each, whose in settled for row in _rows(each, whose)],
        "balances": [card for each, whose in settled for card in _balances(each, whose)],
        "terms": list(dict.fromkeys(term for each, _ in settled for term in each.account.terms)),
    }


def own_settlement(statement: Statement) -> Settlement:
    """All that is settled in the company's currency, as one."""
    own = statement.company.currency
    return side_by_side(
        statement.period.key,
        [each.settlement for each in statement.settled if each.account.currency == own],
    )


_LABELS = {
    "held_back": "Held back",
    "released": "Released",
    "guaranteed": "Guarantee",
    "draw": "Draw",
    "recovered": "Draw recovered",
    "carried": "Carried balance",
}


def parts(settlement: Settlement) -> list[tuple[str, int]]:
    """What comes to and goes off the earnings, by label, where it is not 0."""
    return [(_LABELS[name], amount) for name, amount in settlement.moves.items() if amount]


def _whose(settled: Settled, own: str) -> str:
    """Which account it is."""
    name = settled.account.plan or "prizes"
    currency = settled.account.currency
    return f", {name}" if currency == own else f", {name}, {currency}"


def _rows(settled: Settled, whose: str) -> Iterator[dict[str, str]]:
    settlement, currency = settled.settlement, settled.account.currency
    moves = parts(settlement)
    if moves:
        yield {
            "name": f"Earned{whose}",
            "note": "",
            "amount_text": formats.amount(settlement.earned, currency),
        }
    notes = _notes(settlement, currency)
    for name, amount in moves:
        yield {
            "name": f"{name}{whose}",
            "note": notes[name],
            "amount_text": formats.amount(amount, currency),
        }


def _notes(settlement: Settlement, currency: str) -> dict[str, str]:
    def said(amount: int) -> str:
        return formats.amount(amount, currency)

    return {
        "Held back": _held_back(settlement, currency),
        "Released": f"Of what was held back before. Still on hold: "
        f"{said(settlement.on_hold.closing)}.",
        "Guarantee": _guarantee(settlement, currency),
        "Draw": _draw(settlement, currency),
        "Draw recovered": _recovered(settlement, currency),
        "Carried balance": f"Carried before: {said(settlement.carried.opening)}, "
        f"now: {said(settlement.carried.closing)}. A payout is never negative.",
    }


def _held_back(settlement: Settlement, currency: str) -> str:
    if settlement.held_back < 0:
        return "What was taken back had been held back in part."
    working = settlement.working
    if "held_percent" not in working:
        return ""
    percent = formats.percent(Decimal(working["held_percent"]) / 100, 0)
    after = working["released_after"]
    if after == WITH_CASH:
        return f"{percent} of each deal, until its cash comes in."
    later = "1 pay period" if after == 1 else f"{after} pay periods"
    return f"{percent} of {formats.amount(settlement.earned, currency)}, released {later} later."


def _guarantee(settlement: Settlement, currency: str) -> str:
    working = settlement.working
    if "least" not in working:
        return ""
    least = formats.amount(working["least"], currency)
    place = f"pay period {working['pay_period']} of {working['of_pay_periods']}"
    return f"Pay is at least {least} in {place}. It is yours to keep."


def _draw(settlement: Settlement, currency: str) -> str:
    working = settlement.working
    if "draw" not in working:
        return ""
    fills = f"Fills up to {formats.amount(working['draw'], currency)}."
    if working["draw_kind"] != RECOVERABLE:
        return f"{fills} It is not paid back."
    return f"{fills} Owed: {formats.amount(settlement.owed.closing, currency)}."


def _recovered(settlement: Settlement, currency: str) -> str:
    working = settlement.working
    owed = f"Owed before: {formats.amount(settlement.owed.opening, currency)}."
    if "surplus" not in working:
        return owed
    surplus = formats.amount(working["surplus"], currency)
    if "draw" not in working:
        return f"To recover from: {surplus}. {owed}"
    return f"Above the {formats.amount(working['draw'], currency)} draw: {surplus}. {owed}"


def _balances(settled: Settled, whose: str) -> Iterator[dict[str, Any]]:
    settlement, currency = settled.settlement, settled.account.currency
    cards = [
        (
            "Draw balance",
            settlement.owed,
            [
                ("Draw", settlement.owed.movement + settlement.recovered),
                ("Recovered", -settlement.recovered),
            ],
        ),
        (
            "On hold",
            settlement.on_hold,
            [("Held back", settlement.held_back), ("Released", -settlement.released)],
        ),
        ("Carried balance", settlement.carried, [("This month", settlement.carried.movement)]),
    ]
    for title, balance, moves in cards:
        if balance.opening or any(amount for _, amount in moves):
            yield {
                "title": f"{title}{whose}",
                "rows": [
                    ("Opening", formats.amount(balance.opening, currency)),
                    *((name, formats.amount(amount, currency)) for name, amount in moves if amount),
                ],
                "total": ("Closing", formats.amount(balance.closing, currency)),
            }
