"""Worked examples of pay: what happened, and what everybody has for it, line by line.

An example has the form of a golden statement (tests/golden/statement.py), so the engine and the
naive model both work it. Beside `expected` it may say how pay periods are settled:

    paid        name: texts such as "2026-03 earned 1500.00 draw 500.00 payout 2000.00"

An activity of the kind cash_received names its `deal`. Days may be left out of `as_of`: then it is
the last day of the pay period of the last activity.
"""

from collections import Counter, defaultdict
from decimal import Decimal

from incentives.core.activity import CASH
from incentives.core.calculate import calculate
from incentives.core.cash import Cash, CashBook
from incentives.core.money import to_minor
from incentives.core.pay_periods import Posted, pay_periods
from incentives.core.results import MONEY, NO_ACTIVITY
from incentives.core.settlement import settle
from tests.core.test_golden import MODELS, expected_issues, expected_lines, first_difference
from tests.golden.statement import Statement, case_of, exact_yaml


class Example:
    """A statement with the cash that came in."""

    def __init__(self, name, document):
        told = document.get("activities", [])
        self.cash = [each for each in told if each.get("kind") == CASH]
        deals = [each for each in told if each.get("kind") != CASH]
        self.statement = Statement(name, {**document, "activities": deals})
        if "as_of" not in document:
            self.statement.document["as_of"] = self._end_of_the_last_pay_period(deals)

    def _end_of_the_last_pay_period(self, deals):
        calendar = self.statement.calendar
        last = max(
            self.statement.instant(deal.get("reversed", deal["on"]))
            for deal in [*deals, *self.cash]
        )
        pays = self.statement.versions[0][1].get("pays", "month")
        return calendar.period_of(calendar.day_of(last), pays).last_day.isoformat()

    def check(self):
        """Both models give the lines and issues that are told, and what is paid follows."""
        expected = self.statement.get("expected")
        assert expected, "an example says what is expected"
        for name in self.statement.people:
            assert name in expected, f"say what is expected of {name}"
            self._check_lines(name)
        for name, rows in self.statement.get("paid", {}).items():
            self._check_paid(name, rows)

    def _check_lines(self, name):
        for model, lines_of in MODELS.items():
            found, issues = lines_of(self.statement, name)
            wanted = expected_lines(self.statement, name)
            difference = first_difference(self.statement, name, found, wanted)
            assert not difference, f"{model}: {difference}"
            assert issues == expected_issues(self.statement, name), model

    def _check_paid(self, name, rows):
        currency = self.statement.versions[-1][1]["currency"]
        settled = {row.period: row for row in self._settled(name, currency)}
        for text in rows:
            period, *said = text.split()
            for amount_name, amount in zip(said[::2], said[1::2], strict=True):
                found = getattr(settled[period], amount_name)
                # Of a balance, what stands at the end.
                found = getattr(found, "closing", found)
                assert found == to_minor(Decimal(amount), currency), f"{text}: {amount_name}"

    def _settled(self, name, currency):
        case = case_of(self.statement, name)
        earned, on_deals = Counter(), defaultdict(Counter)
        for line in calculate(case).lines:
            if line.yields != MONEY:
                continue
            earned[line.period] += line.amount
            if line.activity_id != NO_ACTIVITY:
                on_deals[line.period][line.activity_id] += line.amount
        periods = pay_periods(
            case.agreements,
            Posted(earned, on_deals, self._cash_on_deals(currency)),
            calendar=case.calendar,
            as_of=case.as_of,
        )
        return settle(periods, currency)

    def _cash_on_deals(self, currency):
        statement = self.statement
        book = CashBook(
            statement.calendar, statement.versions[0][1].get("pays", "month"), statement.locks
        )
        return {
            row.number: book.of_deal(row.amount, row.currency, self._cash_on(row, currency))
            for row in statement.rows()
        }

    def _cash_on(self, row, currency):
        for each in self.cash:
            if each["deal"] == row.deal:
                at = self.statement.instant(each["on"])
                yield Cash((row.source, row.deal), Decimal(each["amount"]), currency, at, at)


def example(name, text, **more):
    """The example that a text tells; `more` is what the document around it adds."""
    return Example(name, {**exact_yaml(text), **more})
