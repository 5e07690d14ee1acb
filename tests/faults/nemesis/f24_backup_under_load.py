"""A backup is taken while clients send, and restored in another place."""

from tests.faults.judge import acknowledged_in, activities_in
from tests.faults.reading import SQLITE

NAME = "F24"
WHAT = "a backup under load, restored elsewhere"
# PostgreSQL's own tools make its backups; they must be as new as the server.
DATABASES = (SQLITE,)
TIMES = (1, 10)


def inject(house, chance, times):
    house.note("wrong", [])
    for number in range(times):
        file = house.directory / f"backup-{number}"
        before = acknowledged_in(house.books)
        if house.runs(house.database, "flask", "--app", "wsgi", "backup", str(file)):
            house.noted["wrong"].append("the backup was not made")
        elsewhere = house.another_database()
        if house.runs(elsewhere, "flask", "--app", "wsgi", "restore", str(file)):
            house.noted["wrong"].append("the backup cannot be restored")
        else:
            # Revisions that came later are not in it; that an activity is there is what counts.
            missing = before.keys() - activities_in(elsewhere).keys()
            house.noted["wrong"] += [f"{key} is not in the backup" for key in sorted(missing)[:3]]
        yield "backed up and restored"


def holds(house):
    yield from house.noted["wrong"]
