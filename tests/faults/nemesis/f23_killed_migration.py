"""An upgrade of an empty database is killed before one of its statements, and run again."""

import random

NAME = "F23"
WHAT = "kill -9 an upgrade of the database before one of its statements, and run it again"
TIMES = (2, 100)
LOAD = 0


def inject(house, chance: random.Random, times):
    house.note("wrong", [])
    schema = set(house.database.schema())
    count = house.directory / "statements"
    house.runs(house.another_database(), "tests.faults.migrating", "0", str(count))
    statements = int(count.read_text())
    house.tell(f"an upgrade has {statements} statements")
    for _ in range(times):
        statement = chance.randint(1, statements)
        database = house.another_database()
        house.runs(database, "tests.faults.migrating", str(statement))
        if house.runs(database, "tests.faults.migrating", "0"):
            house.noted["wrong"].append(f"killed before statement {statement} it cannot go on")
        elif set(database.schema()) != schema:
            differs = sorted(set(database.schema()) ^ schema)
            house.noted["wrong"].append(f"killed before {statement} the schema has {differs[:3]}")
        yield f"killed before statement {statement}"


def holds(house):
    yield from house.noted["wrong"]
