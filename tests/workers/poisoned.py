"""The workers, with payees who are poison to them: the tests run it as a program.

The file named by POISON says who, and how: fails, never ends, never listens, or ends the worker.
"""

import json
import os
import signal
import sys
from pathlib import Path

from incentives.operations import refresh_payees
from workers.__main__ import main


def never_listen():
    # One step of Python that takes for ever: no handler of a signal is called before it ends.
    pow(7, 10**9)


def never_end():
    while True:
        pass


DEATHS = {
    "fails": lambda: 1 // 0,
    "never ends": never_end,
    "never listens": never_listen,
    "ends the worker": lambda: os.kill(os.getpid(), signal.SIGKILL),
}

calculate_each = refresh_payees.calculate_each


def poisoned(cases, columns):
    how = json.loads(Path(os.environ["POISON"]).read_text())
    for case in cases:
        if str(case.payee) in how:
            DEATHS[how[str(case.payee)]]()
    return calculate_each(cases, columns)


if __name__ == "__main__":
    refresh_payees.calculate_each = poisoned
    sys.exit(main())
