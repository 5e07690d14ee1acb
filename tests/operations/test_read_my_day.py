"""One's own day: now, and as it began."""

from datetime import date
from decimal import Decimal

import pytest

from incentives.operations.change_holidays import add_holidays
from incentives.operations.change_leave import add_leave
from incentives.operations.read_my_day import day_version, read_my_day
from incentives.store import people


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    bo = world.payee("Bo Lind")
    world.plan()
    world.quota(ana, "1000")
    world.deal(bo, "300", day="2026-11-02")
    world.deal(ana, "200", day="2026-11-03")
    world.deal(ana, "400", day="2026-11-18")  # today
    world.refresh()
    return ana


def my_day(world, payee):
    return read_my_day(people.person(payee), now=world.now)


def test_then_is_the_day_without_what_happened_today(world, ana):
    day = my_day(world, ana)
    assert (day.then.credited, day.attainment.credited) == (200, 600)
    assert (day.then.ratio, day.attainment.ratio) == (Decimal("0.2"), Decimal("0.6"))
    # 200 at 4 %; then 300 at 4 % and 100 at 5 % on top
    assert (day.then.commission_minor, day.commission_minor) == (800, 800 + 1200 + 500)


def test_pace_and_the_days_left_know_holidays_and_leave(world, ana):
    by = world.login("Sam", "administrator")
    add_holidays([(date(2026, 11, 26), "Thanksgiving")], by=by, now=world.now)
    away = {"first_day": date(2026, 11, 16), "end_day": date(2026, 11, 18)}
    add_leave("ana-silva", **away, by=by, now=world.now)
    day = my_day(world, ana)
    assert round(day.attainment.pace, 4) == Decimal("0.5238")  # 35 - 2 of 66 - 3
    assert day.working_days_left == 66 - 35 - 1


def test_the_place_is_the_board_s_and_so_is_the_one_before(world, ana):
    day = my_day(world, ana)
    assert (day.then.place, day.row.standing.place) == (2, 1)


def test_points_are_of_today_and_of_the_quarter(world, ana):
    day = my_day(world, ana)
    assert (day.points_today, day.points_span) == (48, 96)


def test_the_gap_to_the_next_tier_is_in_revenue(world, ana):
    tiers = my_day(world, ana).tiers
    assert (tiers.current.number, tiers.reached, tiers.gap) == (2, 600, 150)
    assert tiers.following.rate == Decimal("0.06")


def test_a_streak_counts_weeks_with_a_win(world, ana):
    world.deal(ana, "10", day="2026-11-11")
    world.refresh()
    streak = my_day(world, ana).streak
    assert (streak.count, streak.longest) == (3, 3)  # 2, 9 and 16 November
    assert sum(won for _, won in streak.weeks) == 3


def test_who_has_no_quota_has_a_day_all_the_same(world, ana):
    bo = people.person_by_code("bo-lind").id
    day = my_day(world, bo)
    assert day.attainment.ratio is None
    assert day.tiers is None
    assert day.commission_minor == 0
    assert day.row.standing.place == 2


def test_who_is_on_no_board_and_no_plan_has_a_quiet_day(world):
    cy = people.person(world.login("Cy Young", "rep"))
    day = read_my_day(cy, now=world.now)
    assert day.row is None
    assert day.badges.rows == ()
    assert day.streak.count == 0


def test_the_version_stays_until_something_changes(world, ana):
    before = day_version(now=world.now)
    assert day_version(now=world.now) == before
    world.deal(ana, "10")
    world.refresh()
    assert day_version(now=world.now) != before
