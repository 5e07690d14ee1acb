"""The same adjustment of pay ten times at once under one Idempotency-Key, and another under it."""

import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

NAME = "F26K"
WHAT = "the same adjustment ten times at once under one key; then another under that key"
TIMES = (3, 100)
LOAD = 20
COUNT = "SELECT count(*) FROM posted_line WHERE aspect LIKE ?"
PATIENCE_SECONDS = 30


def inject(house, chance, times):
    house.note("wrong", [])
    (before,) = house.database.rows(COUNT, "adjusted-%")[0]
    with ThreadPoolExecutor(10) as pool:
        for number in range(times):
            key, said = f"{chance.getrandbits(60)}", _adjustment(chance)
            answers = set(pool.map(partial(_until_done, house, key), [said] * 10))
            if len(answers) != 1 or {status for status, _ in answers} != {201}:
                house.noted["wrong"].append(f"ten at once were answered {answers}")
            status, _ = _ask(house, key, {**said, "amount": "1.00"})
            if status != 422:
                house.noted["wrong"].append(f"another one under a used key was answered {status}")
            (after,) = house.database.rows(COUNT, "adjusted-%")[0]
            if after != before + number + 1:
                house.noted["wrong"].append(f"{after - before} are posted, {number + 1} were sent")
            yield "ten at once"


def _adjustment(chance):
    return {
        "payee": f"person-{chance.randrange(20)}",
        "period": f"{datetime.now(UTC):%Y-%m}",
        "amount": "-12.50",
        "reason": "Paid twice",
    }


def _until_done(house, key, said):
    """As a careful program does: told to try again, it does."""
    begun = time.monotonic()
    while True:
        status, body = _ask(house, key, said)
        is_through = status not in (0, 409, 429) and status < 500
        if is_through or time.monotonic() - begun > PATIENCE_SECONDS:
            return status, body
        time.sleep(0.1)


def _ask(house, key, said):
    asked = urllib.request.Request(
        f"http://127.0.0.1:{house.port}/api/v1/adjustments",
        data=json.dumps(said).encode(),
        headers={
            "Authorization": f"Bearer {house.keys[0]}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def holds(house):
    yield from house.noted["wrong"][:3]
