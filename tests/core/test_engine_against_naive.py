"""The engine against the naive model, and what must hold whatever a plan says.

300 random statements in a normal run; `EXAMPLES=10000` in the environment tries as many.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings

from tests.core.test_golden import engine_lines, first_difference
from tests.naive.model import naive_lines
from tests.naive.stories import statements

EXAMPLES = settings(
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", "300")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@EXAMPLES
@given(statements())
def test_the_engine_pays_what_the_naive_model_pays(statement):
    for name in ("ana", "mo"):
        found, issues = engine_lines(statement, name)
        expected, met = naive_lines(statement, name)
        difference = first_difference(statement, name, found, expected)
        if difference:
            pytest.fail(f"{difference}\n{statement.document}", pytrace=False)
        # The engine says once for a span what the naive model says for each pay period.
        assert {(each[0], each[2]) for each in issues} <= {(each[0], each[2]) for each in met}
