"""A worker is killed at every point from taking a job to its end."""

NAME = "F2"
WHAT = "kill -9 a worker at each point from the taken job to its end"
POINTS = ("dequeued", "read", "ledger", "commit", "publish", "ack")
TIMES = (1, 20)


def inject(house, chance, times):
    for _ in range(times):
        for point in chance.sample(POINTS, len(POINTS)):
            house.arm(point, "kill")
            house.wait_until_reached(point)
            yield f"killed at {point}"
