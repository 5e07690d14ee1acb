"""Who is on a plan, in which team and under whom, by day."""

from datetime import date

from incentives.core.calendar import ALWAYS
from incentives.core.roster import Roster, Stay

MARCH = date(2026, 3, 1)
FEBRUARY_DAY, MARCH_DAY = date(2026, 2, 10), date(2026, 3, 10)


def roster(*stays):
    return Roster(Stay(row, **stay) for row, stay in enumerate(stays, start=2))


def test_people_are_numbered_as_they_are_listed_and_found_by_code_or_full_name():
    people = roster({"payee": "bo", "name": "Bo Berg"}, {"payee": "ana", "name": "Ana Silva"})
    assert list(people.numbers) == [1, 2]
    assert [people.find(called) for called in ("BO", "bo berg", "Ana Silva", "cy")] == [
        *(1, 1, 2, None),
    ]
    assert (people.code(2), people.name(2)) == ("ana", "Ana Silva")


def test_a_full_name_that_two_share_calls_nobody():
    people = roster({"payee": "a1", "name": "Ana"}, {"payee": "a2", "name": "Ana"})
    assert people.find("Ana") is None
    assert people.find("a2") == 2


def test_who_has_no_name_is_called_by_code():
    assert roster({"payee": "ana"}).name(1) == "ana"


def test_stays_that_follow_one_another_are_one_assignment_and_a_gap_makes_two():
    june, july = date(2026, 6, 1), date(2026, 7, 1)
    people = roster(
        {"payee": "ana", "team": "East", "first_day": MARCH, "end_day": june},
        {"payee": "ana", "team": "West", "end_day": MARCH},
        {"payee": "ana", "team": "East", "first_day": july},
    )
    assert people.spans(1) == [(ALWAYS, june), (july, None)]
    assert [people.team_on(1, day) for day in (FEBRUARY_DAY, MARCH_DAY, june)] == [
        *("west", "east", ""),
    ]
    assert [(number, stay.first_day) for number, stay in people.members("EAST")] == [
        (1, MARCH),
        (1, july),
    ]
    assert people.teams == {"west", "east"}


def test_managers_are_those_above_on_that_day():
    people = roster(
        {"payee": "ana", "manager": "maya", "end_day": MARCH},
        {"payee": "ana", "manager": "Noor N", "first_day": MARCH},
        {"payee": "maya", "manager": "noor"},
        {"payee": "noor", "name": "Noor N"},
    )
    ana, maya, noor = people.numbers
    assert list(people.managers_on(ana, FEBRUARY_DAY)) == [maya, noor]
    assert list(people.managers_on(ana, MARCH_DAY)) == [noor]


def test_managers_in_a_circle_end_before_anybody_comes_twice():
    people = roster({"payee": "ana", "manager": "bo"}, {"payee": "bo", "manager": "ana"})
    assert list(people.managers_on(1, MARCH_DAY)) == [2]


def test_leave_is_that_of_all_stays():
    people = roster(
        {"payee": "ana", "end_day": MARCH, "leave": frozenset({FEBRUARY_DAY})},
        {"payee": "ana", "first_day": MARCH, "leave": frozenset({MARCH_DAY})},
    )
    assert people.leave(1) == {FEBRUARY_DAY, MARCH_DAY}
