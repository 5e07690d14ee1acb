"""The service's own processes with something taken out or set wrong, for the harness only.

    python -m tests.faults.patched refresh | desk | ticker        instead of `python -m workers`
    gunicorn tests.faults.patched:app                             instead of wsgi:app

FAULTS_WITHOUT names the safeguards to leave out (safeguards.py); FAULTS_CLOCKS is a directory in
which a file named after the process, FAULTS_NAME, or after its duty says by how many seconds its
clock is wrong; FAULTS_WORKERS is the module that runs workers.
"""

import os
import runpy
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from incentives import clock

DUTY = sys.argv[1] if __name__ == "__main__" else "web"


class WrongClock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        wrong_by = _said_of(os.environ["FAULTS_NAME"]) or _said_of(DUTY) or 0
        return datetime.now(tz) + timedelta(seconds=wrong_by)


def _said_of(whose: str) -> int | None:
    try:
        return int(Path(os.environ["FAULTS_CLOCKS"], whose).read_text())
    except (FileNotFoundError, ValueError):
        return None


def take_out() -> None:
    from tests.faults.safeguards import SAFEGUARDS

    for name in filter(None, os.environ["FAULTS_WITHOUT"].split(",")):
        SAFEGUARDS[name].take_out()


clock.datetime = WrongClock  # type: ignore[misc]
take_out()

if __name__ == "__main__":
    runpy.run_module(os.environ["FAULTS_WORKERS"], run_name="__main__")
else:
    from wsgi import app

    __all__ = ["app"]
