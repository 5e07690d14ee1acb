"""The desk forks for every import. The forked process is killed in the middle of a file, alone and
together with the worker that watches over it; another goes on where it was."""

import os
import signal

from tests.faults.importing import ask_for_import, states, wait_until_done
from tests.faults.kept import children_of

NAME = "F1D"
WHAT = "kill -9 the forked process of an import, alone and with its worker"
TIMES = (2, 20)
# Somebody else's request would reach the point.
LOAD = 0
# Two transactions, so that there is something between them.
ROWS = 600
# Who is silent for so long is taken for dead, and the sweeper asks again.
MOST_SECONDS = 60.0


def inject(house, chance, times):
    house.keeper.add(house.desk)
    house.note("took", [])
    for number in range(times):
        house.arm("stored", "wait")
        deals = ask_for_import(house, chance, ROWS)
        house.wait_until_reached("stored")
        (fork,) = children_of(house.desk.pid)
        if number % 2:
            os.kill(house.desk.pid, signal.SIGKILL)
        os.kill(fork, signal.SIGKILL)
        house.disarm()
        house.noted["took"].append(wait_until_done(house, deals))
        yield "killed with its worker" if number % 2 else "killed"
    house.desk.stay_down()


def holds(house):
    house.tell("an import went on after " + ", ".join(f"{s:.0f} s" for s in house.noted["took"]))
    if set(states(house)) != {"done"}:
        yield f"the imports are {states(house)}"
    if max(house.noted["took"]) > MOST_SECONDS:
        yield f"an import stood still for {max(house.noted['took']):.0f} s"
