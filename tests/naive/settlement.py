"""From earnings to payouts by hand: holdback, guarantee, draw, recovery, carried balance."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.golden.statement import Row, Statement, day_of
from tests.naive.facts import Books
from tests.naive.model import Naive
from tests.naive.tables import decimals_of, exact, half_up


def naive_payouts(statement: Statement, name: str) -> dict[str, dict[str, int]]:
    """What each pay period earned, held, released, owed, carried and paid, in minor units."""
    model = Naive(statement, name)
    earned: dict[str, int] = defaultdict(int)
    on_deals: dict[tuple[str, str], int] = defaultdict(int)
    for line in model.lines():
        if line.said["yields"] == "money":
            earned[line.period] += line.amount
            if line.deal:
                on_deals[line.period, line.deal] += line.amount
    account = _Account(statement, name)
    return {
        period.key: account.settle(number, period, earned[period.key], on_deals)
        for number, period in enumerate(model.pay_periods(), 1)
    }


class _Account:
    def __init__(self, statement: Statement, name: str) -> None:
        self.statement, self.books = statement, Books(statement, name)
        self.unit = 10 ** decimals_of(statement.versions[0][1]["currency"])
        self.owed = self.carried = self.first_draw = 0
        self.to_come: dict[int, int] = defaultdict(int)
        self.earned_on: dict[str, int] = defaultdict(int)
        self.held_on: dict[str, int] = defaultdict(int)
        self.released_on: dict[str, int] = defaultdict(int)

    def settle(self, number: int, period, earned: int, on_deals) -> dict[str, int]:
        plan = self.books.plan_on(self.books.last_day(period))
        held, released = self._holdback(number, period, plan.get("holdback"), earned, on_deals)
        pay = earned - held + released
        least = self._guarantee(plan, number)
        top_up = max(0, least - pay) if least else 0
        terms = plan.get("draw", {})
        running = self._runs(terms, period)
        advance = self._minor(terms["amount"]) if running else 0
        draw = max(0, advance - pay - top_up) if running else 0
        pay += top_up + draw

        above = max(0, pay - max(advance, least))
        recoverable = terms.get("kind") == "recoverable"
        if running and recoverable and not self.first_draw:
            self.first_draw = number
        recovered = 0
        if recoverable and number >= self.first_draw + terms.get("recover_after", 0):
            recovered = min(self.owed, half_up(above * exact(terms.get("recover_at_most", 1))))
        set_off = min(-self.carried, above - recovered)
        self.owed += (draw if recoverable else 0) - recovered
        self.carried += set_off + min(0, pay)
        return {
            "earned": earned,
            "held": held,
            "released": released,
            "guaranteed": top_up,
            "draw": draw,
            "recovered": recovered,
            "owed": self.owed,
            "carried": self.carried,
            "paid": max(0, pay) - recovered - set_off,
        }

    def _minor(self, amount: Any) -> int:
        return half_up(exact(amount) * self.unit)

    def _guarantee(self, plan, number: int) -> int:
        guarantee = plan.get("guarantee")
        return self._minor(guarantee["amount"]) if self._within(guarantee, number) else 0

    def _within(self, guarantee, number: int) -> bool:
        return guarantee is not None and number <= guarantee["periods"]

    def _runs(self, terms: dict[str, Any], period) -> bool:
        first, until = terms.get("from", "0001-01-01"), terms.get("until", "9999-12-31")
        return bool(terms) and day_of(first) <= period.first_day < day_of(until)

    def _holdback(self, number: int, period, terms, earned: int, on_deals) -> tuple[int, int]:
        if terms is None:
            return 0, self.to_come.pop(number, 0)
        share = Fraction(str(terms["percent"])) / 100
        if "after" in terms["released"]:
            held = half_up(earned * share)
            self.to_come[number + terms["released"]["after"]] = held
            return held, self.to_come.pop(number, 0)
        held = 0
        for (key, deal), amount in on_deals.items():
            if key == period.key:
                self.earned_on[deal] += amount
                now = half_up(self.earned_on[deal] * share)
                held += now - self.held_on[deal]
                self.held_on[deal] = now
        return held, sum(self._released(deal, period) for deal in list(self.held_on))

    def _released(self, deal: str, period) -> int:
        """Of what is held on a deal, the share of its amount that came in by the period's end."""
        rows = self.statement.rows()
        whole = sum((r.amount for r in rows if r.deal == deal), Decimal(0))
        cash = sum((r.amount for r in rows if self._is_cash(r, deal, period)), Decimal(0))
        now = half_up(self.held_on[deal] * min(Fraction(1), Fraction(cash) / Fraction(whole)))
        moved = now - self.released_on[deal]
        self.released_on[deal] = now
        return moved

    def _is_cash(self, row: Row, deal: str, period) -> bool:
        is_its = row.kind == "cash_received" and row.attributes.get("deal") == deal
        return is_its and self.books.calendar.day_of(row.occurred) < period.end_day
