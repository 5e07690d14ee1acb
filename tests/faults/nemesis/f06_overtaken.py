"""Two workers and one payee: what one has worked out is old when it writes it."""

from tests.faults.figures import CODES
from tests.faults.plan import Plan

NAME = "F6"
WHAT = "one worker is overtaken by another between its sum and its writing"
# A worker that is held for long would be taken for one whose sum never ends.
PLAN = Plan(without=("time-limit",))
TIMES = (2, 400)
# Somebody else's activity would bring the payee up to date again and hide what went wrong.
LOAD = 0


def inject(house, chance, times):
    return overtake(house, times, kind="deal_won")


def overtake(house, times, *, kind):
    client = house.client("f6")
    day = house.deal()["occurred_at"]
    for number in range(times):
        payee, about = CODES[number % len(CODES)], {"kind": kind, "occurred_at": day}
        house.seconds_to_settle()
        house.arm("read", "wait")
        client.send(house.deal(payee) | about)
        house.wait_until_reached("read")
        house.forget_claims()
        # The other worker sees both; the first knows only of one.
        client.send(house.deal(payee) | about)
        house.seconds_to_settle()
        # The other worker is past this point itself.
        house.pause(0.3)
        house.arm("commit", "wait")
        house.let_go("read")
        house.wait_until_reached("commit")
        house.let_go("commit")
        yield "overtaken"
