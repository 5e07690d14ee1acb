"""Boards of every kind over a small company: who stands on them, how they are read and ranked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from incentives.core.boards.privacy import Viewer
from incentives.errors import Invalid, NotFound, Refused
from incentives.extensions import db
from incentives.operations.board_snapshots import stamp
from incentives.operations.change_boards import create_board, edit_board, retire_board
from incentives.operations.change_leave import add_leave
from incentives.operations.change_people import join_team
from incentives.operations.export_board import export_board
from incentives.operations.preview_board import preview_board
from incentives.operations.read_board import read_board
from incentives.operations.read_contributions import read_contributions
from incentives.operations.set_quota import set_team_quota
from incentives.store import audit, boards
from incentives.store.people import Person
from incentives.store.teams import Team
from incentives.store.transaction import writing
from tests.core.boards.documents import document

MANAGER = Viewer("manager")
TEAMS = {"Ana": "East", "Bo": "West", "Cy": "West", "Di": "East"}


@pytest.fixture
def people(world):
    return {name: world.payee(f"{name} X", team) for name, team in TEAMS.items()}


@pytest.fixture
def board(world):
    """Creates a board and gives what reads it."""

    def create(**fields):
        number = len(boards.all_boards())
        said = document(**{"name": f"Board {number}", **fields})
        slug = create_board(said, by=None, now=world.now)

        def read(**asked):
            return read_board(slug, **{"viewer": MANAGER, "now": world.now, **asked})

        read.slug = slug
        return read

    return create


def off(world, code, first_day, end_day):
    add_leave(code, first_day=first_day, end_day=end_day, by=None, now=world.now)


def told(reading):
    return [
        (row.entrant.name.split()[0], row.standing.score, row.standing.place)
        for row in reading.rows
    ]


def names(reading):
    return [row.entrant.name.split()[0] for row in reading.rows]


# Audiences and entrants


def test_a_board_of_teams_keeps_what_was_done_in_them(world, people, board):
    world.deal(people["Bo"], "500", day="2026-11-02")
    with writing() as session:
        east = session.query(Team).filter_by(code="east").one()
        bo = session.get_one(Person, people["Bo"])
        join_team(session, bo, east, first_day=date(2026, 11, 10), by=None, now=world.now)
    world.deal(people["Bo"], "70", day="2026-11-12")
    world.deal(people["Ana"], "30", day="2026-11-12")
    world.refresh()
    assert told(board(entrants="teams")()) == [("West", 500, 1), ("East", 100, 2)]


def test_named_teams_stand_with_all_inside_them(world, board):
    central = world.team("Central")
    world.team("North", parent=db.session.get(Team, central))
    inside, outside = world.payee("Ana X", "North"), world.payee("Bo X", "South")
    world.deal(inside, "10")
    world.deal(outside, "99")
    world.refresh()
    named = {"of": "teams", "named": ["central"]}
    assert told(board(entrants="teams", audience=named)()) == [("Central", 10, 1)]
    assert told(board(audience=named)()) == [("Ana", 10, 1)]


def test_a_role_and_a_group_of_people_are_audiences(world, people, board):
    world.login("Ana X", "rep", person_id=people["Ana"])
    world.login("Bo X", "manager", person_id=people["Bo"])
    world.refresh()
    assert names(board(audience={"of": "roles", "named": ["rep"]})()) == ["Ana"]
    group = {"of": "people", "named": ["cy-x", "di-x"]}
    assert names(board(audience=group)()) == ["Cy", "Di"]


def test_the_hidden_are_absent_and_shift_nobody(world, people, board):
    for name, amount in (("Ana", "300"), ("Bo", "200"), ("Cy", "100")):
        world.deal(people[name], amount)
    world.refresh()
    reading = board(hidden=["ana-x"])()
    assert told(reading) == [("Bo", 200, 1), ("Cy", 100, 2), ("Di", 0, 3)]
    assert (reading.entrants, reading.rows[0].standing.gap) == (3, None)


# Readings


def test_per_cent_of_the_own_target(world, people, board):
    for name, quota, amount in (("Ana", "1000", "800"), ("Bo", "200", "180")):
        world.quota(people[name], quota)
        world.deal(people[name], amount)
    world.refresh()
    reading = board(reading={"kind": "of_target"})()
    assert told(reading)[:2] == [("Bo", Decimal("0.9"), 1), ("Ana", Decimal("0.8"), 2)]
    # Who has no quota stands below, without a place.
    assert told(reading)[2:] == [("Cy", None, None), ("Di", None, None)]
    assert reading.rows[0].quota == 200


def test_a_target_is_the_quota_as_the_plan_computes_it(world, people, board):
    # The plan ramps: half of the quota in the first month, October, and all of it then. A third of
    # 1,200 is 400 a month, so the quarter asks for 200 + 400 + 400.
    plan = {
        "schema": 1, "name": "Ramp", "currency": "USD", "quotas": {"ramp": ["0.5"]},
        "components": [
            {"key": "c", "name": "C", "yields": "money", "measure": "revenue",
             "accumulates": "quarter",
             "rule": {"kind": "marginal_rate", "tiers_by": "attainment",
                      "tiers": [{"up_to": "1", "rate": "0.1"}, {"rate": "0.2"}]}},
        ],
    }  # fmt: skip
    world.quota(people["Ana"], "1200")
    world.plan(plan, first_day=date(2026, 10, 1))
    world.deal(people["Ana"], "500")
    world.refresh()
    ana = board(reading={"kind": "of_target"})().rows[0]
    assert (ana.quota, ana.standing.score) == (1000, Decimal("0.5"))


def test_a_team_has_its_own_target(world, people, board):
    with writing() as session:
        east = session.query(Team).filter_by(code="east").one()
        set_team_quota(session, east, "revenue", "2026-Q4", Decimal(400), by=None, now=world.now)
    world.deal(people["Ana"], "100")
    world.refresh()
    reading = board(entrants="teams", reading={"kind": "of_target"})()
    assert told(reading)[0] == ("East", Decimal("0.25"), 1)


def test_a_score_a_day_leaves_leave_and_holidays_out(world, people, board):
    # November so far has 13 working days, the 18th included. Bo was off from the 2nd to the 13th,
    # ten of them; Cy all the time.
    off(world, "bo-x", date(2026, 11, 2), date(2026, 11, 14))
    off(world, "cy-x", date(2026, 11, 1), None)
    world.deal(people["Ana"], "1300", day="2026-11-03")
    world.deal(people["Bo"], "390", day="2026-11-17")
    world.refresh()
    reading = board(span={"period": "month"}, reading={"kind": "per_available_day"})()
    assert told(reading) == [("Bo", 130, 1), ("Ana", 100, 2), ("Di", 0, 3), ("Cy", None, None)]


def test_most_improved_against_the_own_month_before(world, people, board):
    # October has 22 working days, November 13 so far.
    world.deal(people["Ana"], "2200", day="2026-10-05")
    world.deal(people["Ana"], "1300", day="2026-11-05")
    world.deal(people["Bo"], "220", day="2026-10-05")
    world.deal(people["Bo"], "195", day="2026-11-05")
    world.deal(people["Cy"], "999", day="2026-11-05")
    world.refresh()
    reading = board(span={"period": "month"}, reading={"kind": "improvement"})()
    # Ana did 100 a day in both, Bo 10 and then 15. Cy has nothing to improve on.
    assert told(reading)[:2] == [("Bo", Decimal("0.5"), 1), ("Ana", 0, 2)]
    assert {row.standing.place for row in reading.rows[2:]} == {None}


def test_a_ratio_of_two_numbers_ranks_from_its_minimum(world, people, board):
    world.deal(people["Ana"], "10")
    world.deal(people["Ana"], "0", kind="call")
    for number in range(4):
        world.deal(people["Bo"], "0", kind="call")
        if number < 3:
            world.deal(people["Bo"], "10")
    world.refresh()
    ratio = {"kind": "ratio", "over": "calls", "minimum_volume": 4}
    reading = board(scores=[{"kpi": "deals_won"}], reading=ratio)()
    assert told(reading)[0] == ("Bo", Decimal("0.75"), 1)
    assert told(reading)[1] == ("Ana", None, None)


def test_several_numbers_are_weighed(world, people, board):
    world.deal(people["Ana"], "100")
    for _ in range(3):
        world.deal(people["Bo"], "0", kind="call")
    world.refresh()
    weighed = [{"kpi": "revenue", "weight": "0.1"}, {"kpi": "calls", "weight": "5"}]
    assert told(board(scores=weighed)())[:2] == [("Bo", 15, 1), ("Ana", 10, 2)]


def test_a_window_rolls_with_the_days(world, people, board):
    world.deal(people["Ana"], "50", day="2026-11-12")
    world.deal(people["Bo"], "90", day="2026-11-11")
    world.refresh()
    read = board(span={"rolling": 7})
    assert told(read())[:2] == [("Ana", 50, 1), ("Bo", 0, 2)]
    # A week ago both were in the window, so Bo, who led by 40 yesterday, has lost a place.
    assert {row.entrant.name[:2]: row.moved for row in read().rows}["Bo"] == -1


def test_a_contest_may_stand_as_a_board(world, people, board):
    slug = world.contest("Sprint", starts_at=world.now - timedelta(days=3))
    world.deal(people["Ana"], "50", day="2026-11-17")
    world.deal(people["Bo"], "90", day="2026-11-10")
    world.refresh()
    reading = board(scores=[{"contest": slug}])()
    assert told(reading)[:2] == [("Ana", 50, 1), ("Bo", 0, 2)]
    why = read_contributions(reading.board.slug, people["Ana"], viewer=MANAGER, now=world.now)
    assert (len(why.items), why.value) == (1, 50)


# Places


def test_who_first_reached_a_score_stands_first(world, people, board):
    read = board(places="ordinal")
    ana, bo = people["Ana"], people["Bo"]
    world.deal(ana, "100", day="2026-10-03")
    world.deal(bo, "100", day="2026-10-03")
    world.deal(bo, "100", day="2026-10-04")
    world.refresh()
    assert told(read())[:2] == [("Bo", 200, 1), ("Ana", 100, 2)]
    world.deal(ana, "100", day="2026-10-05")
    world.refresh()
    assert told(read())[:2] == [("Bo", 200, 1), ("Ana", 200, 2)]
    # An event that adds nothing moves nobody's clock.
    world.deal(bo, "0", day="2026-10-06")
    world.refresh()
    assert told(read())[:2] == [("Bo", 200, 1), ("Ana", 200, 2)]


def test_declared_measures_decide_before_the_clock(world, people, board):
    world.deal(people["Ana"], "200", day="2026-10-03")
    world.deal(people["Bo"], "100", day="2026-10-04")
    world.deal(people["Bo"], "100", day="2026-10-05")
    world.refresh()
    read = board(ties=["deals_won"])
    assert told(read())[:2] == [("Bo", 200, 1), ("Ana", 200, 1)]
    why = read_contributions(read.slug, people["Ana"], viewer=MANAGER, now=world.now)
    assert (why.tie.link, why.tie.mine, why.tie.theirs) == ("measure", 1, 2)
    assert why.tied_with.entrant.id == why.first_of_tie.entrant.id == people["Bo"]


def test_new_hires_are_ranked_apart(world, people, board):
    new = world.payee("Eve X", "East", since=date(2026, 11, 1))
    world.deal(people["Ana"], "100")
    world.deal(new, "40")
    world.refresh()
    reading = board(divide={"by": "new_hires", "days": 90})()
    assert reading.groups == ("Everybody else", "New hires")
    last = reading.rows[-1]
    assert (last.entrant.id, last.group, last.standing.place) == (new, "New hires", 1)


def test_leagues_follow_from_the_months_before(world, people, board):
    # September decides who begins where: Ana, Bo | Cy, Di. In October Cy does best and Bo worst
    # of the first league, so they change places.
    september = {"Ana": "40", "Bo": "30", "Cy": "20", "Di": "10"}
    october = {"Ana": "40", "Bo": "10", "Cy": "50", "Di": "20"}
    for name in TEAMS:
        world.deal(people[name], september[name], day="2026-09-10")
        world.deal(people[name], october[name], day="2026-10-10")
    world.deal(people["Di"], "5", day="2026-11-10")
    world.refresh()
    divide = {"by": "leagues", "size": 2, "move": 1, "since": "2026-10"}
    read = board(span={"period": "month"}, divide=divide)
    of = {row.entrant.name[:2].strip(): row.group for row in read().rows}
    assert of == {"An": "League 1", "Cy": "League 1", "Bo": "League 2", "Di": "League 2"}
    assert {row.entrant.name[:2].strip(): row.zone for row in read().rows}["Di"] == "up"
    october_rows = read(period="2026-10").rows
    assert [(row.entrant.name[:2].strip(), row.group[-1]) for row in october_rows] == [
        ("An", "1"),
        ("Bo", "1"),
        ("Cy", "2"),
        ("Di", "2"),
    ]


def test_movement_may_be_told_since_the_week_and_since_the_period_before(world, people, board):
    world.deal(people["Bo"], "900", day="2026-09-10")
    world.deal(people["Bo"], "100", day="2026-11-10")
    world.deal(people["Ana"], "150", day="2026-11-16")
    world.refresh()
    read = board()

    def moved(since):
        return {row.entrant.name[:2].strip(): row.moved for row in read(since=since).rows}

    assert moved("day")["An"] == 0
    # On Monday morning all but Bo were level in second place; in the third quarter, too.
    assert (moved("week")["An"], moved("week")["Bo"]) == (1, -1)
    assert (moved("period")["An"], moved("period")["Bo"]) == (1, -1)
    with pytest.raises(Invalid, match="day, week, period"):
        read(since="year")


# Slices


def test_a_page_a_search_and_those_round_somebody_are_slices_of_the_whole(world, people, board):
    for number, name in enumerate(TEAMS):
        world.deal(people[name], str(100 - number))
    world.refresh()
    read = board()
    whole = read().rows
    assert names(read(first=1, limit=2)) == [row.entrant.name[:2].strip() for row in whole[1:3]]
    assert read(first=1, limit=2).total == 4
    assert names(read(search="cy")) == ["Cy"]
    mine = Viewer("rep", people["Di"])
    around = read(viewer=mine, around=3)
    assert (around.rows, around.first) == (read(viewer=mine).rows[1:], 1)
    assert read(around=3, around_whom=people["Ana"]).rows == whole[:3]
    assert read(viewer=mine).own.is_own
    with pytest.raises(NotFound, match="not on the board"):
        read(around=3)


def test_a_kept_board_is_the_board_of_now(world, people, board):
    read = board()
    assert names(read()) == ["Ana", "Bo", "Cy", "Di"]
    world.deal(people["Di"], "10")
    world.refresh()
    assert names(read())[0] == "Di"
    with writing() as session:
        session.get_one(Person, people["Di"]).name = "Zoe X"
        audit.record(session, "person changed", "di-x", by=None, now=world.now)
    assert names(read())[0] == "Zoe"


def test_what_another_connection_wrote_is_seen_at_once(world, people, board):
    before = stamp()
    assert stamp() == before
    with db.engine.begin() as elsewhere:
        elsewhere.execute(text("UPDATE marker SET computed = computed + 1, wanted = wanted + 1"))
    db.session.rollback()
    assert stamp().version == before.version + 4


# Freeze, privacy and how it stood


def test_a_frozen_board_shows_nothing_of_the_freeze_or_later(world, people, board):
    freeze = datetime(2026, 11, 17, 15, tzinfo=UTC)
    for moment, name, amount in (
        (freeze - timedelta(seconds=1), "Ana", "10"),
        (freeze, "Bo", "50"),
        (freeze + timedelta(hours=5), "Ana", "70"),
    ):
        world.deal(people[name], amount, at=moment)
    world.refresh()
    read = board(freeze={"at": freeze.isoformat(), "for": ["rep", "wall"]})
    assert told(read())[:2] == [("Ana", 80, 1), ("Bo", 50, 2)]
    for viewer in (Viewer("rep", people["Bo"]), Viewer("wall")):
        frozen = read(viewer=viewer)
        assert told(frozen)[:2] == [("Ana", 10, 1), ("Bo", 0, 2)]
        assert (frozen.frozen_at, frozen.may_show_news) == (freeze, False)
        assert sum(row.splits[1] for row in frozen.rows) == 10
        assert b"70" not in export_board(frozen)
        why = read_contributions(read.slug, people["Ana"], viewer=viewer, now=world.now)
        assert [item.value for item in why.items] == [10]


def test_points_of_a_frozen_board_are_those_of_before(world, people, board):
    world.plan()
    freeze = datetime(2026, 11, 17, 15, tzinfo=UTC)
    world.deal(people["Ana"], "10", at=freeze - timedelta(hours=1), product="GTX Pro")
    world.deal(people["Ana"], "10", at=freeze, product="GTK 500")
    world.refresh()
    read = board(scores=[{"kpi": "points"}], freeze={"at": freeze.isoformat(), "for": ["wall"]})
    assert read().rows[0].standing.score == 48 + 268
    assert read(viewer=Viewer("wall")).rows[0].standing.score == 48


def test_the_board_as_it_stood_knows_only_what_was_known(world, people, board):
    read = board()
    start = world.now

    def at(minutes):
        world.now = start + timedelta(minutes=minutes)

    world.deal(people["Ana"], "100", external_id="D-1", day="2026-11-02")
    world.deal(people["Cy"], "60", external_id="D-2", day="2026-11-02")
    at(10)
    # Revised, reversed, given to somebody else, and one that comes late.
    world.deal(people["Ana"], "30", external_id="D-1", day="2026-11-02")
    world.deal(people["Cy"], "60", external_id="D-2", day="2026-11-02", reversed=True)
    at(20)
    world.deal(people["Bo"], "30", external_id="D-1", day="2026-11-02")
    world.deal(people["Di"], "5", day="2026-11-03")
    at(30)
    world.refresh()
    expected = {
        0: [],
        10: [("Ana", 100), ("Cy", 60)],
        20: [("Ana", 30)],
        30: [("Bo", 30), ("Di", 5)],
    }
    for minutes, scores in expected.items():
        stood = read(at=start + timedelta(minutes=minutes))
        assert [row[:2] for row in told(stood) if row[1]] == scores, minutes
        for row in stood.rows:
            why = read_contributions(
                read.slug, row.entrant.id, viewer=MANAGER, now=world.now, at=stood.at
            )
            assert why.value == row.standing.score
    assert told(read(at=world.now)) == told(read())
    with pytest.raises(Invalid, match="still to come"):
        read(at=world.now + timedelta(seconds=1))


def test_points_as_they_stood_are_those_that_were_posted(world, people, board):
    world.plan()
    read = board(scores=[{"kpi": "points"}])
    start = world.now
    world.deal(people["Ana"], "10", external_id="D-1", product="GTX Pro")
    world.refresh()
    world.now = start + timedelta(minutes=10)
    world.deal(people["Ana"], "10", external_id="D-1", product="GTK 500")
    world.refresh()
    world.now = start + timedelta(minutes=20)
    assert read().rows[0].standing.score == 268
    before = read(at=start + timedelta(minutes=10))
    assert before.rows[0].standing.score == 48
    why = read_contributions(read.slug, people["Ana"], viewer=MANAGER, now=world.now, at=before.at)
    assert why.value == 48


def test_the_board_as_it_stood_is_read_as_it_was_written(world, people, board):
    read = board(name="Old")
    world.deal(people["Ana"], "100", day="2026-11-02")
    world.deal(people["Bo"], "0", kind="call", day="2026-11-02")
    edited = world.now = world.now + timedelta(minutes=5)
    edit_board(read.slug, document(name="New", scores=[{"kpi": "calls"}]), by=None, now=world.now)
    world.now += timedelta(minutes=5)
    world.refresh()
    assert told(read())[0] == ("Bo", 1, 1)
    assert told(read(at=edited))[0] == ("Ana", 100, 1)


@pytest.mark.parametrize("form", ["top_n", "neighbours", "pseudonym", "self"])
def test_no_output_of_a_masked_board_names_who_must_not_be_named(world, people, board, form):
    world.quota(people["Cy"], "777777")
    for name, amount in (("Ana", "400"), ("Bo", "300"), ("Cy", "200")):
        world.deal(people[name], amount)
    world.refresh()
    read = board(privacy={"rep": {"form": form, "top": 1, "window": 2}})
    viewer = Viewer("rep", people["Di"])
    reading = read(viewer=viewer)
    # Everybody but Ana at the top, Cy beside Di, and Di.
    shown = {"top_n": {"Ana"}, "neighbours": {"Cy", "Di"}, "pseudonym": {"Di"}, "self": {"Di"}}
    hidden = TEAMS.keys() - shown[form] - {"Di"}
    outputs = [repr(reading.rows), repr(reading.own), export_board(reading).decode()]
    outputs += [repr(read(viewer=viewer, search="x").rows)]
    for name in hidden:
        assert all(f"{name} X" not in output for output in outputs)
        with pytest.raises(NotFound):
            read_contributions(read.slug, people[name], viewer=viewer, now=world.now)
    with pytest.raises(Refused, match="cannot be narrowed"):
        read(viewer=viewer, team="east")
    assert (reading.entrants, reading.own.standing.place) == (4, 4)
    assert not reading.may_show_news
    assert read().total == 4


def test_a_weighed_score_is_the_sum_of_what_its_activities_add(world, people, board):
    world.deal(people["Ana"], "100")
    world.deal(people["Ana"], "0", kind="call")
    world.refresh()
    weighed = [{"kpi": "revenue", "weight": "0.3"}, {"kpi": "calls", "weight": "7"}]
    read = board(scores=weighed)
    why = read_contributions(read.slug, people["Ana"], viewer=MANAGER, now=world.now)
    assert sorted(item.adds for item in why.items) == [7, 30]
    assert sum(item.adds for item in why.items) == why.row.standing.score == 37


def test_the_gap_and_the_best_are_told_beside_a_row(world, people, board):
    for name, amount in (("Ana", "300"), ("Bo", "200"), ("Cy", "150")):
        world.deal(people[name], amount)
    world.refresh()
    why = read_contributions(board().slug, people["Cy"], viewer=MANAGER, now=world.now)
    assert (why.row.standing.gap, why.row.above, why.above.entrant.id) == (50, 2, people["Bo"])
    assert [(mark.percent, mark.score) for mark in why.benchmarks] == [
        (50, 200),
        (25, 300),
        (10, 300),
    ]


# Writing them


def test_boards_are_created_edited_and_retired_each_with_its_audit_entry(world, people, board):
    read = board(name="Mine")
    assert (read.slug, boards.all_boards()[-1].slug) == ("mine", "mine")
    said = document(name="Mine too")
    assert edit_board("mine", said, by=None, now=world.now) == 2
    assert edit_board("mine", said, by=None, now=world.now) == 2
    assert [each.document["name"] for each in boards.revisions_of(boards.all_boards()[-1].id)] == [
        "Mine"
    ]
    retire_board("mine", by=None, now=world.now)
    with pytest.raises(NotFound):
        read()
    assert [entry.action for entry in audit.latest_entries(3)] == [
        "board retired",
        "board edited",
        "board created",
    ]
    # The address of a retired board is not given away.
    assert create_board(document(name="Mine"), by=None, now=world.now) == "mine-2"


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({"name": "Revenue"}, "name", "this name already"),
        ({"audience": {"of": "teams", "named": ["nowhere"]}}, "audience.named", "nowhere"),
        ({"audience": {"of": "people", "named": ["nobody"]}}, "audience.named", "nobody"),
        ({"hidden": ["nobody"]}, "hidden", "nobody"),
        ({"span": {"period": "2026-Q9"}}, "span.period", "is no period"),
        ({"scores": [{"contest": "nothing"}]}, "scores", "no contest nothing"),
        (
            {"divide": {"by": "leagues", "since": "2026-11"}},
            "divide.since",
            "the quarter in which",
        ),
    ],
)
def test_what_a_board_names_has_to_be_there(world, people, fields, at, words):
    with pytest.raises(Invalid) as refused:
        create_board(document(**{"name": "Another", **fields}), by=None, now=world.now)
    assert words in refused.value.fields[at][0]


def test_a_preview_stores_nothing(world, people):
    world.deal(people["Ana"], "100")
    world.refresh()
    before = len(boards.all_boards())
    reading = preview_board(document(name="Draft"), viewer=MANAGER, now=world.now)
    assert told(reading)[0] == ("Ana", 100, 1)
    assert len(boards.all_boards()) == before
