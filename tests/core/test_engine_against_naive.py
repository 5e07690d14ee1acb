"""The engine against the naive model, and what must hold whatever a plan says.

300 random statements, the same each time;
`EXAMPLES=10000` tries more. A failure names its number: `statement_of(number)` is that statement.
"""

import os
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from incentives.core.calculate import calculate
from incentives.core.crediting import part_of
from incentives.core.money import divide, minor_digits
from tests.core.test_golden import engine_lines, first_difference
from tests.golden.statement import Statement, case_of
from tests.naive.model import naive_lines
from tests.naive.stories import statements
from tests.naive.tables import half_up

EXAMPLES = int(os.environ.get("EXAMPLES", "300"))


def examples(count: int):
    """So many examples, the same each time; a statement is drawn as a whole, so there is nothing to
    shrink."""
    return settings(
        derandomize=True,
        deadline=None,
        max_examples=count,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def assert_same_pay(statement: Statement) -> None:
    for name in ("ana", "mo"):
        found, issues = engine_lines(statement, name)
        expected, met = naive_lines(statement, name)
        difference = first_difference(statement, name, found, expected)
        if difference:
            pytest.fail(f"{difference}\n{statement.document}", pytrace=False)
        assert missing_in(issues) <= missing_in(met)


def missing_in(issues) -> set[tuple[str, str]]:
    """Which component wants what: a quota, a target, a rate. The engine says it once for a span,
    the naive model for each pay period; where several quotas are wrong either may name another."""
    return {(component, code.partition("_")[0]) for component, _, code in issues}


@examples(EXAMPLES)
@given(statements)
def test_the_engine_pays_what_the_naive_model_pays(statement):
    assert_same_pay(statement)


@examples(EXAMPLES // 3)
@given(statements, st.randoms(use_true_random=False))
def test_lines_do_not_depend_on_the_order_in_which_activities_come(statement, chance):
    activities = list(statement.get("activities"))
    chance.shuffle(activities)
    shuffled = Statement("shuffled", {**statement.document, "activities": activities})
    for name in ("ana", "mo"):
        assert engine_lines(statement, name) == engine_lines(shuffled, name)


@examples(EXAMPLES // 3)
@given(statements)
def test_calculating_again_gives_the_same(statement):
    case = case_of(statement, "ana")
    again = replace(case, credits=list(reversed(case.credits)))
    assert calculate(case) == calculate(again)


@examples(EXAMPLES // 3)
@given(statements)
def test_slices_sum_to_the_line_before_it_is_rounded(statement):
    plain = {
        said["key"]
        for _, plan in statement.versions
        for said in plan["components"]
        if not said.keys() & {"gate", "multiplier", "cap", "pool"}
        and said["rule"]["kind"] in ("flat_rate", "marginal_rate", "per_unit")
    }
    for line in calculate(case_of(statement, "ana")).lines:
        exact = line.working.exact
        if line.component in plain and line.aspect == "earned" and exact is not None:
            unit = 10 ** minor_digits(line.currency) if line.currency else 1
            assert half_up(exact * unit) == line.amount


CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
PER_CENT = st.integers(0, 10000).map(lambda parts: Decimal(parts).scaleb(-2))


@given(CENTS, st.lists(PER_CENT, min_size=1, max_size=5))
def test_the_parts_of_a_split_deal_sum_to_it_exactly(amount, percents):
    # The last share is whatever is missing to 100.
    shares = [percent / len(percents) for percent in percents]
    shares = [share.quantize(Decimal("0.01")) for share in shares]
    shares.append(Decimal(100) - sum(shares, Decimal(0)))
    assert sum((part_of(amount, share) for share in shares), Decimal(0)) == amount


@given(st.integers(-(10**6), 10**6), st.lists(st.integers(1, 99), min_size=1, max_size=6))
def test_a_divided_amount_is_handed_out_to_the_cent(total, weights):
    parts = divide(total, [Decimal(weight) for weight in weights])
    assert sum(parts) == total


TIERS = [{"up_to": "1000", "rate": "0.05"}, {"up_to": "5000.50", "rate": "0"}, {"rate": "0.1"}]


@given(
    st.lists(st.integers(1, 400000), min_size=1, max_size=6),
    st.lists(st.sampled_from(["0", "0.01", "0.0333", "0.125"]), min_size=3, max_size=3),
)
def test_marginal_pay_never_falls_as_sales_rise(cents, rates):
    tiers = [{**tier, "rate": rate} for tier, rate in zip(TIERS, rates, strict=True)]
    component = {
        "key": "commission",
        "name": "Commission",
        "yields": "money",
        "measure": "revenue",
        "accumulates": "year",
        "rule": {"kind": "marginal_rate", "tiers_by": "amount", "tiers": tiers},
    }
    activities = [
        {"on": f"2026-01-{day:02}", "payee": "ana", "amount": str(Decimal(each).scaleb(-2))}
        for day, each in enumerate(cents, 5)
    ]
    plan = {"schema": 1, "name": "P", "currency": "USD", "components": [component]}
    statement = Statement("up", {"plan": plan, "activities": activities, "as_of": "2026-01-31"})
    assert all(line.amount >= 0 for line in calculate(case_of(statement, "ana")).lines)
