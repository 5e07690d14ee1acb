"""Badges: who has which, why, and how far the others are."""

from datetime import date

import pytest

from incentives.operations.read_badges import read_badges
from incentives.store import people


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.payee("Bo Lind")
    world.plan()
    world.quota(ana, "100000")
    return ana


def badge(world, payee, name):
    badges = read_badges(people.person(payee), now=world.now)
    return next(row for row in badges.rows if row.name == name)


def test_three_deals_on_a_day_are_a_hat_trick_with_its_reason(world, ana):
    for _ in range(3):
        world.deal(ana, "10", day="2026-11-10", product="MG Special")
    world.refresh()
    row = badge(world, ana, "Hat-trick")
    (award,) = row.awards
    assert (award.day, award.reached, award.at_least) == (date(2026, 11, 10), 3, 3)
    assert award.label == "MG Special"
    assert row.holders == 1


def test_a_badge_that_is_revoked_is_gone_and_within_reach_again(world, ana):
    for name in "ABC":
        world.deal(ana, "10", day="2026-11-18", external_id=name)
    world.refresh()
    assert badge(world, ana, "Hat-trick").progress is None
    world.deal(ana, "10", day="2026-11-18", external_id="B", reversed=True)
    world.refresh()
    row = badge(world, ana, "Hat-trick")
    assert row.awards == ()
    assert (row.progress.reached, row.progress.at_least) == (2, 3)
    assert row.progress.percent == 66


def test_progress_counts_the_current_span_only(world, ana):
    for day in ("2026-10-30", "2026-11-02", "2026-11-03"):
        world.deal(ana, "10", day=day)
    world.refresh()
    assert badge(world, ana, "Ten-deal month").progress.reached == 2
    assert badge(world, ana, "Hat-trick").progress.reached == 0


def test_a_badge_for_one_deal_shows_the_largest_of_the_quarter(world, ana):
    world.deal(ana, "4000", day="2026-10-02")
    world.deal(ana, "4999", day="2026-09-30")  # of the quarter before
    world.refresh()
    row = badge(world, ana, "Big one")
    assert (row.progress.reached, row.progress.percent) == (4000, 80)


def test_a_reached_threshold_counts_as_reached(world, ana):
    world.deal(ana, "5000")
    world.refresh()
    assert badge(world, ana, "Big one").times == 1


def test_without_a_plan_there_is_nothing_to_win(world):
    cy = world.payee("Cy Young")
    assert read_badges(people.person(cy), now=world.now).rows == ()
