"""Every golden statement, by the naive model and by the engine, comes out as worked by hand."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from incentives.core.calculate import calculate
from incentives.core.cash import DealCash, Receipt
from incentives.core.money import to_minor
from incentives.core.pay_periods import Posted, pay_periods
from incentives.core.settlement import settle
from tests.golden.statement import Statement, all_statements, case_of
from tests.naive.model import naive_lines
from tests.naive.settlement import naive_payouts

ASPECTS = {"taken back": "taken_back", "floor": "floor"}


def expected_lines(statement: Statement, name: str) -> dict:
    """Lines such as "2026-01 commission D1 taken back -10.00", those of 0 left out."""
    lines = {}
    for text in statement.get("expected", {}).get(name, []):
        period, component, *middle, amount = text.split()
        said = " ".join(middle)
        aspect = next((a for a in ASPECTS if said.endswith(a)), "")
        deal = said.removesuffix(aspect).strip() or None
        key = (component, deal, period, ASPECTS.get(aspect, "earned"))
        assert key not in lines, f"{statement.name} says {text} twice"
        lines[key] = _minor(statement, component, amount)
    return {key: amount for key, amount in lines.items() if amount}


def _minor(statement: Statement, component: str, amount: str) -> int:
    plan = statement.versions[-1][1]
    yields = {c["key"]: c["yields"] for _, p in statement.versions for c in p["components"]}
    assert component in yields, f"{statement.name}: no component {component}"
    if yields[component] == "money":
        return to_minor(Decimal(amount), plan["currency"])
    return int(amount)


def expected_issues(statement: Statement, name: str) -> set:
    said = (text.split() for text in statement.get("issues", {}).get(name, []))
    return {(component, period, code) for period, component, code in said}


def first_difference(statement, name, found, expected) -> str:
    """What a reader of the statement would be told first; nothing where all is equal."""
    for key in sorted({*found, *expected}, key=str):
        if found.get(key, 0) != expected.get(key, 0):
            component, deal, period, aspect = key
            return (
                f"{statement.name}: {name}, {period} {component} {deal or ''} {aspect} is "
                f"{found.get(key, 0)}, expected {expected.get(key, 0)}\n{statement.get('story')}"
            )
    return ""


def engine_lines(statement: Statement, name: str) -> tuple[dict, set]:
    """What the engine gives, in the form of `naive_lines`."""
    calculation = calculate(case_of(statement, name))
    deals = {row.number: row.deal for row in statement.rows()}
    lines = {
        (line.component, deals.get(line.activity_id), line.period, line.aspect): line.amount
        for line in calculation.lines
    }
    assert len(lines) == len(calculation.lines), "two lines are about the same thing"
    issues = {
        (issue.component, pay_period(statement, issue.period), issue.code)
        for issue in calculation.issues
    }
    return {key: amount for key, amount in lines.items() if amount}, issues


def pay_period(statement: Statement, key: str) -> str:
    """The pay period of an issue; that of a missing rate names the day."""
    period = statement.calendar.period_named(key)
    pays = statement.versions[0][1].get("pays", "month")
    return statement.calendar.period_of(period.first_day, pays).key


STATEMENTS = all_statements()
MODELS = {"naive": naive_lines, "engine": engine_lines}


@pytest.mark.parametrize("lines_of", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda each: each.name)
def test_everyone_is_paid_what_was_worked_by_hand(statement, lines_of):
    for name in statement.get("expected", {}):
        found, issues = lines_of(statement, name)
        difference = first_difference(statement, name, found, expected_lines(statement, name))
        if difference:
            pytest.fail(difference, pytrace=False)
        assert issues == expected_issues(statement, name)


WITH_SLICES = [each for each in STATEMENTS if each.get("slices")]
WITH_PAYOUTS = [each for each in STATEMENTS if each.get("payouts")]


@pytest.mark.parametrize("statement", WITH_SLICES, ids=lambda each: each.name)
def test_a_line_shows_the_slices_it_was_worked_from(statement):
    deals = {row.number: row.deal for row in statement.rows()}
    for name, said in statement.get("slices").items():
        shown = {
            (line.component, deals.get(line.activity_id)): [
                (each.base, each.rate) for each in line.working.slices if each.base
            ]
            for line in calculate(case_of(statement, name)).lines
        }
        for text in said:
            component, deal, *slices = text.split(maxsplit=2)
            pairs = [each.split(" × ") for each in slices[0].split(" + ")]
            expected = [(Decimal(base), Decimal(rate)) for base, rate in pairs]
            assert shown[component, deal] == expected, f"{name}: {text}"


def engine_payouts(statement: Statement, name: str) -> dict[str, dict[str, int]]:
    """What the engine settles, in the form of `naive_payouts`."""
    case = case_of(statement, name)
    earned: Counter[str] = Counter()
    on_deals: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for line in calculate(case).lines:
        earned[line.period] += line.amount
        if line.activity_id:
            on_deals[line.period][line.activity_id] += line.amount
    posted = Posted(earned=earned, on_deals=on_deals, cash=cash_on_deals(statement))
    periods = pay_periods(case.agreements, posted, calendar=case.calendar, as_of=case.as_of)
    return {
        each.period: {
            "earned": each.earned,
            "held": each.held_back,
            "released": each.released,
            "guaranteed": each.guaranteed,
            "draw": each.draw,
            "recovered": each.recovered,
            "owed": each.owed.closing,
            "carried": each.carried.closing,
            "paid": each.payout,
        }
        for each in settle(periods, statement.versions[-1][1]["currency"])
    }


def cash_on_deals(statement: Statement) -> dict[int, DealCash]:
    rows = statement.rows()
    receipts = [
        (row.attributes["deal"], Receipt(statement.calendar.day_of(row.occurred), row.amount))
        for row in rows
        if row.kind == "cash_received"
    ]
    return {
        row.number: DealCash(row.amount, tuple(r for deal, r in receipts if deal == row.deal))
        for row in rows
        if row.kind == "deal_won"
    }


PAYOUTS = {"naive": naive_payouts, "engine": engine_payouts}


@pytest.mark.parametrize("payouts_of", PAYOUTS.values(), ids=PAYOUTS)
@pytest.mark.parametrize("statement", WITH_PAYOUTS, ids=lambda each: each.name)
def test_everyone_is_settled_as_worked_by_hand(statement, payouts_of):
    currency = statement.versions[-1][1]["currency"]
    for name, said in statement.get("payouts").items():
        found = payouts_of(statement, name)
        for text in said:
            period, *words = text.split()
            for word, amount in zip(words[::2], words[1::2], strict=True):
                by_hand = to_minor(Decimal(amount), currency)
                assert found[period][word] == by_hand, f"{name} {period} {word}: by hand {amount}"
