"""What random histories are drawn from, and the plan of the model as the product reads it."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.operations.model_of_history import MANAGER, Version

NAMES = {"ana": "Ana", "bo": "Bo", "cy": "Cy", MANAGER: "Mo"}
SELLERS = ("ana", "bo", "cy")
FIRST_DAY, DAYS = date(2026, 9, 1), 150
STARTS = datetime(2026, 12, 10, 15, 0, tzinfo=UTC)
MONTHS = ("2026-09", "2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04")

days = st.integers(0, DAYS).map(lambda number: FIRST_DAY + timedelta(days=number))
# Few hours, so that deals happen at the same moment now and then.
moments = st.builds(
    lambda day, hour: datetime.combine(day, time(hour), UTC), days, st.sampled_from([9, 12])
)
amounts = (st.integers(10_000, 900_000) | st.integers(-50_000, 1_000)).map(
    lambda cents: Decimal(cents).scaleb(-2)
)
rates = st.integers(10, 200).map(lambda tenths: Decimal(tenths).scaleb(-3))
PARTS = (
    (Decimal(100),),
    (Decimal(60), Decimal(40)),
    (*[Decimal("33.333333")] * 2, Decimal("33.333334")),
)
shares = st.tuples(st.permutations(SELLERS), st.sampled_from(PARTS)).map(
    lambda drawn: tuple(zip(drawn[0], drawn[1], strict=False))
)
told = st.fixed_dictionaries(
    {
        "occurred": moments,
        "amount": amounts,
        "currency": st.sampled_from(["USD", "USD", "EUR"]),
        "shares": shares,
    }
)
versions = st.builds(
    Version, days, flat=rates, below=rates, above=rates, points=st.integers(0, 50), override=rates
)


def document(version: Version):
    """The model's plan as the product reads it."""

    def component(key, kind, *, yields="money", measure="revenue", rule, **more):
        return {
            "key": key,
            "name": key,
            "yields": yields,
            "measure": measure,
            "rule": {"kind": kind, **rule},
            **more,
        }

    tiers = [{"up_to": "1", "rate": str(version.below)}, {"rate": str(version.above)}]
    return {
        "schema": 1,
        "name": "History",
        "currency": "USD",
        "components": [
            component("flat", "flat_rate", rule={"rate": str(version.flat)}),
            component(
                "tiers",
                "marginal_rate",
                accumulates="year",
                quota_span="whole",
                rule={"tiers_by": "attainment", "tiers": tiers},
            ),
            component(
                "points",
                "per_unit",
                yields="points",
                measure="deals_won",
                rule={"amount": str(version.points)},
            ),
            component(
                "override", "flat_rate", credited="team", rule={"rate": str(version.override)}
            ),
        ],
    }
