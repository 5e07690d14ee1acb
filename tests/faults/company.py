"""The company that is hurt: payees on the demo's plan, each with a quota for every quarter around
today and paid for a month that is locked, a manager who sees all of them, and a key for each of the
clients. Built once and copied for every house.

    python -m tests.faults.company DATA_DIR DATABASE_URL PAYEES > keys.json
"""

import json
import logging
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy.orm import Session

from incentives import create_app
from incentives.extensions import db
from incentives.ingest.csv_reading import read_table
from incentives.operations.change_api_keys import create_api_key
from incentives.operations.change_people import add_person, join_team
from incentives.operations.import_products import import_products
from incentives.operations.lock_period import lock_period
from incentives.operations.set_quota import set_quota
from incentives.store.people import Person, payee_ids
from incentives.store.teams import team_by_code
from incentives.store.transaction import writing
from tests.conftest import config_for
from tests.faults.figures import CLIENTS, LONG_AGO, MANAGER, PAYEES, QUOTA
from tests.faults.load import PRODUCTS
from tests.world import World

SINCE = date(2020, 1, 1)


def main(data_dir: Path, database_url: str, payees: int) -> list[str]:
    """Build it; returns the keys."""
    app = create_app(config_for(data_dir, database_url))
    with app.app_context():
        upgrade()
        logging.disable(logging.NOTSET)
        now = datetime.now(UTC)
        world = World(app, now)
        world.team("East")
        import_products(read_table(_catalogue()), by=None, now=now)
        with writing() as session:
            _hire(session, payees, now)
        world.plan()
        world.login(MANAGER.partition("@")[0].capitalize(), "manager", manages="East")
        _lock_a_month(world)
        scopes = ["activities:write", "adjustments:write", "boards:read"]
        keys = [create_api_key(f"Client {n}", scopes, by=None, now=now) for n in range(CLIENTS)]
        db.session.remove()
        db.engine.dispose()
    return keys


def _hire(session: Session, payees: int, now: datetime) -> None:
    east = team_by_code("east")
    assert east is not None
    quarters = {_quarter(now + timedelta(days=days)) for days in (-90, 0, 90)}
    for number in range(payees):
        person: Person = add_person(session, f"Person {number}", is_payee=True, by=None, now=now)
        join_team(session, person, east, first_day=SINCE, by=None, now=now)
        for quarter in quarters:
            set_quota(session, person, "revenue", quarter, Decimal(QUOTA), by=None, now=now)


def _lock_a_month(world: World) -> None:
    """One in which everybody whom the clients know was paid."""
    long_ago = world.now - LONG_AGO
    for payee_id in sorted(payee_ids())[:PAYEES]:
        world.deal(payee_id, "2000", at=long_ago, product=PRODUCTS[0])
    world.refresh()
    lock_period(f"{long_ago:%Y-%m}", by=None, now=world.now)
    world.refresh()


def _quarter(moment: datetime) -> str:
    return f"{moment.year}-Q{(moment.month - 1) // 3 + 1}"


def _catalogue() -> bytes:
    return "\n".join(["product,series,sales_price", *(f"{name},A,1" for name in PRODUCTS)]).encode()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
