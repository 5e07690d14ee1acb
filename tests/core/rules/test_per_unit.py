"""Amounts per unit, by attribute and in packages."""

import pytest
from marshmallow import ValidationError

from incentives.core.rules import per_unit
from tests.core.rules.asking import earned


def test_packages_are_rounded_up_on_the_running_sum():
    # 90 is one package of 100, 110 are two, 250 three; taking 160 off leaves one.
    values = ["90", "20", "140", "-160"]
    assert earned("per_unit", {"amount": "5", "package": "100"}, values) == [5, 5, 5, -10]


def test_a_run_goes_on_where_the_one_before_ended():
    assert earned("per_unit", {"amount": "5", "package": "100"}, ["10"], start="95") == [5]
    assert earned("per_unit", {"amount": "5", "package": "100"}, ["5"], start="95") == [0]


def test_packages_by_product_are_refused():
    with pytest.raises(ValidationError, match="leave out by"):
        per_unit.Params().load({"amount": "5", "package": "100", "by": "product"})
