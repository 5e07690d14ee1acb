"""Places in the whole, in divisions and in leagues; what decides ties; the edges of the best."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.boards.benchmarks import benchmarks
from incentives.core.boards.divisions import NEW, SETTLED, division
from incentives.core.boards.leagues import Result, ladder_after, leagues_of, next_ladder
from incentives.core.boards.ranked import ranked_rows, with_zones
from incentives.core.boards.spans import compared_with, rolling, spans_before
from incentives.core.boards.tie_chain import FIRST_REACHED, MEASURE, NAME, decided, secondary
from incentives.core.calendar import Calendar
from incentives.core.measures import KPIS
from incentives.core.ranking import NEVER, Entry
from incentives.core.standings import Entrant

CALENDAR = Calendar(ZoneInfo("UTC"))
NAMES = ["Ana", "Bo", "Cy", "Di", "Ed", "Fay"]


def board(scores, *, groups=None, order=(), places="competition"):
    entrants = [Entrant(at, NAMES[at]) for at in range(len(scores))]
    entries = [
        Entry(at, NAMES[at], None if score is None else Decimal(score))
        for at, score in enumerate(scores)
    ]
    return ranked_rows(
        entrants, entries, lower_is_better=False, places=places, groups=groups, order=order
    )


def told(rows):
    return [(row.entrant.name, row.standing.place, row.above) for row in rows]


def test_each_row_knows_the_place_of_the_next_better_score():
    assert told(board([50, 50, 30, 30, 10])) == [
        ("Ana", 1, None),
        ("Bo", 1, None),
        ("Cy", 3, 1),
        ("Di", 3, 1),
        ("Ed", 5, 3),
    ]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ("competition", [1, 1, 3, 3, 5]),
        ("dense", [1, 1, 2, 2, 3]),
        ("ordinal", [1, 2, 3, 4, 5]),
    ],
)
def test_places_are_counted_as_the_board_says(places, expected):
    rows = board([50, 50, 30, 30, 10], places=places)
    assert [row.standing.place for row in rows] == expected


def test_equal_ratios_are_level_however_they_came_about():
    entrants = [Entrant(0, "Ana"), Entrant(1, "Bo")]
    entries = [Entry(0, "Ana", Fraction(1, 3)), Entry(1, "Bo", Fraction(2, 6))]
    rows = ranked_rows(entrants, entries, lower_is_better=False, places="competition")
    assert [row.standing.place for row in rows] == [1, 1]


def test_divisions_are_ranked_each_for_itself():
    groups = {0: SETTLED, 1: NEW, 2: SETTLED, 3: NEW}
    rows = board([50, 40, 30, 60], groups=groups, order=(SETTLED, NEW))
    assert told(rows) == [("Ana", 1, None), ("Cy", 2, 1), ("Di", 1, None), ("Bo", 2, 1)]


def test_new_is_who_began_less_than_so_many_days_ago():
    today = date(2026, 11, 18)
    assert division(date(2026, 8, 21), today, 90) == NEW
    assert division(date(2026, 8, 20), today, 90) == SETTLED
    assert division(None, today, 90) == SETTLED


def test_the_last_of_a_league_and_the_first_of_the_next_change_places():
    # Leagues of two: Ana, Bo | Cy, Di | Ed. Best of the period: Di, Ed, Ana, Bo, Cy.
    ladder = next_ladder([0, 1, 2, 3, 4], Result([3, 4, 0, 1, 2], {0, 1, 2, 3, 4}), 2, 1)
    # Di goes up and Bo down; Ed goes up and Cy down.
    assert leagues_of(ladder, {0, 1, 2, 3, 4}, 2) == {0: 1, 3: 1, 1: 2, 4: 2, 2: 3}


def test_nobody_goes_up_without_a_place():
    ladder = next_ladder([0, 1, 2, 3], Result([0, 1, 2, 3], {0, 1}), 2, 1)
    assert leagues_of(ladder, {0, 1, 2, 3}, 2) == {0: 1, 1: 1, 2: 2, 3: 2}


def test_who_leaves_is_made_up_for_from_below_and_who_comes_begins_at_the_foot():
    results = [Result([0, 1, 2, 3], {0, 1, 2, 3}), Result([1, 2, 3, 4], {1, 2, 3, 4})]
    # Ana left: Bo and Cy are the first league, Di and the new Ed the second; Di and Cy change.
    assert leagues_of(ladder_after(results, 2, 1), {1, 2, 3, 4}, 2) == {1: 1, 3: 1, 2: 2, 4: 2}


def test_leagues_show_who_would_go_up_and_down():
    names = ("League 1", "League 2")
    groups = dict.fromkeys((0, 1, 2), names[0]) | dict.fromkeys((3, 4, 5), names[1])
    rows = with_zones(board([50, 40, 30, 25, None, 20], groups=groups, order=names), names, 1)
    assert [(row.entrant.name, row.zone) for row in rows] == [
        ("Ana", None),
        ("Bo", None),
        ("Cy", "down"),
        ("Di", "up"),
        ("Fay", None),
        ("Ed", None),
    ]


RESULTS = st.lists(
    st.tuples(st.permutations(range(7)), st.integers(2, 7)).map(
        lambda drawn: Result(drawn[0][: drawn[1]], set(drawn[0][: drawn[1] - 1]))
    ),
    min_size=1,
    max_size=6,
)


@given(RESULTS, st.integers(2, 4))
def test_every_league_but_the_last_is_full_and_everybody_is_in_one(results, size):
    ladder = ladder_after(results, size, size // 2)
    assert sorted(ladder) == sorted(results[-1].order)
    found = leagues_of(ladder, results[-1].order, size)
    counts = [list(found.values()).count(league) for league in sorted(set(found.values()))]
    assert counts[:-1] == [size] * (len(counts) - 1)


def test_ties_are_decided_by_measures_then_by_who_was_first_then_by_name():
    calls = [KPIS["calls"], KPIS["days_to_close"]]
    days = {"days_to_close": Decimal(100), "deals_dated": Decimal(5)}
    ana = Entry(1, "Ana", Decimal(1), 7, secondary(calls, {"calls": Decimal(3), **days}))
    bo = Entry(2, "Bo", Decimal(1), 5, secondary(calls, {"calls": Decimal(3)}))
    reason = decided(ana, bo, calls)
    # Less is better in the second, and who has no number there stands behind.
    assert (reason.link, reason.label, reason.is_above) == (MEASURE, "Days to close", True)
    assert (reason.mine, reason.theirs) == (20, None)
    cy = Entry(3, "Cy", Decimal(1), 7, ana.secondary)
    di = Entry(4, "di", Decimal(1), NEVER, ana.secondary)
    assert (decided(ana, cy, calls).link, decided(cy, ana, calls).is_above) == (NAME, False)
    assert decided(ana, di, calls) == decided(ana, di, calls)
    assert (decided(di, ana, calls).link, decided(di, ana, calls).mine) == (FIRST_REACHED, None)


def test_the_edges_of_the_best_half_quarter_and_tenth():
    # A tenth of 35 people are 4 places, a quarter 9, a half 18.
    marks = benchmarks([Decimal(score) for score in range(1, 36)])
    assert [(mark.percent, mark.score) for mark in marks] == [(50, 18), (25, 27), (10, 32)]
    fewer = benchmarks([Decimal(score) for score in range(1, 36)], lower_is_better=True)
    assert [mark.score for mark in fewer] == [18, 9, 4]
    assert benchmarks([Decimal(1)] * 3) == []


def test_movement_is_told_since_today_since_monday_and_since_the_period_before():
    today = date(2026, 11, 18)
    quarter = CALENDAR.period_of(today, "quarter")
    day, week, before = (
        compared_with(quarter, since, today, CALENDAR) for since in ("day", "week", "period")
    )
    assert (day.first_day, day.end_day) == (date(2026, 10, 1), today)
    assert (week.first_day, week.end_day) == (date(2026, 10, 1), date(2026, 11, 16))
    assert before.key == "2026-Q3"
    first_day = date(2026, 10, 1)
    assert compared_with(quarter, "day", first_day, CALENDAR) is None
    assert compared_with(CALENDAR.before(quarter), "day", today, CALENDAR) is None


def test_a_rolling_window_moves_with_the_days():
    today = date(2026, 11, 18)
    window = rolling(30, today)
    assert (window.first_day, window.end_day) == (date(2026, 10, 20), date(2026, 11, 19))
    yesterday = compared_with(window, "day", today, CALENDAR)
    assert (yesterday.first_day, yesterday.end_day) == (date(2026, 10, 19), today)
    two = spans_before(window, 2, CALENDAR)
    assert (two.first_day, two.end_day) == (date(2026, 8, 21), date(2026, 10, 20))
