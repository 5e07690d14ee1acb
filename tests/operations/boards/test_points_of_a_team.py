"""What gave a whole team its points is asked for once, however many are in it."""

from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event

from incentives.extensions import db
from incentives.operations import points_given
from incentives.operations.board_items import given_for_periods
from incentives.operations.points_given import Givers
from incentives.operations.read_contributions import read_contributions
from incentives.store.teams import team_by_code
from tests.operations.boards.told import MANAGER
from tests.operations.test_read_contributions import GIVERS


@contextmanager
def asked_of(table):
    """The statements that read from a table."""
    said = []

    def hear(connection, cursor, statement, *rest):
        if f"FROM {table}" in statement:
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


def test_points_for_periods_are_asked_for_once_for_all_of_a_team(world, people, board):
    world.plan(GIVERS)
    # 7 for a month with two deals: Bo's October, and Cy's October and November.
    for name, day in (
        *(("Bo", day) for day in ("2026-10-05", "2026-10-06", "2026-11-05")),
        *(("Cy", day) for day in ("2026-10-05", "2026-10-06", "2026-11-05", "2026-11-06")),
    ):
        world.deal(people[name], "10", day=day)
    world.refresh()
    read = board(entrants="teams", scores=[{"kpi": "points"}])
    west = team_by_code("west").id
    look = read(now=world.now + timedelta(minutes=1)).look
    with asked_of("posted_line") as asked:
        given = given_for_periods(look, west, Givers())
    assert [(each.component, each.points) for each in given] == [("Good month", 7)] * 3
    assert len(asked) == 1


def test_components_and_versions_are_looked_up_once_for_a_page(world, people, board, monkeypatch):
    world.plan(GIVERS)
    for _ in range(2):
        world.deal(people["Bo"], "10")
    world.refresh()
    looks, look_up = [], points_given.version_labels
    monkeypatch.setattr(points_given, "version_labels", lambda: looks.append(1) or look_up())
    read = board(entrants="teams", scores=[{"kpi": "points"}])
    now = world.now + timedelta(minutes=1)
    found = read_contributions(read.slug, team_by_code("west").id, viewer=MANAGER, now=now)
    # 10 for each of two deals, and 7 for the month.
    assert found.row.standing.score == found.value == 27
    assert len(looks) == 1
