"""Every golden statement, by the naive model and by the engine, comes out as worked by hand."""

from decimal import Decimal

import pytest

from incentives.core.calculate import calculate
from incentives.core.money import to_minor
from tests.golden.statement import Statement, all_statements, case_of
from tests.naive.model import naive_lines

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
                f"{found.get(key, 0)}, by hand {expected.get(key, 0)}\n{statement.get('story')}"
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
