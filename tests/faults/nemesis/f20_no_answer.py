"""The activity is committed and the web process dies before it answers; the client sends again."""

NAME = "F20"
WHAT = "kill -9 a web process between commit and answer; the client sends again"
TIMES = (3, 100)
# Somebody else's request would reach the point.
LOAD = 0


def inject(house, chance, times):
    client = house.client("f20")
    house.note("answers", [])
    for _ in range(times):
        house.arm("stored", "kill")
        activity = house.deal()
        first, _wait = client.post(activity)
        last = client.send(activity)
        house.noted["answers"].append((first, last))
        yield "no answer"


def holds(house):
    wrong = [each for each in house.noted["answers"] if each != (0, 200)]
    if wrong:
        yield f"first and second answers were {wrong[:5]}; expected are none, and 200 for unchanged"
