"""A backup is taken while clients send, and restored in another place; there the clients send once
more whatever they know to be acknowledged, and it is held against their books as any house is."""

import json
import shutil

from tests.faults.judge import acknowledged_in, activities_in, judge
from tests.faults.load import Client
from tests.faults.reading import wait_for
from tests.services.running_service import free_port

NAME = "F24"
WHAT = "a backup under load, restored elsewhere, and what came since sent there again"
TIMES = (1, 10)
FLASK = ("flask", "--app", "wsgi")
SECONDS_SINCE = 2


def inject(house, chance, times):
    house.note("wrong", [])
    for number in range(times):
        file = house.directory / f"backup-{number}"
        before = acknowledged_in(house.books)
        if house.runs(house.database, *FLASK, "backup", str(file)):
            house.noted["wrong"].append("the backup was not made")
        house.pause(SECONDS_SINCE)
        books = shutil.copytree(house.books, house.directory / f"books-{number}")
        elsewhere = house.another_database()
        if house.runs(elsewhere, *FLASK, "restore", str(file)):
            house.noted["wrong"].append("the backup cannot be restored")
            continue
        # Revisions that came later are not in it; that an activity is there is what counts.
        missing = before.keys() - activities_in(elsewhere).keys()
        house.noted["wrong"] += [f"{key} is not in the backup" for key in sorted(missing)[:3]]
        _send_again(house, elsewhere, books)
        house.noted["wrong"] += judge(elsewhere, books).differences
        yield "backed up, restored and sent again"


def _send_again(house, elsewhere, books):
    """To a service of its own."""
    port = free_port()
    processes = house.also_serve(elsewhere, port)
    client = Client(port, house.keys[0], "f24", house.directory / "sent-again.jsonl", house.chance)
    try:
        wait_for(lambda: client.post([])[0] in (400, 409, 422), 60)
        for book in sorted(books.glob("*.jsonl")):
            said = [json.loads(line) for line in book.read_text().splitlines()]
            for first in range(0, len(said), 500):
                client.send_at_once([_as_sent(each) for each in said[first : first + 500]])
        wait_for(lambda: not _behind(elsewhere), 90)
    finally:
        client.close()
        for process in processes:
            process.stay_down()


def _as_sent(noted):
    return {name: value for name, value in noted.items() if name != "sure"}


def _behind(database):
    return database.rows("SELECT count(*) FROM marker WHERE wanted > computed")[0][0]


def holds(house):
    yield from house.noted["wrong"]
