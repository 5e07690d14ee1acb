"""The same activity ten times at once: from impatient clients, and with other content."""

from concurrent.futures import ThreadPoolExecutor

NAME = "F26"
WHAT = "the same activity ten times at once; then ten times with other content"
TIMES = (5, 100)
LOAD = 20


def inject(house, chance, times):
    clients = [house.client("f26") for _ in range(10)]
    house.note("wrong", [])
    with ThreadPoolExecutor(len(clients)) as pool:
        for _ in range(times):
            deal = house.deal()
            statuses = list(pool.map(lambda client, deal=deal: client.send(deal), clients))
            if sorted(statuses) != [200] * 9 + [201]:
                house.noted["wrong"].append(statuses)
            for client in clients:
                client.close()
            others = [{**deal, "amount": str(20 * (n + 1))} for n in range(10)]
            asked = pool.map(lambda client, other: client.post(other)[0], clients, others)
            statuses = list(asked)
            if set(statuses) != {200}:
                house.noted["wrong"].append(statuses)
            clients[0].send(deal)
            yield "ten at once"


def holds(house):
    yield from (f"ten at once were answered {statuses}" for statuses in house.noted["wrong"][:3])
    doubles = house.database.rows(
        "SELECT activity_id, payee_id FROM credit "
        "GROUP BY activity_id, payee_id HAVING count(*) > 1"
    )
    if doubles:
        yield f"{len(doubles)} activities are credited twice to one payee"
