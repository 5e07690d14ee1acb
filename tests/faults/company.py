"""The company that is hurt: twenty payees on the demo's plan, each with a quota for every quarter
around today, and a key for each of the clients. Built once and copied for every house.

    python -m tests.faults.company DATA_DIR DATABASE_URL > keys.json
"""

import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask_migrate import upgrade

from incentives import create_app
from incentives.extensions import db
from incentives.operations.change_api_keys import create_api_key
from tests.conftest import config_for
from tests.faults.figures import CLIENTS, PAYEES, QUOTA
from tests.world import World


def main(data_dir: Path, database_url: str) -> list[str]:
    """Build it; returns the keys."""
    app = create_app(config_for(data_dir, database_url))
    with app.app_context():
        upgrade()
        logging.disable(logging.NOTSET)
        now = datetime.now(UTC)
        world = World(app, now)
        payees = [world.payee(f"Person {n}") for n in range(PAYEES)]
        world.plan()
        for quarter in {_quarter(now + timedelta(days=days)) for days in (-90, 0, 90)}:
            for payee in payees:
                world.quota(payee, str(QUOTA), quarter)
        world.refresh()
        keys = [
            create_api_key(f"Client {n}", ["activities:write", "boards:read"], by=None, now=now)
            for n in range(CLIENTS)
        ]
        db.session.remove()
        db.engine.dispose()
    return keys


def _quarter(moment: datetime) -> str:
    return f"{moment.year}-Q{(moment.month - 1) // 3 + 1}"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
