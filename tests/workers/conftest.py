"""Workers as their own processes, started again when they die, as under bin/run or systemd."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from incentives import create_app
from incentives.extensions import db
from incentives.supervisor.processes import dies_with
from tests.conftest import NOW, config_for
from tests.world import World

POISONED = Path(__file__).with_name("poisoned.py")


class KeptAlive:
    """One process, over all its lives."""

    def __init__(self, duty, environ, log):
        self.command = [sys.executable, str(POISONED), duty]
        self.environ, self.log = environ, log
        self.lives, self.ended = 0, threading.Event()
        self.thread = threading.Thread(target=self.keep_alive, daemon=True)
        self.process = self.spawn()
        self.thread.start()

    def spawn(self):
        self.lives += 1
        return subprocess.Popen(
            self.command,
            env=self.environ,
            stdout=self.log,
            stderr=self.log,
            preexec_fn=dies_with(os.getpid()),
        )

    def keep_alive(self):
        while not self.ended.wait(0.1):
            if self.process.poll() is not None:
                self.process = self.spawn()

    def stop(self):
        self.ended.set()
        self.thread.join()
        self.process.kill()
        self.process.wait()


class House:
    """A company with its workers; `poison` says who is it to them."""

    def __init__(self, world, environ, directory):
        self.world, self.directory = world, directory
        self.log = open(directory / "workers.log", "ab")  # noqa: SIM115  closed by stop()
        self.environ = {
            **os.environ,
            **environ,
            "PYTHONPATH": os.getcwd(),
            "POISON": str(directory / "poison.json"),
        }
        self.poison({})
        self.running = {}

    def poison(self, who):
        path = self.directory / "poison.json"
        path.with_suffix(".new").write_text(json.dumps({str(key): who[key] for key in who}))
        path.with_suffix(".new").replace(path)

    def start(self, *duties):
        for duty in duties:
            self.running[duty] = KeptAlive(duty, self.environ, self.log)

    def stop(self):
        for running in self.running.values():
            running.stop()
        self.log.close()

    def said(self):
        return (self.directory / "workers.log").read_text()

    def until(self, holds, *, within=40):
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            db.session.rollback()
            if holds():
                return
            time.sleep(0.1)
        raise AssertionError(f"not within {within} s:\n{self.said()[-3000:]}")


@pytest.fixture
def house(sqlite_database, redis_url, tmp_path):
    environ = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": sqlite_database,
        "SECRET_KEY": "tests only",
        "REDIS_URL": redis_url,
    }
    app = create_app(config_for(tmp_path, sqlite_database, REDIS_URL=redis_url))
    with app.app_context():
        house = House(World(app, NOW), environ, tmp_path)
        try:
            yield house
        finally:
            house.stop()
            db.session.remove()
            db.engine.dispose()
