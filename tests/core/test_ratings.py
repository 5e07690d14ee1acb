"""What plans ask ratings for."""

from incentives.core.plans import read_plan
from incentives.core.ratings import RatingItem, rating_items


def component(key, *items):
    rule = {"kind": "scorecard", "target": "1000", "items": list(items)}
    return {
        "key": key,
        "name": key,
        "yields": "money",
        "measure": "revenue",
        "accumulates": "month",
        "rule": rule,
    }


def test_each_rating_is_asked_for_once():
    care = {"name": "Care", "weight": "40", "rating": "care", "rated_by": "max@example.com"}
    sold = {"name": "Sold", "weight": "60", "measure": "revenue"}
    plain = {
        "key": "flat",
        "name": "Flat",
        "yields": "money",
        "measure": "revenue",
        "rule": {"kind": "flat_rate", "rate": "0.1"},
    }
    components = [component("one", care, sold), plain, component("two", care, sold)]
    plan = read_plan({"schema": 1, "name": "Care", "currency": "USD", "components": components})
    assert rating_items(plan) == [RatingItem("care", "max@example.com")]
