"""Activities become lines; recalculating posts only what differs."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incentives.core.activity import Share
from incentives.extensions import db
from incentives.operations import refresh_payees
from incentives.store import markers
from incentives.store.transaction import writing


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    return ana


def test_a_deal_gives_points_and_commission(world, ana):
    world.deal(ana, "400", product="GTX Pro")
    world.refresh()
    assert world.total(ana, "points") == 48
    assert world.total(ana, "money") == 1600  # 400.00 at 4 %


def test_the_same_inputs_post_nothing(world, ana):
    world.deal(ana, "400")
    world.refresh()
    before = len(world.lines(ana))
    with writing() as session:
        markers.mark_stale(session, [ana], world.now)
    assert world.refresh() == 1
    assert len(world.lines(ana)) == before


def test_a_late_deal_re_slices_the_later_ones(world, ana):
    world.deal(ana, "600", day="2026-11-10")  # 500 at 4 % and 100 at 5 %
    world.refresh()
    assert world.total(ana, "money") == 2500
    world.deal(ana, "500", day="2026-11-02")  # takes the first tier; the other slides up
    world.refresh()
    lines = world.lines(ana, "money")
    # 500 at 4 % = 20.00; then 250 at 5 %, 250 at 6 %, 100 at 8 % = 35.50
    assert world.total(ana, "money") == 5550
    assert [(line.amount, line.reason) for line in lines] == [
        (2500, "earned"),
        (1050, "recalculated"),
        (2000, "earned"),
    ]
    assert lines[1].amends == lines[0].sequence


def test_a_reversed_deal_takes_everything_back(world, ana):
    world.deal(ana, "400", external_id="D")
    world.refresh()
    answer = world.deal(ana, "400", external_id="D", reversed=True)
    assert answer.status == "changed"
    world.refresh()
    assert world.total(ana, "points") == world.total(ana, "money") == 0
    assert [line.reason for line in world.lines(ana, "money")] == ["earned", "withdrawn"]


def test_a_deal_that_changes_hands_moves_its_yields(world, ana):
    bo = world.payee("Bo Lind")
    world.plan(first_day=date(2020, 1, 1), slug="field-sales")
    world.quota(bo, "1000")
    world.deal(ana, "400", external_id="D")
    world.refresh()
    world.deal(bo, "400", external_id="D")
    world.refresh()
    assert world.total(ana, "money") == 0
    assert world.total(bo, "money") == 1600


def test_a_split_deal_gives_each_their_share(world, ana):
    bo = world.payee("Bo Lind")
    world.plan(first_day=date(2020, 1, 1), slug="field-sales")
    world.quota(bo, "1000")
    world.deal(
        ana,
        "100",
        shares=(Share("ana-silva", percent=Decimal(60)), Share("bo-lind", percent=Decimal(40))),
    )
    world.refresh()
    assert world.total(ana, "money") == 240
    assert world.total(bo, "money") == 160


def test_a_missing_quota_blocks_the_commission_and_nothing_else(world):
    bo = world.payee("Bo Lind")
    world.plan()
    world.deal(bo, "400")
    world.refresh()
    assert world.total(bo, "points") == 48
    assert world.lines(bo, "money") == []


def test_three_deals_on_a_day_are_a_hat_trick_until_one_is_reversed(world, ana):
    for name in ("A", "B", "C"):
        world.deal(ana, "100", external_id=name)
    world.refresh()
    assert world.total(ana, "badge") == 1
    world.deal(ana, "100", external_id="B", reversed=True)
    world.refresh()
    assert world.total(ana, "badge") == 0


@pytest.mark.parametrize("change", ["UPDATE posted_line SET amount = 1", "DELETE FROM posted_line"])
def test_the_database_itself_refuses_to_change_a_line(world, ana, change):
    world.deal(ana, "400")
    world.refresh()
    with pytest.raises(DBAPIError, match="never changed"), writing() as session:
        session.execute(text(change))
    db.session.rollback()
    assert world.total(ana, "money") == 1600


def test_a_deal_moved_to_another_day_of_the_month_is_posted_on_that_day(world, ana):
    world.deal(ana, "400", day="2026-11-03", external_id="D")
    world.refresh()
    world.deal(ana, "400", day="2026-11-10", external_id="D")
    world.refresh()
    lines = world.lines(ana, "money")
    assert [(line.amount, line.day) for line in lines] == [
        (1600, date(2026, 11, 3)),
        (0, date(2026, 11, 10)),
    ]


def test_a_refresh_that_was_overtaken_sums_again_and_posts_nothing_twice(world, ana, monkeypatch):
    """Somebody else posts between the sum and its writing: the older sum is thrown away."""
    world.deal(ana, "400")
    work_out, sums = refresh_payees._work_out, []

    def overtaken(payee_ids, now):
        due = work_out(payee_ids, now)
        sums.append(due)
        if len(sums) == 1:
            refresh_payees.refresh_payees(payee_ids, now=now)
        return due

    monkeypatch.setattr(refresh_payees, "_work_out", overtaken)
    refresh_payees.refresh_payees([ana], now=world.now)
    assert len(sums) == 3  # the overtaken one, the one that overtook it, and the one made again
    assert [line.amount for line in world.lines(ana, "money")] == [1600]
    assert world.refresh() == 0
