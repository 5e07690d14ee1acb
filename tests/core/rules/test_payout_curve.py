"""Payout curves: straight between points, a slope above the last, nothing below the first."""

from fractions import Fraction

import pytest
from marshmallow import ValidationError

from incentives.core.rules import payout_curve
from tests.core.rules.asking import due, rule

KIND = "payout_curve"
CURVE = payout_curve.EXAMPLE["params"]  # 25 % at half, all at quota, then double, up to 200 %


@pytest.mark.parametrize(
    ("sold", "pays"),
    [
        ("0", 0),
        ("49999", 0),
        ("50000", 5250),  # a quarter of 21,000
        ("75000", 13125),  # half way between a quarter and all
        ("100000", 21000),
        ("105000", 23100),  # five points above: ten points more
        ("115000", 27300),
        ("150000", 42000),
        ("200000", 42000),  # at most double
    ],
)
def test_the_share_of_the_target(sold, pays):
    assert due(KIND, CURVE, sold, quota="100000").amount == pays


def test_without_a_target_it_is_the_payees_own():
    own = {"points": [{"at": "0", "pays": "0"}, {"at": "1", "pays": "1"}]}
    assert rule(KIND, own).needs_target
    told = due(KIND, own, "1", quota="3", target_incentive="9000")
    assert told.amount == 3000
    assert told.notes["share"] == "0.333333"
    assert not rule(KIND, CURVE).needs_target


def test_without_a_slope_the_last_point_is_the_most():
    own = {"target": "100", "points": [{"at": "1", "pays": "1"}]}
    assert due(KIND, own, "7", quota="2").amount == 100


def test_the_curve_bends_where_it_reaches_its_most():
    assert rule(KIND, CURVE).bends(Fraction(1000)) == [500, 1000, 1500]


def test_points_that_do_not_ascend_are_refused():
    points = [{"at": "1", "pays": "1"}, {"at": "1", "pays": "2"}]
    with pytest.raises(ValidationError, match="Row 2 must be above 1"):
        payout_curve.Params().load({"points": points})
