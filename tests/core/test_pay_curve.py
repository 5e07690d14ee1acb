"""The curve is the rule's own sum: pay that falls is found, slower growth is not called a fall."""

from decimal import Decimal
from fractions import Fraction

import pytest

from incentives.core.pay_curve import PayCurve, has_curve
from incentives.core.plans import read_plan

QUOTA = Fraction(1000)


def component(rule, **more):
    said = {
        "key": "c",
        "name": "Commission",
        "yields": "money",
        "measure": "revenue",
        "accumulates": "quarter",
        "rule": rule,
        **more,
    }
    document = {"schema": 1, "name": "P", "currency": "USD", "components": [said]}
    return read_plan(document).components[0]


def tiers(*rates, kind="marginal_rate"):
    """Rates below half the quota, up to it, and above."""
    bounds = ["0.50", "1.00", None][-len(rates) :]
    rows = [
        {"rate": rate} | ({"up_to": bound} if bound else {})
        for rate, bound in zip(rates, bounds, strict=True)
    ]
    return {"kind": kind, "tiers_by": "attainment", "tiers": rows}


BLOCKS = {
    "kind": "unit_tiers",
    "tiers_by": "amount",
    "reading": "retroactive",
    "tiers": [
        {"up_to": "101000", "amount": "1", "package": "1000"},
        {"amount": "0.5", "package": "1000"},
    ],
}


def curve_of(rule, **more):
    return PayCurve(component(rule, **more), QUOTA)


@pytest.mark.parametrize(("result", "earned"), [(500, 20), (1000, 50), (1500, 100)])
def test_the_curve_pays_each_slice_at_its_own_rate(result, earned):
    (point,) = curve_of(tiers("0.04", "0.06", "0.10")).points([Fraction(result)])
    assert point.earned == earned  # 500 at 4 %, 500 at 6 %, 500 at 10 %


def test_a_rule_by_period_is_asked_in_the_same_way():
    (point,) = curve_of(tiers("0.04", "0.06", "0.10", kind="retroactive_rate")).points([QUOTA])
    assert point.earned == 100


def test_only_what_bends_has_a_curve():
    assert has_curve(component(tiers("0.04", "0.06")))
    assert not has_curve(component({"kind": "flat_rate", "rate": "0.1"}))


def test_a_lower_rate_in_a_higher_tier_is_no_fall():
    assert curve_of(tiers("0.10", "0.08", "0.02")).falls() == []


def test_a_negative_rate_is_a_fall_from_bound_to_bound():
    (fall,) = curve_of(tiers("0.10", "-0.01", "0.02")).falls()
    assert (fall.start.result, fall.end.result) == (500, 1000)
    assert not fall.is_at_a_bound


def test_a_lower_rate_on_everything_is_a_fall_at_the_bound():
    (fall,) = curve_of(tiers("0.10", "0.08", kind="retroactive_rate")).falls()
    assert fall.is_at_a_bound
    assert round(fall.start.earned, 6) == 100  # 10 % of 1,000
    assert round(fall.end.earned, 6) == 80


@pytest.mark.parametrize("at_bound", ["upper", "lower"])
def test_packages_at_a_lower_amount_fall_at_the_bound_wherever_it_belongs(at_bound):
    (fall,) = curve_of(BLOCKS, at_bound=at_bound).falls()
    assert fall.start.result == 101_000
    assert (fall.start.earned, round(fall.end.earned)) in {(101, 51), (101, 50)}


def test_a_factor_that_falls_with_the_own_result_is_seen():
    multiplier = {
        "read": "attainment",
        "measure": "revenue",
        "over": "quarter",
        "tiers": [{"up_to": "1", "factor": "1"}, {"factor": "0.5"}],
    }
    curve = curve_of({"kind": "flat_rate", "rate": "0.10"}, multiplier=multiplier)
    (fall,) = curve.falls()
    assert fall.start.result == QUOTA
    assert curve.earned_at(Fraction(2000)) == 100  # 10 % of 2,000, halved


def test_jumps_are_shares_of_the_pay_before_them():
    curve = curve_of(tiers("0.08", "0.10", kind="retroactive_rate"))
    assert curve.jumps(Fraction(25, 100)) == []  # from 80 to 100 is 25 %, and no more
    (jump,) = curve.jumps(Fraction(24, 100))
    assert jump.start.result == QUOTA


def test_the_outline_goes_straight_up_where_pay_jumps():
    curve = curve_of(tiers("0.08", "0.10", kind="retroactive_rate"))
    drawn = [(point.result, round(point.earned)) for point in curve.outline([Fraction(0), QUOTA])]
    assert drawn == [(0, 0), (1000, 80), (1000, 100)]


def test_where_nothing_jumps_each_result_is_drawn_once():
    curve = curve_of(tiers("0.04", "0.06", "0.10"))
    assert len(curve.outline([Fraction(0), *curve.bends()])) == 3


def test_a_curve_takes_decimals_as_they_are():
    curve = PayCurve(component(tiers("0.04", "0.06")), Fraction(Decimal("333.33")))
    assert curve.earned_at(Fraction("333.33")) == Fraction("13.3332")
