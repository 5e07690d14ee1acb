"""One worker's clock is an hour fast, an hour slow, a year ahead, and is set back as it works;
that of the other one, who meets the same payees, is right."""

from itertools import pairwise

from tests.faults.plan import Plan

NAME = "F32"
WHAT = "one worker's clock +1 h, −1 h, +400 days, and set back in the middle"
PLAN = Plan(clocks=("refresh",))
TIMES = (1, 10)
STEPS = (3_600, -3_600, 400 * 86_400, 0)


def inject(house, chance, times):
    for _ in range(times):
        for seconds in STEPS:
            house.set_clock("refresh-0", seconds)
            house.pause(1.5)
            yield f"{seconds:+} s"


def holds(house):
    """Postings are in the order of their numbers, whatever the clocks said."""
    rows = house.database.rows(
        "SELECT payee_id, number, first_sequence, lines FROM posting ORDER BY payee_id, number"
    )
    for (payee, number, first, lines), (next_payee, _, following, _) in pairwise(rows):
        if payee == next_payee and first + lines != following:
            yield f"posting {number} of payee {payee} is not followed by its next line"
