"""What measures are taken on: a company of its own, served by the real processes."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from incentives import create_app
from incentives.extensions import db
from incentives.operations.change_api_keys import create_api_key
from incentives.supervisor import embedded_redis
from incentives.supervisor.processes import dies_with
from tests.conftest import config_for
from tests.services.running_service import RunningService
from tests.world import World

PAYEES = 35


@dataclass(frozen=True, slots=True)
class Workshop:
    """A running service, its database file and a key to its API."""

    service: RunningService
    database: Path
    world: World
    key: str
    payees: list[str]


@contextlib.contextmanager
def a_workshop() -> Iterator[Workshop]:
    with tempfile.TemporaryDirectory(prefix="incentives-bench-") as directory:
        data_dir = Path(directory)
        database = data_dir / "incentives.db"
        url = f"sqlite:///{database}"
        with _redis(data_dir / "redis") as redis_url, _company(data_dir, url) as (world, key):
            codes = [f"person-{n}" for n in range(PAYEES)]
            service = RunningService(data_dir, url, redis_url)
            try:
                yield Workshop(service, database, world, key, codes)
            finally:
                service.stop()


@contextlib.contextmanager
def _redis(directory: Path) -> Iterator[str]:
    directory.mkdir()
    server = embedded_redis.configured(directory)
    process = subprocess.Popen(
        server.command,
        cwd=server.directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=dies_with(os.getpid()),
    )
    try:
        embedded_redis.wait_until_ready(server.url, meanwhile=lambda: time.sleep(0.02))
        yield server.url
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _company(data_dir: Path, url: str) -> Iterator[tuple[World, str]]:
    app: Flask = create_app(config_for(data_dir, url))
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    with app.app_context():
        upgrade()
        now = datetime.now(UTC)
        world = World(app, now)
        period = f"{now.year}-Q{(now.month - 1) // 3 + 1}"
        payees = [world.payee(f"Person {n}") for n in range(PAYEES)]
        world.plan()
        for payee in payees:
            world.quota(payee, "100000", period)
        world.login("Person 0", "rep", person_id=payees[0])
        world.refresh()
        key = create_api_key("bench", ["activities:write", "boards:read"], by=None, now=now)
        db.session.remove()
        yield world, key
        db.session.remove()
        db.engine.dispose()
