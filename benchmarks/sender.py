"""`python -m benchmarks.sender PORT KEY A_SECOND BATCH SECONDS CODE …`: steadily activities.

Prints when each request was sent and answered, in seconds of the machine's clock, as JSON.
"""

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from threading import local

CONNECTIONS = 8

_own = local()


def main(
    port: int, key: str, a_second: float, batch: int, seconds: float, payees: list[str]
) -> None:
    numbers, began = count(), time.monotonic()
    step = batch / a_second

    def send(number: int) -> tuple[float, float]:
        time.sleep(max(0.0, began + number * step - time.monotonic()))
        sold = [_deal(payees, next(numbers)) for _ in range(batch)]
        sent = time.monotonic()
        connection = _connection(port)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/activities", json.dumps(sold), headers)
        answer = connection.getresponse()
        content = answer.read()
        answered = time.monotonic()
        assert answer.status == 200, content[:500]
        lost = [each for each in json.loads(content) if each["status"] != "created"]
        assert not lost, lost[:3]
        return sent, answered

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        done = list(pool.map(send, range(int(seconds / step))))
    print(json.dumps(done))


def _connection(port: int) -> http.client.HTTPConnection:
    if not hasattr(_own, "connection"):
        _own.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection: http.client.HTTPConnection = _own.connection
    return connection


def _deal(payees: list[str], number: int) -> dict[str, str]:
    return {
        "source": "load",
        "external_id": f"L{time.monotonic_ns()}-{number}",
        "kind": "deal_won",
        "payee": payees[number % len(payees)],
        "amount": "1200.50",
        "currency": "USD",
        "occurred_at": datetime.now(UTC).isoformat(),
    }


if __name__ == "__main__":
    port, key, a_second, batch, seconds, *payees = sys.argv[1:]
    main(int(port), key, float(a_second), int(batch), float(seconds), payees)
