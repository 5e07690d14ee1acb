"""The demo company: its history moved to today, and the days to come played live."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.core.calendar import Calendar
from incentives.demo.accounts import demo_accounts
from incentives.demo.build import build_demo
from incentives.demo.history import history_until
from incentives.demo.replay import keep_for_replay, left_to_play, replay
from incentives.errors import Refused
from incentives.extensions import db
from incentives.operations.import_file import readable_table
from incentives.operations.import_opportunities import import_opportunities
from incentives.operations.read_board import read_board
from incentives.store import contests, people
from incentives.store.activities import StoredActivity, count_activities

REP = Viewer("rep")

CHICAGO = Calendar(ZoneInfo("America/Chicago"))
HEADER = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2027, 2, 1), date(2028, 9, 30)])
def test_quarters_keep_their_totals_when_dates_move(today):
    history = history_until(today, CHICAGO)
    assert [quarter.kind for quarter in history.quarters] == ["quarter"] * 4
    assert today in history.quarters[-1]
    known = {row["opportunity_id"]: row for row in rows(history.known)}
    later = {row["opportunity_id"]: row for row in rows(history.held_back)}
    totals = dict.fromkeys((quarter.key for quarter in history.quarters), 0)
    for row in {**known, **later}.values():
        if row["deal_stage"] == "Won":
            day = date.fromisoformat(row["close_date"])
            totals[CHICAGO.period_of(day, "quarter").key] += int(row["close_value"])
    assert list(totals.values()) == [1134672, 3086111, 2982255, 2802496]


def test_nothing_is_dated_ahead_and_what_closes_later_is_open():
    today = date(2026, 11, 22)
    history = history_until(today, CHICAGO)
    known = {row["opportunity_id"]: row for row in rows(history.known)}
    held_back = rows(history.held_back)
    assert max(row["engage_date"] for row in known.values()) <= "2026-11-22"
    assert max(row["close_date"] for row in known.values()) <= "2026-11-22"
    assert min(row["close_date"] for row in held_back) > "2026-11-22"
    engaged = [row for row in held_back if row["engage_date"] <= "2026-11-22"]
    assert {known[row["opportunity_id"]]["deal_stage"] for row in engaged} == {"Engaging"}
    assert len([row for row in held_back if row["opportunity_id"] in known]) == len(engaged)


def test_on_the_last_day_of_a_quarter_there_is_still_something_to_play():
    history = history_until(date(2026, 12, 31), CHICAGO)
    assert len(rows(history.held_back)) == 250


@pytest.fixture
def held_back(world, tmp_path):
    """Three deals to come: two known as open, one not yet engaged."""
    world.payee("Ana Silva")
    known = [
        "A1,Ana Silva,GTX Pro,Isdom,Engaging,2026-11-10,,",
        "A2,Ana Silva,GTX Pro,Isdom,Engaging,2026-11-11,,",
    ]
    later = [
        "A1,Ana Silva,GTX Pro,Isdom,Won,2026-11-10,2026-11-20,100",
        "A2,Ana Silva,GTX Pro,Isdom,Lost,2026-11-11,2026-11-21,0",
        "A3,Ana Silva,GTX Pro,Isdom,Won,2026-11-25,2026-11-30,300",
    ]
    table = readable_table("\n".join([HEADER, *known]).encode())
    import_opportunities(table, by=None, clock=lambda: world.now)
    keep_for_replay(tmp_path, "\n".join([HEADER, *later]).encode())
    return tmp_path


def left(data_dir):
    db.session.rollback()  # looks anew: the replay wrote by another connection
    return [deal.external_id for deal in left_to_play(data_dir)]


def play(world, data_dir, limit=None, stop=None):
    return replay(
        data_dir,
        clock=lambda: world.now,
        pause_seconds=0,
        limit=limit,
        stop=stop or Event(),
    )


def test_held_back_deals_close_now_and_a_restart_repeats_none(world, held_back):
    assert play(world, held_back, limit=2) == (2, 1)
    assert left(held_back) == ["A3"]
    assert play(world, held_back) == (1, 0)
    assert play(world, held_back) == (0, 0)
    db.session.rollback()
    stored = {row.external_id: row for row in db.session.query(StoredActivity)}
    assert {name: (row.kind, row.revision) for name, row in stored.items()} == {
        "A1": ("deal_won", 2),
        "A2": ("deal_lost", 2),
        "A3": ("deal_won", 1),
    }
    assert {row.occurred_at for row in stored.values()} == {world.now}
    # Engaged on the 10th and won today, the 18th; the other took five days, as it would have.
    assert stored["A1"].attributes["days_to_close"] == "8"
    assert stored["A3"].attributes == {
        "product": "GTX Pro",
        "account": "Isdom",
        "opened_on": "2026-11-13",
        "days_to_close": "5",
    }


def test_told_to_stop_it_stops_before_the_next_deal(world, held_back):
    stop = Event()
    stop.set()
    assert play(world, held_back, stop=stop) == (0, 3)


def test_where_nothing_is_held_back_nothing_is_played(world, tmp_path):
    assert play(world, tmp_path) == (0, 0)


def test_replay_says_when_none_is_left(app, world, held_back):
    command = ["replay", "--speed", "100000"]
    answer = app.test_cli_runner().invoke(args=command)
    assert (answer.exit_code, answer.output) == (0, "Deals played: 3. None is left.\n")
    assert left(held_back) == []


@pytest.mark.slow
def test_the_demo_is_a_company_with_boards_contests_and_accounts(app, world, tmp_path):
    now = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
    build_demo(tmp_path, now=now)
    accounts = demo_accounts(tmp_path)
    assert [account.label for account in accounts] == ["Rep", "Manager", "Finance", "Administrator"]
    assert (tmp_path / "demo-accounts.json").stat().st_mode & 0o777 == 0o600
    board = read_board("revenue", viewer=REP, period="2026-Q3", now=now)
    assert sum(row.standing.score for row in board.rows) == Decimal(2982255)
    assert len(board.rows) == 35
    darcel = next(row for row in board.rows if row.entrant.name == "Darcel Schlecht")
    assert darcel.quota == 260000
    assert [contest.state_at(now) for contest in contests.all_contests()] == ["live", "provisional"]
    assert len(left_to_play(tmp_path)) >= 250
    activities = count_activities()
    with pytest.raises(Refused, match="already"):
        build_demo(tmp_path, now=now)
    assert (count_activities(), len(people.payees())) == (activities, 35)
    assert "dana.ortiz@" in app.test_cli_runner().invoke(args=["demo", "accounts"]).output
