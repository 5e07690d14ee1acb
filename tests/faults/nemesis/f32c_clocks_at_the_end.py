"""Web processes and workers disagree about the hour while a contest ends, and the ticker's clock is
set back and forth by seconds as a time server does it.

What had happened when it came in counts at once, also where a worker's clock is slow: nobody is
calculated again for having been calculated too early. One payee has no other news, and those not
while the web's clock is slow: it takes them for the future, which comes when the day turns.
"""

from datetime import UTC, datetime, timedelta

from tests.faults.figures import PAYEES
from tests.faults.nemesis.f11_killed_ticker import holds, results
from tests.faults.plan import Plan

__all__ = ["holds", "inject"]

NAME = "F32C"
WHAT = "clocks an hour apart in web and workers, the ticker's set about, as a contest ends"
PLAN = Plan(clocks=("web", "refresh", "ticker"), payees=PAYEES + 1)
QUIET = f"person-{PAYEES}"
TIMES = (2, 10)
HOUR = 3_600
NOT_LONG_AGO = timedelta(minutes=10)
STEPS = (3, -3, 1, 0)
MOST_LATE_SECONDS = 120


def inject(house, chance, times):
    client = house.client("f32c")
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
        if web > 0:
            when = datetime.now(UTC) - NOT_LONG_AGO
            client.send({**house.deal(QUIET), "occurred_at": when.isoformat()})
            house.seconds_to_catch_up()
        house.set_clock("web", 0)
        house.set_clock("refresh", 0)
        yield f"web {web:+} s, workers {-web:+} s"
