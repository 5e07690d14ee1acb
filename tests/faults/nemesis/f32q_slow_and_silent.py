"""The workers' clock is an hour slow as a deal of a moment ago comes in, and nothing comes in later
that would have the payee calculated again. What had happened when it came in counts at once."""

from datetime import UTC, datetime, timedelta

from tests.faults.plan import Plan

NAME = "F32Q"
WHAT = "the workers' clock an hour slow as the last deal there is comes in"
PLAN = Plan(clocks=("refresh",))
TIMES = (2, 20)
LOAD = 0
A_MOMENT = timedelta(minutes=2)
SLOW_BY = -3_600


def inject(house, chance, times):
    client = house.client("f32q")
    for _ in range(times):
        house.set_clock("refresh", SLOW_BY)
        when = datetime.now(UTC) - A_MOMENT
        client.send({**house.deal(), "occurred_at": when.isoformat()})
        house.seconds_to_catch_up()
        house.set_clock("refresh", 0)
        yield "an hour slow"
