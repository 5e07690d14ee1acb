"""Fair readings of a number: the arithmetic of each, and who cannot be ranked by it."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from incentives.core.boards.definition import read_definition
from incentives.core.boards.readings import Done, improvement, of_target, per_available_day, raw
from incentives.core.boards.scoring import Inputs, available_days, entries, score
from incentives.core.measures import KPIS
from incentives.core.ranking import NEVER
from incentives.core.standings import Entrant, MeasuredSpan
from tests.core.boards.documents import document, monday

REVENUE, WIN_RATE, DAYS = KPIS["revenue"], KPIS["win_rate"], KPIS["days_to_close"]


def sold(amount, **more):
    return Done(REVENUE, {"revenue": Decimal(amount)}, **more)


def won(deals, of, least=20):
    values = {"deals_won": Decimal(deals), "deals_closed": Decimal(of)}
    return Done(replace(WIN_RATE, minimum_volume=least), values)


def took(days, deals, **more):
    values = {"days_to_close": Decimal(days), "deals_dated": Decimal(deals)}
    return Done(DAYS, values, **more)


def test_raw_is_the_number_itself():
    assert raw(sold("1234.50")) == Decimal("1234.50")


def test_one_of_one_never_beats_thirty_of_forty_at_a_minimum_of_twenty():
    assert raw(won(1, 1)) is None
    assert raw(won(30, 40)) == Fraction(3, 4)
    assert raw(won(15, 20)) == Fraction(3, 4)


@pytest.mark.parametrize(
    ("amount", "target", "share"),
    [("40", 50, "0.8"), ("50", 50, "1"), ("60", 50, "1.2"), ("0", 50, "0")],
)
def test_of_target_is_the_share_that_is_reached(amount, target, share):
    assert of_target(sold(amount, target=Fraction(target))) == Decimal(share)


def test_without_a_target_above_0_nobody_is_ranked_by_it():
    assert of_target(sold("40")) is None
    assert of_target(sold("40", target=Fraction(0))) is None


@pytest.mark.parametrize(("days", "share"), [(150, "1"), (75, "1.5"), (180, "0.8"), (0, "2")])
def test_where_less_is_better_a_target_is_met_at_equality(days, share):
    # Five deals and a target of 30 days: 150 days are 30 a deal.
    assert of_target(took(days, 5, target=Fraction(30))) == Decimal(share)


def test_per_available_day_divides_by_the_days_one_was_there():
    assert per_available_day(sold("100", days=3)) == Fraction(100, 3)


def test_who_was_away_all_the_time_is_unranked_and_not_last():
    assert per_available_day(sold("0", days=0)) is None
    assert per_available_day(sold("0", days=1)) == 0


def test_a_ratio_is_not_divided_by_days():
    assert per_available_day(replace(won(30, 40), days=7)) == Fraction(3, 4)


def test_improvement_compares_what_was_done_a_day():
    # 300 in 10 days are 30 a day; 1,000 in 40 days were 25 a day: a fifth better.
    done = sold("300", days=10, before={"revenue": Decimal(1000)}, days_before=40)
    assert improvement(done) == Fraction(1, 5)


def test_fewer_days_than_before_are_an_improvement():
    # 20 days a deal after 25: a fifth better.
    before = {"days_to_close": Decimal(125), "deals_dated": Decimal(5)}
    done = Done(DAYS, took(100, 5).values, days=1, before=before, days_before=1)
    assert improvement(done) == Fraction(1, 5)


def test_without_a_baseline_above_0_there_is_nothing_to_improve_on():
    assert improvement(sold("300", days=10, days_before=40)) is None
    before = {"revenue": Decimal(1000)}
    assert improvement(sold("300", days=10, before=before, days_before=0)) is None


def measured(**values):
    return MeasuredSpan({slug: Decimal(value) for slug, value in values.items()})


def test_a_weighed_score_adds_up_the_shares_of_the_own_targets():
    # 2 of 4 deals weigh 20, 40k of 20k weigh 80, and nothing caps them: 10 + 160.
    board = read_definition(
        document(
            scores=[{"kpi": "deals_won", "weight": "20"}, {"kpi": "revenue", "weight": "80"}],
            reading={"kind": "of_target"},
        )
    )
    inputs = Inputs(
        {1: measured(deals_won=2, revenue=40_000)},
        targets={"deals_won": {1: Fraction(4)}, "revenue": {1: Fraction(20_000)}},
    )
    assert score(board, 1, inputs) == 170


def test_who_cannot_be_read_in_one_number_has_no_weighed_score():
    board = read_definition(
        document(
            scores=[{"kpi": "deals_won", "weight": "20"}, {"kpi": "revenue", "weight": "80"}],
            reading={"kind": "of_target"},
        )
    )
    inputs = Inputs({1: measured(deals_won=2)}, targets={"deals_won": {1: Fraction(4)}})
    assert score(board, 1, inputs) is None


def test_thirds_add_up_to_a_whole():
    # 1/3 + 2/3 of two targets is level with 1 of one, to the last digit.
    board = read_definition(
        document(scores=[{"kpi": "calls"}, {"kpi": "demos"}], reading={"kind": "of_target"})
    )
    three = {1: Fraction(3), 2: Fraction(3)}
    inputs = Inputs(
        {1: measured(calls=1, demos=2), 2: measured(calls=3)},
        targets={"calls": three, "demos": three},
    )
    assert score(board, 1, inputs) == score(board, 2, inputs) == 1


def test_a_score_is_reached_when_the_last_of_its_numbers_grew():
    board = read_definition(document(scores=[{"kpi": "calls"}, {"kpi": "demos"}]))
    done = measured(calls=1, demos=1)
    done.raised_at.update(calls=5, demos=9)
    ana, bo = entries(board, [Entrant(1, "Ana"), Entrant(2, "Bo")], Inputs({1: done}))
    assert (ana.score, ana.first_reached) == (2, 9)
    assert (bo.score, bo.first_reached) == (0, NEVER)


def test_available_days_are_working_days_without_holidays_and_leave_in_the_team():
    # Two weeks from Monday; there from Wednesday on; Friday off; the second Monday is a holiday.
    first = monday()
    spells = [(first.replace(day=4), None)]
    off = {first.replace(day=6), first.replace(day=9)}
    assert available_days(spells, first, first.replace(day=16), off) == 3 - 1 + 5 - 1
