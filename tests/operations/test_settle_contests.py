"""Contests end, are declared, and pay: once, exactly, and by the rules everybody could read."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest

from incentives.core.activity import Share
from incentives.errors import Invalid, Refused
from incentives.operations.change_contests import amend_contest, cancel_contest, create_contest
from incentives.operations.contest_rules import ContestRules
from incentives.operations.read_contest import prizes_held, read_contest
from incentives.operations.settle_contests import settle_contests
from incentives.store.contests import contest_by_slug
from incentives.store.teams import team_by_code

START = datetime(2026, 11, 1, tzinfo=UTC)
END = datetime(2026, 11, 19, tzinfo=UTC)
IN_GRACE = END + timedelta(hours=1)
AFTER_GRACE = END + timedelta(hours=73)

RULES = ContestRules(
    name="November sprint",
    kpi="revenue",
    starts_at=START,
    ends_at=END,
    prizes={1: 150_000, 2: 70_000, 3: 30_000},
)


@pytest.fixture
def people(world):
    return {name: world.payee(name) for name in ("Ana", "Bo", "Cy", "Di")}


def make(world, **changes):
    return create_contest(replace(RULES, **changes), by=None, now=START - timedelta(days=1))


def won(world, payee):
    return sum(line.amount for line in world.lines(payee, "money"))


def places(slug, now):
    rows = read_contest(slug, now=now).rows
    return [(row.entrant.name, row.standing.score, row.standing.place) for row in rows]


def test_everybody_stands_in_it_with_zero_to_begin_with(world, people):
    slug = make(world)
    world.deal(people["Bo"], "400")
    assert places(slug, world.now) == [("Bo", 400, 1), ("Ana", 0, 2), ("Cy", 0, 2), ("Di", 0, 2)]


def test_only_what_occurred_in_the_window_counts(world, people):
    slug = make(world)
    world.deal(people["Ana"], "100", day="2026-10-31")
    world.deal(people["Ana"], "200", day="2026-11-01")
    world.deal(people["Ana"], "400", day="2026-11-18")
    world.deal(people["Ana"], "800", day="2026-11-19")  # the end itself is out
    assert places(slug, world.now)[0] == ("Ana", 600, 1)


def test_a_deal_dated_ahead_counts_when_its_time_comes(world, people):
    slug = make(world)
    world.deal(people["Ana"], "500", day="2026-11-10")
    before = datetime(2026, 11, 10, 11, tzinfo=UTC)
    assert places(slug, before)[0] == ("Ana", 0, 1)
    assert places(slug, before + timedelta(hours=2))[0] == ("Ana", 500, 1)


def test_at_the_end_prizes_are_posted_and_settling_again_posts_nothing(world, people):
    slug = make(world)
    for name, amount in (("Ana", "900"), ("Bo", "600"), ("Cy", "300"), ("Di", "100")):
        world.deal(people[name], amount)
    assert settle_contests(now=END - timedelta(seconds=1)) == 0
    assert settle_contests(now=IN_GRACE) == 1
    assert [won(world, payee) for payee in people.values()] == [150_000, 70_000, 30_000, 0]
    assert settle_contests(now=IN_GRACE) == 0
    assert [len(world.lines(payee, "money")) for payee in people.values()] == [1, 1, 1, 0]
    line = world.lines(people["Ana"], "money")[0]
    assert (line.component.name, line.period, line.activity_id) == (
        "Prize, November sprint",
        "2026-11",
        0,
    )
    results = contest_by_slug(slug).results
    assert [(r.version, r.state) for r in results] == [(1, "provisional")]


def test_a_contest_that_ends_with_november_pays_with_november(world, people):
    make(world, ends_at=datetime(2026, 12, 1, tzinfo=UTC))
    world.deal(people["Ana"], "900")
    settle_contests(now=datetime(2026, 12, 1, 1, tzinfo=UTC))
    assert world.lines(people["Ana"], "money")[0].period == "2026-11"


def test_after_the_grace_the_result_is_final_and_stays(world, people):
    slug = make(world)
    world.deal(people["Ana"], "900")
    settle_contests(now=IN_GRACE)
    assert read_contest(slug, now=AFTER_GRACE).state == "provisional"  # not declared yet
    assert settle_contests(now=AFTER_GRACE) == 1
    assert read_contest(slug, now=AFTER_GRACE).state == "final"
    world.now = AFTER_GRACE + timedelta(days=1)
    world.deal(people["Bo"], "5000", day="2026-11-10")  # much too late
    assert settle_contests(now=world.now) == 0
    assert places(slug, world.now)[0] == ("Ana", 900, 1)
    assert read_contest(slug, now=world.now).late == 1
    assert (won(world, people["Ana"]), won(world, people["Bo"])) == (150_000, 0)


def test_a_fact_that_comes_in_the_grace_counts_and_moves_the_prizes_by_signed_lines(world, people):
    slug = make(world)
    world.deal(people["Ana"], "900")
    world.deal(people["Bo"], "600")
    settle_contests(now=IN_GRACE)
    world.now = END + timedelta(hours=71)
    world.deal(people["Bo"], "400", day="2026-11-18")
    assert settle_contests(now=world.now) == 1
    assert [line.amount for line in world.lines(people["Ana"], "money")] == [150_000, -80_000]
    assert [line.amount for line in world.lines(people["Bo"], "money")] == [70_000, 80_000]
    results = contest_by_slug(slug).results
    assert [(r.version, r.state) for r in results] == [(1, "provisional"), (2, "provisional")]
    assert results[0].standings[0]["name"] == "Ana"  # the older result stays readable
    assert results[1].standings[0]["name"] == "Bo"


def test_a_fact_that_comes_after_the_grace_of_an_undeclared_contest_is_late_too(world, people):
    slug = make(world)
    world.deal(people["Ana"], "900")
    world.now = AFTER_GRACE
    world.deal(people["Bo"], "5000", day="2026-11-10")
    settle_contests(now=AFTER_GRACE)
    assert places(slug, AFTER_GRACE)[0] == ("Ana", 900, 1)
    assert won(world, people["Bo"]) == 0


def test_a_reversed_deal_gives_its_prize_back(world, people):
    make(world)
    world.deal(people["Ana"], "900", external_id="D")
    settle_contests(now=IN_GRACE)
    world.now = IN_GRACE
    world.deal(people["Ana"], "900", external_id="D", reversed=True)
    settle_contests(now=IN_GRACE + timedelta(minutes=1))
    assert won(world, people["Ana"]) == 0  # a score of 0 wins nothing
    assert [line.reason for line in world.lines(people["Ana"], "money")] == ["earned", "withdrawn"]


@pytest.mark.parametrize(
    ("prizes", "scores", "expected"),
    [
        ({1: 20, 2: 10}, ("50", "50", "30"), (15, 15, 0)),
        ({1: 25, 2: 15, 3: 8, 4: 5}, ("50", "50", "50", "9"), (16, 16, 16, 5)),
        ({1: 1000, 2: 500, 3: 200}, ("90", "50", "50"), (1000, 350, 350)),
    ],
)
def test_tied_entrants_pool_their_prizes_and_share_them_evenly(
    world, people, prizes, scores, expected
):
    make(world, prizes={place: amount * 100 for place, amount in prizes.items()})
    for payee, score in zip(people.values(), scores, strict=False):
        world.deal(payee, score)
    settle_contests(now=IN_GRACE)
    taken = [won(world, payee) for payee in people.values()][: len(expected)]
    assert taken == [amount * 100 for amount in expected]


def test_a_prize_below_the_reserve_is_withheld_and_does_not_move_down(world, people):
    slug = make(world, reserve=Decimal(500))
    world.deal(people["Ana"], "400")
    settle_contests(now=IN_GRACE)
    assert won(world, people["Ana"]) == 0
    world.now = IN_GRACE
    world.deal(people["Ana"], "100")  # 500: equality is enough
    settle_contests(now=IN_GRACE)
    assert won(world, people["Ana"]) == 150_000
    held = prizes_held(contest_by_slug(slug), read_contest(slug, now=IN_GRACE).rows)
    assert [(p.place, p.row and p.row.entrant.name) for p in held] == [
        (1, "Ana"),
        (2, None),
        (3, None),
    ]


def test_a_cancelled_contest_takes_its_prizes_back(world, people):
    slug = make(world)
    world.deal(people["Ana"], "900")
    settle_contests(now=IN_GRACE)
    cancel_contest(slug, by=None, now=IN_GRACE)
    assert settle_contests(now=IN_GRACE) == 1
    assert [line.amount for line in world.lines(people["Ana"], "money")] == [150_000, -150_000]
    assert settle_contests(now=AFTER_GRACE) == 0
    assert read_contest(slug, now=AFTER_GRACE).state == "cancelled"


def test_a_final_result_cannot_be_cancelled(world, people):
    slug = make(world)
    settle_contests(now=AFTER_GRACE)
    with pytest.raises(Refused, match="final"):
        cancel_contest(slug, by=None, now=AFTER_GRACE)


def test_only_the_teams_of_the_contest_compete_and_only_with_what_they_did_there(world):
    ana, bo = world.payee("Ana", team="East"), world.payee("Bo", team="West")
    slug = make(world, team_ids=(team_by_code("east").id,))
    world.deal(ana, "100")
    world.deal(bo, "900")
    assert places(slug, world.now) == [("Ana", 100, 1)]


def test_who_moves_away_keeps_what_was_done_before(world):
    from incentives.operations.change_people import join_team
    from incentives.store.people import Person
    from incentives.store.teams import Team
    from incentives.store.transaction import writing

    ana, west = world.payee("Ana", team="East"), world.team("West")
    with writing() as session:
        join_team(
            session,
            session.get(Person, ana),
            session.get(Team, west),
            first_day=date(2026, 11, 8),
            by=None,
            now=world.now,
        )
    slug = make(world, team_ids=(team_by_code("east").id,))
    world.deal(ana, "100", day="2026-11-07")
    world.deal(ana, "900", day="2026-11-08")
    assert places(slug, world.now) == [("Ana", 100, 1)]


def test_points_are_taken_from_the_ledger(world, people):
    world.plan()
    slug = make(world, kpi="points")
    world.deal(people["Ana"], "100", product="GTK 500")  # 268 points
    world.deal(people["Bo"], "900", product="MG Special", external_id="B")  # 1 point
    world.deal(people["Bo"], "900", product="GTX Pro", external_id="C")  # 48 points
    world.refresh()
    assert places(slug, world.now)[:2] == [("Ana", 268, 1), ("Bo", 49, 2)]
    world.deal(people["Bo"], "900", product="GTX Pro", external_id="C", reversed=True)
    world.refresh()
    assert places(slug, world.now)[:2] == [("Ana", 268, 1), ("Bo", 1, 2)]


def test_points_are_final_only_when_every_ledger_is(world, people):
    world.plan()
    make(world, kpi="points")
    world.deal(people["Ana"], "100")
    assert settle_contests(now=AFTER_GRACE) == 0
    world.refresh()
    assert settle_contests(now=AFTER_GRACE) == 1
    assert read_contest("november-sprint", now=AFTER_GRACE).state == "final"


def test_a_split_deal_counts_for_each_by_their_share(world, people):
    slug = make(world)
    shares = (Share("ana", percent=Decimal(60)), Share("bo", percent=Decimal(40)))
    world.deal(people["Ana"], "100", shares=shares)
    assert places(slug, world.now)[:2] == [("Ana", 60, 1), ("Bo", 40, 2)]


def test_level_scores_stand_in_the_order_they_were_reached(world, people):
    slug = make(world)
    world.deal(people["Bo"], "100", day="2026-11-04")
    world.deal(people["Ana"], "100", day="2026-11-05")
    rows = read_contest(slug, now=world.now).rows
    assert [(row.entrant.name, row.standing.place, row.standing.tied) for row in rows[:2]] == [
        ("Bo", 1, True),
        ("Ana", 1, True),
    ]


def test_who_has_no_prize_is_told_what_is_missing_to_the_last_one(world, people):
    slug = make(world, prizes={1: 100_00, 2: 50_00})
    for name, amount in (("Ana", "900"), ("Bo", "600"), ("Cy", "250")):
        world.deal(people[name], amount)
    rows = read_contest(slug, now=world.now).rows
    assert [row.to_prize for row in rows] == [None, None, 350, 600]


def test_the_version_of_a_contest_never_goes_back(world, people):
    slug = make(world)
    moments = (START - timedelta(hours=1), START, END, AFTER_GRACE)
    versions = []
    for moment in moments:
        settle_contests(now=moment)
        versions.append(read_contest(slug, now=moment).version)
    assert versions == sorted(set(versions))


def test_an_amendment_of_a_running_contest_needs_a_note_and_is_shown(world, people):
    slug = make(world)
    running = START + timedelta(days=2)
    richer = replace(RULES, prizes={1: 200_000})
    with pytest.raises(Invalid) as refusal:
        amend_contest(slug, richer, note=" ", by=None, now=running)
    assert list(refusal.value.fields) == ["note"]
    amend_contest(slug, richer, note="The budget was raised.", by=None, now=running)
    (amendment,) = contest_by_slug(slug).amendments
    assert amendment.note == "The budget was raised."
    assert [change["rule"] for change in amendment.changes] == ["Prizes"]


def test_before_it_starts_a_contest_is_changed_without_a_note(world, people):
    slug = make(world)
    amend_contest(slug, replace(RULES, kpi="calls"), note="", by=None, now=START - ONE_HOUR)
    assert contest_by_slug(slug).kpi == "calls"
    assert contest_by_slug(slug).amendments == []


ONE_HOUR = timedelta(hours=1)


def test_an_ended_contest_keeps_its_rules(world, people):
    slug = make(world)
    with pytest.raises(Refused, match="over"):
        amend_contest(slug, replace(RULES, kpi="calls"), note="why", by=None, now=IN_GRACE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"kpi": "luck"}, "kpi"),
        ({"ends_at": START}, "ends_at"),
        ({"starts_at": None}, "starts_at"),
        ({"ends_at": START + timedelta(days=400)}, "ends_at"),
        ({"prizes": {1: 0}}, "prize-1"),
        ({"prizes": {1: 100, 3: 50}}, "prize-2"),
        ({"reserve": Decimal(-1)}, "reserve"),
        ({"kpi": "days_to_close", "reserve": Decimal(5)}, "reserve"),
        ({"grace_hours": -1}, "grace_days"),
        ({"team_ids": (4711,)}, "teams"),
    ],
)
def test_rules_that_cannot_be_played_are_refused_by_field(world, changes, field):
    with pytest.raises(Invalid) as refusal:
        make(world, **changes)
    assert list(refusal.value.fields) == [field]


def test_two_contests_never_have_one_name(world):
    make(world)
    with pytest.raises(Invalid, match="marked fields"):
        make(world, name="november  SPRINT")


def test_two_tickers_at_once_give_one_result(world, people):
    slug = make(world)
    world.deal(people["Ana"], "900")
    together = Barrier(2)

    def tick():
        with world.app.app_context():
            together.wait()
            return settle_contests(now=IN_GRACE)

    with ThreadPoolExecutor(2) as pool:
        declared = [future.result() for future in [pool.submit(tick), pool.submit(tick)]]
    assert sorted(declared) == [0, 1]
    assert [(r.version, r.state) for r in contest_by_slug(slug).results] == [(1, "provisional")]
    assert [line.amount for line in world.lines(people["Ana"], "money")] == [150_000]


def test_in_a_contest_for_everyone_all_of_ones_days_count(world):
    """As on the board of everyone: before one joined a team too."""
    ana = world.payee("Ana", since=date(2026, 11, 17))
    slug = world.contest("For everyone")  # from the 15th
    world.deal(ana, "100", day="2026-11-16")
    world.deal(ana, "200", day="2026-11-17")
    world.refresh()
    assert read_contest(slug, now=world.now).rows[0].standing.score == 300


def test_points_worked_in_while_a_contest_is_settled_are_not_missed(world, people, monkeypatch):
    """Whether anybody is behind is asked before the points are read, not after."""
    asked = []
    behind = settle_contests.__globals__["stale_payees"]
    rows = settle_contests.__globals__["contest_rows"]
    monkeypatch.setitem(
        settle_contests.__globals__, "stale_payees", lambda: asked.append("behind") or behind()
    )
    monkeypatch.setitem(
        settle_contests.__globals__,
        "contest_rows",
        lambda *args, **more: asked.append("rows") or rows(*args, **more),
    )
    world.contest("Points", kpi="points", grace_hours=0)
    settle_contests(now=world.now + timedelta(days=4))
    assert asked[:2] == ["behind", "rows"]
