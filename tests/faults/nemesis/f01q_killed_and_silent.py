"""As F1, and nothing comes in afterwards that would ask for the work again."""

NAME = "F1Q"
WHAT = "kill -9 in the middle of the last job there is"
POINTS = ("read", "ledger", "commit")
TIMES = (1, 30)
LOAD = 0


def inject(house, chance, times):
    client = house.client("f1q")
    for number in range(times):
        house.seconds_to_settle()
        point = POINTS[number % len(POINTS)]
        house.arm(point, "kill")
        client.send(house.deal())
        house.wait_until_reached(point)
        yield f"killed at {point}"
