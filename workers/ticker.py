"""Keeps time: finds what the queue lost, settles contests, turns the day."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from incentives.clock import now
from incentives.operations.answer_once import forget_answers
from incentives.operations.call_due import call_due
from incentives.operations.settle_contests import settle_contests
from incentives.operations.sweep import sweep
from incentives.operations.turn_day import turn_day
from incentives.store.heartbeats import beat
from incentives.store.transaction import writing

log = logging.getLogger(__name__)


@dataclass
class Duty:
    """Something done every so often. Two tickers may both do it: each duty is repeatable."""

    name: str
    every: timedelta
    do: Callable[[], object]
    due_at: float = 0.0

    def run_if_due(self, app: Flask) -> None:
        if time.monotonic() < self.due_at:
            return
        self.due_at = time.monotonic() + self.every.total_seconds()
        with app.app_context():
            try:
                self.do()
            except Exception:
                # A duty that fails today is tried again at its next turn; the others go on.
                log.exception("The ticker could not %s", self.name)


def duties() -> list[Duty]:
    return [
        Duty("sweep", timedelta(seconds=3), lambda: sweep(clock=now)),
        Duty("settle contests", timedelta(seconds=5), lambda: settle_contests(now=now())),
        Duty("call what is due", timedelta(seconds=15), lambda: call_due(now=now())),
        Duty("turn the day", timedelta(seconds=20), lambda: turn_day(now=now())),
        Duty("forget old answers", timedelta(hours=1), lambda: forget_answers(now=now())),
        Duty("say that it lives", timedelta(seconds=15), _beat),
    ]


def _beat() -> None:
    with writing() as session:
        beat(session, "ticker", now())


def run_for_ever(app: Flask) -> None:
    todo = duties()
    while True:
        for duty in todo:
            duty.run_if_due(app)
        time.sleep(0.5)
