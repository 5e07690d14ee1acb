"""What is a win, when it is quiet, and who took the lead."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.leads import Step, leads_taken
from incentives.core.recognition import QuietHours, is_quiet, is_told, kudos_left

CHICAGO = ZoneInfo("America/Chicago")
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
ANA, BO, CY = 1, 2, 3


def local(text, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True),
     ("07:00", False), ("12:00", False)],
)  # fmt: skip
def test_quiet_hours_go_over_midnight(clock, quiet):
    night = QuietHours(22 * 60, 7 * 60)
    assert night.holds_at(local(f"2026-11-18T{clock}"), CHICAGO) is quiet


@pytest.mark.parametrize(("clock", "quiet"), [("11:59", False), ("12:00", True), ("13:00", False)])
def test_quiet_hours_within_a_day_hold_up_to_their_end(clock, quiet):
    assert QuietHours(720, 780).holds_at(local(f"2026-11-18T{clock}"), CHICAGO) is quiet


def test_the_clock_on_the_wall_decides_when_it_is_put_forward():
    # On 8 March 2026 the hour from 2 to 3 is left out: 01:59 is followed by 03:00.
    until_half_past_two = QuietHours(22 * 60, 2 * 60 + 30)
    before = local("2026-03-08T01:59")
    assert until_half_past_two.holds_at(before, CHICAGO)
    assert not until_half_past_two.holds_at(before + timedelta(minutes=1), CHICAGO)


def test_the_clock_on_the_wall_decides_when_it_is_put_back():
    # On 1 November 2026 the hour from 1 to 2 comes twice: quiet until 1:30 holds in both.
    until_half_past_one = QuietHours(22 * 60, 90)
    said = [
        until_half_past_one.holds_at(local(f"2026-11-01T{clock}", fold), CHICAGO)
        for clock, fold in (("01:29", 0), ("01:30", 0), ("01:29", 1), ("01:30", 1))
    ]
    assert said == [True, False, True, False]


def test_it_is_quiet_in_the_companys_hours_and_in_ones_own():
    hours = [QuietHours(1320, 420), QuietHours(720, 780)]
    assert is_quiet(hours, local("2026-11-18T12:30"), CHICAGO)
    assert is_quiet(hours, local("2026-11-18T23:00"), CHICAGO)
    assert not is_quiet(hours, local("2026-11-18T15:00"), CHICAGO)
    assert not is_quiet([], local("2026-11-18T23:00"), CHICAGO)


@pytest.mark.parametrize(
    ("worth", "floor", "told"),
    [("999.99", "1000", False), ("1000", "1000", True), (None, "1000", False), (None, "0", True)],
)
def test_a_deal_is_told_from_the_floor_on(worth, floor, told):
    assert is_told(worth and Decimal(worth), Decimal(floor)) is told


def test_an_allowance_that_was_lowered_leaves_nothing_and_not_less():
    assert [kudos_left(5, 3), kudos_left(5, 5), kudos_left(2, 5), kudos_left(0, 0)] == [2, 0, 0, 0]


def steps(*said):
    """(who, value) each an hour after the other."""
    return [
        Step(who, number, START + timedelta(hours=number), Decimal(value))
        for number, (who, value) in enumerate(said)
    ]


def test_who_overtakes_takes_the_lead():
    # Ana 100; Bo 60, then 120 > 100; Ana 130 > 120.
    found = leads_taken(steps((ANA, 100), (BO, 60), (BO, 60), (ANA, 30)))
    assert [(each.entrant_id, each.activity_id, each.score) for each in found] == [
        (BO, 2, 120),
        (ANA, 3, 130),
    ]


def test_who_is_first_to_score_overtakes_nobody():
    assert leads_taken(steps((ANA, 100))) == []


def test_who_draws_level_does_not_lead():
    # 100 each; then Bo 101.
    found = leads_taken(steps((ANA, 100), (BO, 100), (BO, 1)))
    assert [(each.entrant_id, each.score) for each in found] == [(BO, 101)]


def test_who_is_left_in_front_has_taken_nothing():
    # Ana falls from 100 to 50 and Bo leads with 80 without doing anything; then Cy has 90.
    found = leads_taken(steps((ANA, 100), (BO, 80), (ANA, -50), (CY, 90)))
    assert [(each.entrant_id, each.score) for each in found] == [(CY, 90)]


def test_what_happens_at_one_moment_counts_together():
    # At nine Ana has 10. At ten Bo has 20 and Ana 30 more: 40. Nobody overtook her.
    at_ten = START + timedelta(hours=1)
    found = leads_taken(
        [
            Step(ANA, 1, START, Decimal(10)),
            Step(BO, 2, at_ten, Decimal(20)),
            Step(ANA, 3, at_ten, Decimal(30)),
        ]
    )
    assert found == []


@given(st.lists(st.tuples(st.sampled_from([ANA, BO, CY]), st.integers(-5, 9)), max_size=30))
def test_the_last_who_took_the_lead_led_then(said):
    """Held against the whole table, added up anew at each step."""
    done = steps(*said)
    for lead in leads_taken(done):
        so_far = [step for step in done if step.at <= lead.at]
        scores = {who: sum(s.value for s in so_far if s.entrant_id == who) for who in (1, 2, 3)}
        mine = scores.pop(lead.entrant_id)
        assert mine == lead.score
        assert all(mine > other for other in scores.values())
    assert leads_taken(reversed(done)) == leads_taken(done)
