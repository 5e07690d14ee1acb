"""Batches about the same activities and payees in opposite orders, all at once."""

from concurrent.futures import ThreadPoolExecutor

NAME = "F22"
WHAT = "eight clients revise the same activities in opposite orders"
TIMES = (4, 125)
LOAD = 0


def inject(house, chance, times):
    clients = [house.client("f22") for _ in range(8)]
    shared = [house.deal() for _ in range(10)]
    house.note("answers", [])
    with ThreadPoolExecutor(len(clients)) as pool:
        for _ in range(times):
            batches = [_batch(shared, chance, backwards=n % 2) for n in range(len(clients))]
            asked = pool.map(lambda client, batch: client.post(batch)[0], clients, batches)
            house.noted["answers"] += asked
            yield "eight at once"
    # What counts in the end is said once more, alone.
    clients[0].send_all(shared)


def _batch(shared, chance, *, backwards):
    again = [{**each, "amount": str(chance.randrange(1, 320) * 20)} for each in shared]
    return again[::-1] if backwards else again


def holds(house):
    wrong = [status for status in house.noted["answers"] if status != 200]
    if wrong:
        yield f"{len(wrong)} batches were answered with {sorted(set(wrong))}"
