"""The ticker is dead when a contest ends; afterwards two of them run."""

import signal
from itertools import pairwise

NAME = "F11"
WHAT = "no ticker when a contest ends, then two at once"
TIMES = (1, 10)
MOST_LATE_SECONDS = 120


def inject(house, chance, times):
    for number in range(times):
        name = f"Contest {number} {chance.randrange(10**6)}"
        house.ticker.stay_down()
        house.does("contest", name, "2")
        house.pause(3)
        second = house.start_another("ticker")
        house.ticker.come_back()
        house.wait_for(lambda name=name: results(house, name), MOST_LATE_SECONDS)
        yield "contest settled"
        # Time for the other one to do it again, if it would.
        house.pause(6)
        second.stay_down(signal.SIGTERM)


def results(house, name):
    return house.database.rows(
        "SELECT version, contest_result.state FROM contest_result "
        "JOIN contest ON contest.id = contest_id WHERE name = ?",
        name,
    )


def holds(house):
    """A result is declared again only when it is another one, and prizes are those of the last."""
    rows = house.database.rows(
        "SELECT name, version, standings FROM contest_result "
        "JOIN contest ON contest.id = contest_id ORDER BY contest_id, version"
    )
    for (name, _, before), (again, version, after) in pairwise(rows):
        if name == again and before == after:
            yield f"{name} was declared twice with the same result, as version {version}"
    for name, paid, components in house.database.rows(
        "SELECT contest.name, sum(amount), count(DISTINCT component_id) FROM posted_line "
        "JOIN component ON component.id = component_id JOIN contest ON contest.id = contest_id "
        "GROUP BY contest.name"
    ):
        if (int(paid), components) != (90_000, 1):
            yield f"{name} has paid {paid} of a pool of 90000"
