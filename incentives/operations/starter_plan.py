"""The document a new plan starts from: small, whole, and ready to be changed."""

from typing import Any


def starter_plan(currency: str) -> dict[str, Any]:
    """Points for deals, commission in tiers, and one badge, in the company's currency."""
    return {
        "schema": 1,
        "name": "My plan",
        "currency": currency,
        "components": [
            {
                "key": "deal-points",
                "name": "Points per won deal",
                "yields": "points",
                "measure": "deals_won",
                "rule": {"kind": "per_unit", "amount": "10", "by": "product", "amounts": {}},
            },
            {
                "key": "commission",
                "name": "Revenue commission",
                "yields": "money",
                "measure": "revenue",
                "accumulates": "quarter",
                "rule": {
                    "kind": "marginal_rate",
                    "tiers_by": "attainment",
                    "tiers": [
                        {"up_to": "1.00", "rate": "0.05"},
                        {"rate": "0.08"},
                    ],
                },
            },
            {
                "key": "hat-trick",
                "name": "Hat-trick",
                "yields": "badge",
                "measure": "deals_won",
                "accumulates": "day",
                "rule": {"kind": "badge", "at_least": "3", "icon": "3x"},
            },
        ],
    }
