"""The activity is committed and the web process dies before it answers; the client sends again,
with and without an Idempotency-Key: under it, the answer is the one that never came."""

NAME = "F20"
WHAT = "kill -9 a web process between commit and answer; the client sends again"
TIMES = (4, 100)
# Somebody else's request would reach the point.
LOAD = 0


def inject(house, chance, times):
    client = house.client("f20")
    house.note("answers", [])
    for number in range(times):
        key = f"{chance.getrandbits(60)}" if number % 2 else None
        house.arm("stored", "kill")
        activity = house.deal()
        first, _wait = client.post(activity, key=key)
        last = client.send(activity, key=key)
        house.noted["answers"].append((first, last, 201 if key else 200))
        yield "no answer"


def holds(house):
    wrong = [each for each in house.noted["answers"] if each != (0, each[2], each[2])]
    if wrong:
        yield f"first, second and expected second answers were {wrong[:5]}; first there is none"
