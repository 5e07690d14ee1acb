"""A Redis of yesterday is put back under the database of today."""

import shutil

NAME = "F17"
WHAT = "an old dump of Redis restored under a newer database"
TIMES = (1, 5)


def inject(house, chance, times):
    directory = house.directory / "redis"
    old = house.directory / "redis-of-yesterday"
    for _ in range(times):
        with house.workers_held():
            house.pause(0.5)
            # With jobs and hints in it.
            house.connection().save()
            shutil.copytree(directory, old, dirs_exist_ok=True)
        house.pause(2)
        house.redis.stay_down()
        shutil.rmtree(directory)
        shutil.copytree(old, directory)
        house.redis.come_back()
        house.wait_for_redis()
        yield "restored"


def holds(house):
    """A board shows what follows from the database, whatever Redis remembers."""
    wanted = dict(
        house.database.rows(
            "SELECT name, sum(value) FROM day_result JOIN person ON person.id = payee_id "
            "WHERE measure = 'revenue' GROUP BY name"
        )
    )
    shown = house.board("revenue")
    for name, score in shown.items():
        if score * 10**6 != wanted.get(name, 0):
            yield f"the board shows {score} for {name}, the database has {wanted.get(name)}"
