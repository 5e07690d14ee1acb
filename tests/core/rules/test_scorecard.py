"""Scorecards: weights, bounds of achievements, ratings."""

import pytest
from marshmallow import ValidationError

from incentives.core.rules import scorecard
from tests.core.rules.asking import due, rule

KIND = "scorecard"


def items(*rows):
    return [{"name": f"Item {n}", "measure": "revenue", **row} for n, row in enumerate(rows, 1)]


TWO = {"target": "1000", "items": items({"weight": "20"}, {"weight": "80"})}


def test_2_of_4_deals_and_40k_of_20k_score_170():
    told = due(KIND, TWO, "0", achievements=["0.5", "2"])
    assert told.notes["score"] == "170"  # 20 x 0.5 + 80 x 2
    assert told.slices == [(1, 10), (2, 160)]
    assert told.amount == 1700


@pytest.mark.parametrize(
    ("achievement", "counts"), [("0.49", 0), ("0.5", 500), ("1.2", 1200), ("1.3", 1200)]
)
def test_an_achievement_counts_between_its_bounds(achievement, counts):
    params = {
        "target": "1000",
        "items": items({"weight": "100", "minimum": "0.5", "maximum": "1.2"}),
    }
    assert due(KIND, params, "0", achievements=[achievement]).amount == counts


def test_what_is_not_known_counts_as_nothing_and_is_named():
    told = due(KIND, TWO, "0", achievements=[None, "1"])
    assert told.amount == 800
    assert told.notes["missing"] == "1"


@pytest.mark.parametrize(
    ("achievements", "pays"),
    [(["0", "0.3"], 0), (["0", "0.4"], 320), (["3", "3"], 1500), (["1", "1"], 1000)],
)
def test_a_score_below_its_least_pays_nothing_and_above_its_most_no_more(achievements, pays):
    params = {**TWO, "least": "32", "most": "150"}
    assert due(KIND, params, "0", achievements=achievements).amount == pays


def test_without_a_target_it_is_the_payees_own():
    params = {"items": items({"weight": "100"})}
    assert rule(KIND, params).needs_target
    assert due(KIND, params, "0", achievements=["0.5"], target_incentive="600").amount == 300


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"items": items({"weight": "99.99"})}, "total 99.99"),
        ({"items": [{"name": "X", "weight": "100"}]}, "one of the two"),
        ({"items": [{"name": "X", "weight": "100", "rating": "tone"}]}, "rated_by"),
        ({"items": items({"weight": "100"}), "least": "9", "most": "8"}, "9 or more"),
    ],
)
def test_what_cannot_be_scored_is_refused(change, problem):
    with pytest.raises(ValidationError, match=problem):
        scorecard.Params().load(change)
