"""Ratings: what the scorecards of a plan ask people for."""

from dataclasses import dataclass

from incentives.core.plans import Plan


@dataclass(frozen=True, slots=True)
class RatingItem:
    """Something that one account rates: `rated_by` is its e-mail or code, as the plan writes it."""

    name: str
    rated_by: str


def rating_items(plan: Plan) -> list[RatingItem]:
    """What a plan asks ratings for, each once, in its order."""
    found = [
        RatingItem(item["rating"], item["rated_by"])
        for component in plan.components
        if component.rule["kind"] == "scorecard"
        for item in component.rule["items"]
        if "rating" in item
    ]
    return list(dict.fromkeys(found))
