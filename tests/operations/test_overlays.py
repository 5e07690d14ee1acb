"""Overlay credit: on top of the shares, the payee's own, and left out of company totals; and
reversals, which say when they came in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from incentives.core.activity import Share
from incentives.core.boards.privacy import Viewer
from incentives.operations.read_activity import read_activity
from incentives.operations.read_board import read_board
from incentives.operations.read_contest import read_contest
from incentives.operations.read_contributions import read_contributions
from incentives.store.activities import credits_of
from incentives.store.open_deals import open_deals_of
from incentives.store.won_deals import won_between

REP = Viewer("rep")


@pytest.fixture
def sold(world):
    """100,000 by Ana and Bo, half each, with an overlay of 20 % for Ana: the public figure."""
    ana, bo = world.payee("Ana Silva"), world.payee("Bo Lind")
    shares = (
        Share("ana-silva", Decimal(50)),
        Share("bo-lind", Decimal(50)),
        Share("ana-silva", Decimal(20), overlay=True),
    )
    return ana, bo, world.deal(ana, "100000", shares=shares)


def total(credits):
    return sum(credit.amount for credit in credits)


def test_an_overlay_is_credited_beside_the_own_share(world, sold):
    ana, bo, _ = sold
    until = world.now + timedelta(days=1)
    assert total(credits_of(ana, until=until)) == 70_000
    assert total(credits_of(bo, until=until)) == 50_000
    assert [credit.overlay for credit in credits_of(ana, until=until)].count(True) == 1


def test_boards_contests_and_what_is_behind_them_leave_overlays_out(world, sold):
    ana, bo, _ = sold
    world.refresh()
    board = read_board("revenue", viewer=REP, period="2026-Q4", now=world.now)
    assert {row.entrant.id: row.standing.score for row in board.rows} == {ana: 50_000, bo: 50_000}
    why = read_contributions("revenue", ana, period="2026-Q4", viewer=REP, now=world.now)
    assert why.value == 50_000


def test_a_contest_leaves_overlays_out(world, sold):
    ana, bo, _ = sold
    slug = world.contest("Sprint", starts_at=world.now - timedelta(days=10))
    rows = read_contest(slug, now=world.now).rows
    assert {row.standing.entrant_id: row.standing.score for row in rows} == {
        ana: 50_000,
        bo: 50_000,
    }


def test_points_earned_by_an_overlay_are_listed_behind_the_score(world):
    ana, _ = world.payee("Ana Silva"), world.payee("Bo Lind")
    world.plan()
    world.deal(ana, "10")
    bo_only = (Share("bo-lind"), Share("ana-silva", Decimal(50), overlay=True))
    world.deal(ana, "10", shares=bo_only)
    world.refresh()
    why = read_contributions("points", ana, period="2026-Q4", viewer=REP, now=world.now)
    assert why.value == world.total(ana, "points") == why.row.standing.score
    assert len(why.items) == 2


def test_the_deal_is_shown_as_of_whoever_has_the_largest_share(world):
    ana, bo = world.payee("Ana Silva"), world.payee("Bo Lind")
    shares = (Share("bo-lind"), Share("ana-silva", Decimal(100), overlay=True))
    world.deal(ana, "10", shares=shares)
    world.deal(ana, "10", shares=shares, kind="deal_open")
    won = won_between(world.now - timedelta(days=90), world.now, among=None, besides=())
    assert [payees for _, payees in won] == [[bo]]
    assert [payee for payee, _ in open_deals_of([ana, bo])] == [bo]


def test_an_overlay_that_is_taken_away_is_a_revision_that_says_so(world, sold):
    ana, _, first = sold
    halves = (Share("ana-silva", Decimal(50)), Share("bo-lind", Decimal(50)))
    again = world.deal(ana, "100000", shares=halves, external_id="D1")
    assert (again.id, again.status) == (first.id, "changed")
    reading = read_activity(first.id, may_see_pay_of=lambda *_: True)
    (revision,) = reading.revisions
    assert [(c.field, c.before, c.after) for c in revision.changes] == [
        ("overlay of Ana Silva", "20 %", None)
    ]
    assert [credit.overlay for credit in reading.credits] == [False, False]


def test_pages_mark_an_overlay(world, sold):
    world.login("Max", "manager", manages="East")
    max_ = world.sign_in("Max")
    assert "Overlay" in max_.get(f"/data/activities/{sold[2].id}").text
    assert "Ana Silva, Bo Lind, Ana Silva (overlay)" in max_.get("/data/activities").text


def test_a_reversal_says_when_it_came_in(world, sold):
    ana, _, _ = sold
    first = datetime(2026, 11, 18, 15, tzinfo=UTC)
    until = first + timedelta(days=9)

    def reversals():
        return [c.reversed_at for c in credits_of(ana, until=until, with_reversed=True)]

    assert reversals() == [None, None]
    world.now = first + timedelta(hours=1)
    world.deal(ana, "100", external_id="D1", reversed=True)
    world.now = first + timedelta(hours=2)
    world.deal(ana, "200", external_id="D1", reversed=True)
    assert reversals() == [first + timedelta(hours=1)]
    assert credits_of(ana, until=until) == []
    world.deal(ana, "200", external_id="D1")
    assert reversals() == [None]
