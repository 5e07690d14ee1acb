"""What a person does on a page, done in a process of its own beside the running house.

python -m tests.faults.doings publish FACTOR          the plan, with points times FACTOR
python -m tests.faults.doings contest NAME SECONDS    for everybody; it ends so many seconds on
python -m tests.faults.doings import FILE             of opportunities, checked before
"""

import sys
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import yaml

from incentives import create_app
from incentives.extensions import db
from incentives.operations.change_contests import create_contest
from incentives.operations.contest_rules import ContestRules
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.start_import import apply_import, check_import, upload_import
from incentives.store.import_runs import CHECKING, import_run
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


def import_file(file: str) -> None:
    run_id = upload_import(Path(file).name, Path(file).read_bytes(), by=None, now=datetime.now(UTC))
    kind, columns = (import_run(run_id).options[name] for name in ("format", "columns"))
    check_import(run_id, kind, columns, {}, by=None, now=datetime.now(UTC))
    while import_run(run_id).state == CHECKING:
        db.session.remove()
        time.sleep(0.1)
    db.session.remove()
    apply_import(run_id, by=None, now=datetime.now(UTC))


WHAT = {"publish": publish, "contest": contest, "import": import_file}

if __name__ == "__main__":
    with create_app().app_context():
        WHAT[sys.argv[1]](*sys.argv[2:])
