"""The curve is the rule's own sum; pay that falls is found, slower growth is not called a fall."""

from decimal import Decimal

import pytest

from incentives.core.pay_curve import falls, pay_curve
from incentives.core.plans import read_plan
from incentives.operations.preview_plan import warnings_of


def plan(*rates):
    bounds = ["0.50", "1.00", None][-len(rates) :]
    tiers = [
        {"rate": rate} | ({"up_to": bound} if bound else {})
        for rate, bound in zip(rates, bounds, strict=True)
    ]
    return read_plan(
        {
            "schema": 1,
            "name": "P",
            "currency": "USD",
            "components": [
                {
                    "key": "c",
                    "name": "Commission",
                    "yields": "money",
                    "measure": "revenue",
                    "accumulates": "quarter",
                    "rule": {"kind": "marginal_rate", "tiers_by": "attainment", "tiers": tiers},
                }
            ],
        }
    )


@pytest.mark.parametrize(("result", "earned"), [("500", "20"), ("1000", "50"), ("1500", "100")])
def test_the_curve_pays_each_slice_at_its_own_rate(result, earned):
    component = plan("0.04", "0.06", "0.10").components[0]
    (point,) = pay_curve(component, Decimal(1000), [Decimal(result)])
    assert point.earned == Decimal(earned)  # 500 at 4 %, 500 at 6 %, 500 at 10 %


def test_a_lower_rate_in_a_higher_tier_is_no_fall():
    draft = plan("0.10", "0.08", "0.02")
    assert falls(draft.components[0], Decimal(100)) == []
    assert warnings_of(draft) == []


def test_a_negative_rate_is_a_fall_and_named_with_its_tier():
    (warning,) = warnings_of(plan("0.10", "-0.01", "0.02"))
    assert warning == (
        "Commission: pay falls as sales rise, from 50 % of quota to 100 % of quota. "
        "Check the rate of that tier."
    )
