"""As F6, with activities that pay nothing: no line is posted, so no key of the ledger can tell that
the older result was written over the newer one."""

from tests.faults.nemesis import f06_overtaken

NAME = "F6B"
WHAT = "the same with calls, for which nothing is posted"
PLAN = f06_overtaken.PLAN
TIMES = f06_overtaken.TIMES
LOAD = 0


def inject(house, chance, times):
    return f06_overtaken.overtake(house, times, kind="call")
