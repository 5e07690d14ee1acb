"""Web processes and workers disagree about the hour while a contest ends, and the ticker's clock is
set back and forth by seconds as a time server does it.

What had happened when it came in counts at once, also where a worker's clock is slow: nobody is
calculated again for having been calculated too early.
"""

from tests.faults.nemesis.f11_killed_ticker import holds, results
from tests.faults.plan import Plan

__all__ = ["holds", "inject"]

NAME = "F32C"
WHAT = "clocks an hour apart in web and workers, the ticker's set about, as a contest ends"
PLAN = Plan(clocks=("web", "refresh", "ticker"))
TIMES = (2, 10)
HOUR = 3_600
STEPS = (3, -3, 1, 0)
MOST_LATE_SECONDS = 120


def inject(house, chance, times):
    for number in range(times):
        web = HOUR if number % 2 else -HOUR
        house.set_clock("web", web)
        house.set_clock("refresh", -web)
        name = f"Clocks {number} {chance.randrange(10**6)}"
        house.does("contest", name, "3")
        for step in STEPS:
            house.set_clock("ticker", step)
            house.pause(1.5)
        house.wait_for(lambda name=name: results(house, name), MOST_LATE_SECONDS)
        # Time to declare it again, if a clock that was set back would.
        house.pause(6)
        house.set_clock("web", 0)
        house.set_clock("refresh", 0)
        yield f"web {web:+} s, workers {-web:+} s"
