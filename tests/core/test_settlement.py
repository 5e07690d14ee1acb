"""Semantics 10, 18 and 20: from what was earned to what is paid, worked by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.core.pay_terms import Draw, Guarantee, Holdback, Terms
from incentives.core.settlement import PayPeriod, one_after_another, settle, side_by_side

DRAW_2000 = Draw("recoverable", Decimal(2000))


def months(earned, *, terms=None, first=None, **on_cash):
    """Pay periods from January 2026 on, of whole dollars earned, all on the same terms.

    `terms` are keywords of Terms; `first` is the first of them that is assigned.
    """
    return [
        PayPeriod(
            key=f"2026-{number:02}",
            first_day=date(2026, number, 1),
            earned=amount * 100,
            terms=Terms(number, **terms) if terms else None,
            **{name: by_month.get(number, {}) for name, by_month in on_cash.items()},
        )
        for number, amount in enumerate(earned, start=1)
    ]


def dollars(settled, name):
    """One column of a settlement in dollars."""
    read = [getattr(row, name) for row in settled]
    amounts = [getattr(value, "closing", value) for value in read]
    return [amount / 100 if amount % 100 else amount // 100 for amount in amounts]


def test_a_recoverable_draw_fills_up_and_is_recovered_from_what_exceeds_it():
    # March lacks 500; April earns 375 above the draw, so 125 are still owed; May pays them back.
    settled = settle(months([2750, 3000, 1500, 2375, 3000, 2750], terms={"draw": DRAW_2000}), "USD")
    assert dollars(settled, "draw") == [0, 0, 500, 0, 0, 0]
    assert dollars(settled, "recovered") == [0, 0, 0, 375, 125, 0]
    assert dollars(settled, "owed") == [0, 0, 500, 125, 0, 0]
    assert dollars(settled, "payout") == [2750, 3000, 2000, 2000, 2875, 2750]


def test_a_non_recoverable_draw_is_forgiven():
    draw = Draw("non_recoverable", Decimal(2000))
    settled = settle(months([1500, 2600], terms={"draw": draw}), "USD")
    assert dollars(settled, "payout") == [2000, 2600]
    assert dollars(settled, "owed") == [0, 0]


def test_recovery_begins_as_many_pay_periods_after_the_draws_first_as_it_says():
    # Owed 500 after January. 800 are left over in February and are not touched; March pays back.
    draw = Draw("recoverable", Decimal(2000), recover_after=2)
    settled = settle(months([1500, 2800, 2800], terms={"draw": draw}), "USD")
    assert dollars(settled, "owed") == [500, 500, 0]
    assert dollars(settled, "payout") == [2000, 2800, 2300]


def test_recovery_takes_at_most_its_share_of_the_surplus():
    # 1,000 owed. 800 above the draw in February: half of it, 400, is recovered.
    draw = Draw("recoverable", Decimal(2000), recover_at_most=Decimal("0.5"))
    settled = settle(months([1000, 2800, 2001], terms={"draw": draw}), "USD")
    assert dollars(settled, "recovered") == [0, 400, 0.5]
    assert dollars(settled, "payout") == [2000, 2400, 2000.5]


def test_a_share_of_one_cent_rounds_half_up():
    draw = Draw("recoverable", Decimal(20), recover_at_most=Decimal("0.5"))
    periods = [
        PayPeriod("2026-01", date(2026, 1, 1), 0, Terms(1, draw)),
        PayPeriod("2026-02", date(2026, 2, 1), 2001, Terms(2, draw)),
    ]
    assert [row.recovered for row in settle(periods, "USD")] == [0, 1]


def test_after_the_draw_ends_it_counts_as_nothing_and_recovery_goes_on():
    # Until March: owed 1,500. Then all that is earned goes to recovery until it is paid back.
    draw = Draw("recoverable", Decimal(2000), end_day=date(2026, 3, 1))
    settled = settle(months([1000, 1500, 900, 700, 800], terms={"draw": draw}), "USD")
    assert dollars(settled, "draw") == [1000, 500, 0, 0, 0]
    assert dollars(settled, "recovered") == [0, 0, 900, 600, 0]
    assert dollars(settled, "payout") == [2000, 2000, 0, 100, 800]


def test_a_draw_runs_where_the_pay_period_begins_within_its_days():
    draw = Draw("recoverable", Decimal(100), date(2026, 1, 2), date(2026, 3, 1))
    settled = settle(months([0, 0, 0], terms={"draw": draw}), "USD")
    assert dollars(settled, "draw") == [0, 100, 0]


def test_what_is_owed_stays_owed_when_the_payee_leaves_the_plan():
    periods = [*months([1500], terms={"draw": DRAW_2000}), *months([0, 300])[1:]]
    settled = settle(periods, "USD")
    assert dollars(settled, "owed") == [500, 200]
    assert dollars(settled, "payout") == [2000, 0]


def test_a_second_draw_adds_to_the_same_debt_and_says_how_all_of_it_is_recovered():
    # 400 owed of the first draw, 300 of the second; its recovery begins a month after its first.
    first = Draw("recoverable", Decimal(2000), end_day=date(2026, 2, 1))
    second = Draw("recoverable", Decimal(1000), date(2026, 3, 1), recover_after=1)
    earned = [
        *months([1600, 100], terms={"draw": first}),
        *months([0, 0, 700, 1900], terms={"draw": second})[2:],
    ]
    settled = settle(earned, "USD")
    assert dollars(settled, "owed") == [400, 300, 600, 0]
    assert dollars(settled, "payout") == [2000, 0, 1000, 1300]


def test_a_new_version_of_the_same_draw_begins_no_new_count():
    waits = Draw("recoverable", Decimal(2000), recover_after=1)
    higher = Draw("recoverable", Decimal(2200), recover_after=1)
    periods = [
        *months([1500], terms={"draw": waits}),
        *months([0, 2300], terms={"draw": higher})[1:],
    ]
    assert dollars(settle(periods, "USD"), "recovered") == [0, 100]


def test_a_new_assignment_begins_a_new_count():
    # Owed 500 when the payee left; back in March, the draw waits its month again.
    waits = {"draw": Draw("recoverable", Decimal(2000), recover_after=1)}
    back = [
        PayPeriod(f"2026-{month:02}", date(2026, month, 1), 230000, Terms(number, **waits))
        for number, month in enumerate((3, 4), start=1)
    ]
    settled = settle([*months([1500], terms=waits), *months([0, 0])[1:], *back], "USD")
    assert dollars(settled, "recovered") == [0, 0, 0, 300]


def test_negative_earnings_become_debt_under_a_draw():
    # 500 was taken back: the draw pays 2,500, so that 2,000 are paid, and all of it is owed.
    settled = settle(months([-500, 3000], terms={"draw": DRAW_2000}), "USD")
    assert dollars(settled, "draw") == [2500, 0]
    assert dollars(settled, "owed") == [2500, 1500]
    assert dollars(settled, "carried") == [0, 0]
    assert dollars(settled, "payout") == [2000, 2000]


def test_a_negative_is_carried_over_three_pay_periods():
    settled = settle(months([1000, -900, 400, 300, 600]), "USD")
    assert dollars(settled, "carried") == [0, -900, -500, -200, 0]
    assert dollars(settled, "payout") == [1000, 0, 0, 0, 400]
    assert [row.carried.opening for row in settled] == [0, 0, -90000, -50000, -20000]
    assert [row.carried.movement for row in settled] == [0, -90000, 40000, 30000, 20000]


def test_a_surplus_is_not_banked():
    settled = settle(months([5000, 1000], terms={"draw": DRAW_2000}), "USD")
    assert dollars(settled, "payout") == [5000, 2000]


def test_draw_debt_is_recovered_before_a_carried_negative_is_set_off():
    # January owes 600 of the draw. February, without one, carries 300. March earns 700:
    # 600 go to the draw, the other 100 to what is carried.
    draw = Draw("recoverable", Decimal(2000), end_day=date(2026, 2, 1))
    settled = settle(months([1400, -300, 700], terms={"draw": draw}), "USD")
    assert dollars(settled, "recovered") == [0, 0, 600]
    assert dollars(settled, "carried") == [0, -300, -200]
    assert dollars(settled, "payout") == [2000, 0, 0]


def test_setting_off_a_carried_negative_leaves_a_running_draw():
    # 300 carried; then a draw of 2,000 begins. 2,100 earned: 100 above it are set off.
    draw = Draw("recoverable", Decimal(2000), first_day=date(2026, 2, 1))
    settled = settle(months([-300, 1500, 2100, 2600], terms={"draw": draw}), "USD")
    assert dollars(settled, "payout") == [0, 2000, 2000, 2000]
    assert dollars(settled, "owed") == [0, 500, 400, 0]
    assert dollars(settled, "carried") == [-300, -300, -300, -100]


def test_a_guarantee_tops_up_in_the_first_pay_periods_and_is_kept():
    guarantee = Guarantee(Decimal(3000), periods=2)
    settled = settle(months([2500, -100, 2500], terms={"guarantee": guarantee}), "USD")
    assert dollars(settled, "guaranteed") == [500, 3100, 0]
    assert dollars(settled, "payout") == [3000, 3000, 2500]


def test_the_guarantee_looks_at_what_is_left_after_the_holdback():
    # 1,000 less 20 % are 800: 200 are topped up. The 200 held come back on top of February's 800.
    terms = {"guarantee": Guarantee(Decimal(1000), periods=2), "holdback": Holdback(Decimal(20), 1)}
    settled = settle(months([1000, 1000], terms=terms), "USD")
    assert dollars(settled, "guaranteed") == [200, 0]
    assert dollars(settled, "payout") == [1000, 1000]


def test_the_guarantee_comes_before_the_draw():
    # Guaranteed to 1,500; the draw pays only the 500 above that, and only those are owed.
    terms = {"guarantee": Guarantee(Decimal(1500), periods=1), "draw": DRAW_2000}
    settled = settle(months([1000, 2600], terms=terms), "USD")
    assert dollars(settled, "guaranteed") == [500, 0]
    assert dollars(settled, "draw") == [500, 0]
    assert dollars(settled, "payout") == [2000, 2100]


def test_recovery_leaves_guaranteed_pay():
    # 500 owed of a draw that ended; 3,200 earned, of which 200 are above the guarantee.
    draw = Draw("recoverable", Decimal(4000), end_day=date(2026, 2, 1))
    terms = {"guarantee": Guarantee(Decimal(3000), periods=2), "draw": draw}
    settled = settle(months([3500, 3200, 3200], terms=terms), "USD")
    assert dollars(settled, "recovered") == [0, 200, 300]
    assert dollars(settled, "payout") == [4000, 3000, 2900]


def test_a_part_is_held_back_and_released_pay_periods_later():
    # 20 % of 1,000, 500 and 0; each comes back three months later.
    holdback = Holdback(Decimal(20), after=3)
    settled = settle(months([1000, 500, 0, 100, 0], terms={"holdback": holdback}), "USD")
    assert dollars(settled, "held_back") == [200, 100, 0, 20, 0]
    assert dollars(settled, "released") == [0, 0, 0, 200, 100]
    assert dollars(settled, "on_hold") == [200, 300, 300, 120, 20]
    assert dollars(settled, "payout") == [800, 400, 0, 280, 100]


def test_what_was_held_is_released_after_the_plan_stopped_holding():
    holdback = Holdback(Decimal(50), after=1)
    periods = [*months([100], terms={"holdback": holdback}), *months([0, 0])[1:]]
    assert dollars(settle(periods, "USD"), "payout") == [50, 50]


def test_the_draw_looks_at_what_is_left_after_the_holdback():
    # 2,400 less 25 % are 1,800: the draw pays 200. The 600 released later pay it back.
    terms = {"holdback": Holdback(Decimal(25), after=1), "draw": DRAW_2000}
    settled = settle(months([2400, 2000], terms=terms), "USD")
    assert dollars(settled, "draw") == [200, 0]
    assert dollars(settled, "recovered") == [0, 100]
    assert dollars(settled, "payout") == [2000, 2000]


CASH = {"holdback": Holdback(Decimal(50))}


def test_a_part_is_released_in_step_with_the_cash_received():
    # Half of 100.01 is 50.005, held as 50.01. A third of the cash releases 16.67, two thirds
    # 33.34 in all, and the whole 50.01: 16.67, 16.67 and 16.67.
    third = Fraction(1, 3)
    periods = [
        PayPeriod("2026-01", date(2026, 1, 1), 10001, Terms(1, **CASH), {7: 10001}),
        *(
            PayPeriod(f"2026-{n}", date(2026, n, 1), 0, Terms(n, **CASH), {}, {7: (n - 1) * third})
            for n in (2, 3, 4)
        ),
    ]
    settled = settle(periods, "USD")
    assert [row.held_back for row in settled] == [5001, 0, 0, 0]
    assert [row.released for row in settled] == [0, 1667, 1667, 1667]


def test_three_parts_of_a_hundred_leave_no_cent_behind():
    # 100.00 held: 33.33, then 66.67 in all, then everything.
    holdback = {"holdback": Holdback(Decimal(100))}
    received = {n: {7: Fraction(n, 3)} for n in (1, 2, 3)}
    settled = settle(
        months([100, 0, 0], terms=holdback, on_deals={1: {7: 10000}}, received=received), "USD"
    )
    assert [row.released for row in settled] == [3333, 3334, 3333]


def test_what_hangs_on_no_deal_is_not_held_for_cash():
    settled = settle(months([300], terms=CASH, on_deals={1: {7: 10000}}), "USD")
    assert dollars(settled, "held_back") == [50]
    assert dollars(settled, "payout") == [250]


def test_a_reversed_deal_gives_back_what_was_held_and_takes_back_what_was_released():
    # 100 earned: 50 held, half of it released. Reversed: 100 are taken back, of them 50 from the
    # hold; the 25 released are taken out of pay. 50 + 25 were paid, and 75 are taken back.
    received = {2: {7: Fraction(1, 2)}, 3: {7: Fraction(1, 2)}}
    on_deals = {1: {7: 10000}, 3: {7: -10000}}
    settled = settle(
        months([100, 0, -100], terms=CASH, on_deals=on_deals, received=received), "USD"
    )
    assert dollars(settled, "held_back") == [50, 0, -50]
    assert dollars(settled, "released") == [0, 25, -25]
    assert dollars(settled, "on_hold") == [50, 25, 0]
    assert dollars(settled, "carried") == [0, 0, -75]


def test_a_deal_is_given_back_as_it_was_held_though_the_plan_now_holds_otherwise():
    later = {"holdback": Holdback(Decimal(10), after=1)}
    periods = [
        *months([100], terms=CASH, on_deals={1: {7: 10000}}),
        *months([0, -100], terms=later, on_deals={2: {7: -10000}})[1:],
    ]
    assert dollars(settle(periods, "USD"), "held_back") == [50, -50]


def test_refunded_cash_takes_the_release_back():
    received = {1: {7: Fraction(1)}, 2: {7: Fraction(1, 2)}}
    settled = settle(
        months([100, 0], terms=CASH, on_deals={1: {7: 10000}}, received=received), "USD"
    )
    assert dollars(settled, "released") == [50, -25]


@pytest.mark.parametrize(("currency", "minor"), [("USD", 200000), ("JPY", 2000), ("KWD", 2000000)])
def test_terms_are_in_major_units_of_the_plans_currency(currency, minor):
    [row] = settle([PayPeriod("2026-01", date(2026, 1, 1), 0, Terms(1, DRAW_2000))], currency)
    assert row.payout == minor


def test_a_settlement_explains_itself():
    terms = {
        "draw": Draw("recoverable", Decimal(2000), recover_after=2, recover_at_most=Decimal("0.5")),
        "guarantee": Guarantee(Decimal(1000), periods=3),
        "holdback": Holdback(Decimal(20), after=3),
    }
    *_, february = settle(months([1000, 3000], terms=terms), "USD")
    assert february.working == {
        "held_percent": "20",
        "released_after": 3,
        "least": 100000,
        "pay_period": 2,
        "of_pay_periods": 3,
        "draw": 200000,
        "draw_kind": "recoverable",
        "surplus": 40000,
        "recover_at_most": "0.5",
        "recovery_begins": False,
    }


def test_pay_periods_one_after_another_open_as_the_first_and_close_as_the_last():
    settled = settle(months([1500, 2600, 1000, 2100], terms={"draw": DRAW_2000}), "USD")
    # Owed 500, then 0, 1,000 and 900.
    last = one_after_another(settled[1:])
    assert (last.period, last.earned, last.draw, last.recovered, last.payout) == (
        "2026-02 to 2026-04",
        570000,
        100000,
        60000,
        610000,
    )
    assert (last.owed.opening, last.owed.movement, last.owed.closing) == (50000, 40000, 90000)
    assert one_after_another(settled[:1]) is settled[0]


def test_accounts_side_by_side_are_sums():
    [ana] = settle(months([1500], terms={"draw": DRAW_2000}), "USD")
    *_, bo = settle(months([-300, 100]), "USD")
    both = side_by_side("2026-01", [ana, bo])
    assert (both.earned, both.draw, both.payout) == (160000, 50000, 200000)
    assert (both.owed.closing, both.carried.opening, both.carried.closing) == (
        50000,
        -30000,
        -20000,
    )
    assert side_by_side("2026-01", []).payout == 0


EARNED = st.integers(-300_000, 500_000)
SHARES = st.decimals("0.01", "1", places=2)
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))
AMOUNTS = st.decimals("0", "4000", places=2)
DRAWS = st.builds(
    Draw,
    st.sampled_from(["recoverable", "non_recoverable"]),
    AMOUNTS,
    DAYS,
    DAYS,
    st.integers(0, 4),
    SHARES,
)
HOLDBACKS = st.builds(Holdback, st.decimals("0.01", "100", places=2), st.none() | st.integers(1, 4))
TERMS = st.tuples(
    st.none() | DRAWS,
    st.none() | st.builds(Guarantee, AMOUNTS, st.integers(1, 4)),
    st.none() | HOLDBACKS,
)


@st.composite
def histories(draw):
    """Pay periods on up to two plan versions, with deals, cash and perhaps a leaving."""
    versions = draw(st.lists(TERMS, min_size=2, max_size=2))
    change, left = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    periods = []
    for number in range(1, 7):
        earned = draw(EARNED)
        on_deals = draw(st.dictionaries(st.integers(1, 2), EARNED, max_size=2))
        received = draw(st.dictionaries(st.integers(1, 2), SHARES.map(Fraction), max_size=2))
        terms = Terms(number, *versions[number >= change]) if number < left else None
        first_day = date(2026, number, 1)
        key = f"2026-{number:02}"
        total = earned + sum(on_deals.values())
        periods.append(PayPeriod(key, first_day, total, terms, on_deals, received))
    return periods


@given(histories())
@settings(deadline=None)
def test_nothing_is_lost_and_balances_open_as_they_closed(periods):
    settled = settle(periods, "USD")
    paid = sum(row.payout for row in settled)
    earned = sum(period.earned for period in periods)
    topped_up = sum(row.guaranteed + row.draw - row.recovered for row in settled)
    last = settled[-1]
    assert paid + last.on_hold.closing + last.carried.closing == earned + topped_up
    for name in ("on_hold", "owed", "carried"):
        balances = [getattr(row, name) for row in settled]
        assert [b.opening for b in balances] == [0, *(b.closing for b in balances[:-1])]
    assert all(row.foots for row in settled)


@given(histories())
@settings(deadline=None)
def test_pay_is_never_negative_and_keeps_what_was_promised(periods):
    for period, row in zip(periods, settle(periods, "USD"), strict=True):
        assert row.payout >= 0
        assert row.owed.closing >= 0
        assert row.carried.closing <= 0
        terms = period.terms or Terms(0)
        for promise in (terms.running_draw(period.first_day), terms.running_guarantee):
            assert promise is None or row.payout >= promise.amount * 100


@given(histories())
@settings(deadline=None)
def test_in_the_end_exactly_what_was_held_is_released(periods):
    # Five more months in which all cash is there and nothing is earned.
    all_cash = dict.fromkeys((1, 2), Fraction(1))
    end = [PayPeriod(f"2027-{n:02}", date(2027, n, 1), 0, received=all_cash) for n in range(1, 6)]
    settled = settle([*periods, *end], "USD")
    assert sum(row.held_back for row in settled) == sum(row.released for row in settled)
    assert settled[-1].on_hold.closing == 0


@given(st.lists(EARNED, min_size=1, max_size=12), AMOUNTS)
@settings(deadline=None)
def test_debt_is_what_the_draw_paid_less_what_was_recovered(earned, amount):
    terms = {"draw": Draw("recoverable", amount)}
    settled = settle(months([e // 100 for e in earned], terms=terms), "USD")
    for number, row in enumerate(settled, start=1):
        paid = sum(each.draw - each.recovered for each in settled[:number])
        assert row.owed.closing == paid
        surplus = max(0, row.earned - amount * 100)
        assert row.recovered == min(row.owed.opening, surplus)
