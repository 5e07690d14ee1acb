"""A company of many people with a quarter of day results each, for boards of thousands."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask_migrate import upgrade

from incentives import create_app
from incentives.extensions import db
from incentives.store.driver import Driver
from incentives.store.transaction import writing
from tests.conftest import config_for
from tests.world import World

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 10, 1)
TEAMS = 100
# Days of the quarter on which each of them sold something.
DAYS = 8


@contextmanager
def a_crowd(directory: Path, people: int) -> Iterator[list[int]]:
    """An application with so many people in it; gives their ids."""
    app = create_app(config_for(directory, f"sqlite:///{directory / 'incentives.db'}"))
    with app.app_context():
        upgrade()
        world = World(app, NOW)
        teams = [world.team(f"Team {number}") for number in range(TEAMS)]
        ids = list(range(1_000, 1_000 + people))
        with writing() as session:
            _load(Driver(session), ids, teams)
        yield ids
        db.session.remove()
        db.engine.dispose()


def _load(driver: Driver, ids: list[int], teams: list[int]) -> None:
    chance = random.Random(4)
    driver.append(
        "person",
        ("id", "code", "name", "is_payee"),
        ((each, f"person-{each}", f"Person {each}", True) for each in ids),
    )
    driver.append(
        "membership",
        ("person_id", "team_id", "role", "first_day"),
        ((each, teams[each % TEAMS], "member", "2020-01-01") for each in ids),
    )
    driver.append("marker", ("payee_id", "wanted", "computed"), ((each, 1, 1) for each in ids))
    days = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(48)]
    driver.append(
        "day_result",
        ("payee_id", "measure", "day", "value", "raised_at"),
        (
            (
                each,
                "revenue",
                day,
                chance.randrange(1, 5_000) * 10_000_000,
                10**15 + chance.randrange(10**12),
            )
            for each in ids
            for day in sorted(chance.sample(days, DAYS))
        ),
    )


def sell_more(ids: list[int]) -> None:
    """What a refresh leaves behind when each of these has sold something today."""
    today = NOW.date().isoformat()
    with writing() as session:
        driver = Driver(session)
        driver.run_many(
            "INSERT INTO day_result (payee_id, measure, day, value, raised_at) "
            "VALUES (?, 'revenue', ?, 1000000000, 2000000000000000) ON CONFLICT "
            "(payee_id, measure, day) DO UPDATE SET value = day_result.value + 1000000000",
            [(each, today) for each in ids],
        )
        driver.run_many(
            "UPDATE marker SET wanted = wanted + 1, computed = computed + 1 WHERE payee_id = ?",
            [(each,) for each in ids],
        )
