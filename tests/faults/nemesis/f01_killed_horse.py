"""What calculates is killed in the middle of a payee: the refresh worker runs jobs in its own
process, so it is worker and horse in one."""

NAME = "F1"
WHAT = "kill -9 at read, at ledger (written, not committed) and at commit"
POINTS = ("read", "ledger", "commit")
TIMES = (3, 100)


def inject(house, chance, times):
    for number in range(times):
        point = POINTS[number % len(POINTS)]
        house.pause(chance.uniform(0, 0.5))
        house.arm(point, "kill")
        house.wait_until_reached(point)
        yield f"killed at {point}"
