"""What a person does on a page, done in a process of its own beside the running house.

python -m tests.faults.doings publish FACTOR          the plan, with points times FACTOR
python -m tests.faults.doings contest NAME SECONDS    for everybody; it ends so many seconds on
"""

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import yaml

from incentives import create_app
from incentives.operations.change_contests import create_contest
from incentives.operations.contest_rules import ContestRules
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.store.plans import all_plans
from tests.world import FIELD_SALES


def publish(factor: str) -> None:
    document = yaml.safe_load(FIELD_SALES.read_text())
    rule = document["components"][0]["rule"]
    rule["amounts"] = {
        product: str(Decimal(amount) * int(factor)) for product, amount in rule["amounts"].items()
    }
    # Never the same document twice, so that it is a version of its own.
    document["name"] = f"Field Sales {datetime.now(UTC).isoformat()}"
    (plan,) = all_plans()
    publish_plan_version(
        document, first_day=date(2020, 1, 1), slug=plan.slug, by=None, now=datetime.now(UTC)
    )


def contest(name: str, seconds: str) -> None:
    now = datetime.now(UTC)
    rules = ContestRules(
        name=name,
        kpi="revenue",
        starts_at=now - timedelta(days=30),
        ends_at=now + timedelta(seconds=int(seconds)),
        prizes={1: 50_000, 2: 30_000, 3: 10_000},
    )
    create_contest(rules, by=None, now=now)


if __name__ == "__main__":
    with create_app().app_context():
        {"publish": publish, "contest": contest}[sys.argv[1]](*sys.argv[2:])
