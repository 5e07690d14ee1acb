"""Holidays of the company and leave of a person, on their pages."""

from datetime import date

import pytest

from incentives.store import holidays, leave, markers
from incentives.store.audit import entries_about


@pytest.fixture
def sam(world):
    world.login("Sam Okafor", "administrator")
    return world.sign_in("Sam")


@pytest.fixture
def ana(world):
    payee = world.payee("Ana Silva")
    world.refresh()
    return payee


def sent(answer, status=302):
    assert answer.status_code == status, answer.text
    return answer


# Holidays


def test_a_holiday_is_added_and_removed_and_streaks_are_calculated_anew(world, sam, ana):
    sent(sam.post("/company/holidays", data={"day": "2026-11-26", "name": "Thanksgiving"}))
    assert holidays.holidays() == {date(2026, 11, 26)}
    assert markers.stale_payees() == [ana]
    assert "Thanksgiving" in sam.get("/company/holidays").text
    world.refresh()
    sent(sam.post("/company/holidays/2026-11-26/removal"))
    assert holidays.holidays() == frozenset()
    assert markers.stale_payees() == [ana]
    entry = entries_about(1)[0]
    assert (entry.action, entry.subject, entry.before) == (
        "holiday removed",
        "2026-11-26",
        "Thanksgiving",
    )


def test_a_list_of_holidays_comes_in_at_once(sam, ana):
    pasted = "Date,Holiday\n2026-11-26,Thanksgiving\n2026-13-01,No month\n2026-12-25,Christmas\n"
    page = sent(sam.post("/company/holidays/list", data={"list": pasted}), 200).text
    assert "There is no day 2026-13-01" in page
    assert holidays.holidays() == {date(2026, 11, 26), date(2026, 12, 25)}
    assert markers.stale_payees() == [ana]


def test_the_same_list_again_changes_nobodys_numbers(world, sam, ana):
    sam.post("/company/holidays/list", data={"list": "day,name\n2026-12-25,Christmas\n"})
    world.refresh()
    sam.post("/company/holidays/list", data={"list": "day,name\n2026-12-25,Christmas Day\n"})
    assert [holiday.name for holiday in holidays.all_holidays()] == ["Christmas Day"]
    assert markers.stale_payees() == []


@pytest.mark.parametrize(
    ("path", "form", "sentence"),
    [
        ("/company/holidays", {"day": "soon"}, "Write the day."),
        ("/company/holidays", {"day": "2026-12-25", "name": "x" * 81}, "at most 80 characters"),
        (
            "/company/holidays/list",
            {"list": "name\nChristmas\n"},
            "Say which column holds the day.",
        ),
        ("/company/holidays/list", {"list": ""}, "empty"),
    ],
)
def test_what_cannot_be_a_holiday_says_what_to_write(sam, path, form, sentence):
    assert sentence in sent(sam.post(path, data=form), 422).text
    assert holidays.holidays() == frozenset()


def test_a_day_that_is_no_holiday_cannot_be_removed(sam):
    sent(sam.post("/company/holidays/2026-12-25/removal"), 404)
    sent(sam.post("/company/holidays/christmas/removal"), 404)


# Leave


def add(sam, first_day, end_day="", status=302):
    form = {"first_day": first_day, "end_day": end_day}
    return sent(sam.post("/people/ana-silva/leave", data=form), status)


def test_leave_is_added_and_removed(world, sam, ana):
    add(sam, "2026-11-02", "2026-11-05")
    assert leave.leave_days(ana, date(2027, 1, 1)) == {date(2026, 11, day) for day in (2, 3, 4)}
    assert leave.leave_days(ana, date(2026, 11, 3)) == {date(2026, 11, 2)}
    assert markers.stale_payees() == [ana]
    world.refresh()
    (noted,) = leave.leaves_of(ana)
    sent(sam.post(f"/people/ana-silva/leave/{noted.id}/removal"))
    assert leave.leave_days(ana, date(2027, 1, 1)) == frozenset()
    assert markers.stale_payees() == [ana]


def test_leave_without_an_end_goes_on_until_it_is_ended(sam, ana):
    add(sam, "2026-11-16")
    assert len(leave.leave_days(ana, date(2026, 12, 16))) == 30
    (noted,) = leave.leaves_of(ana)
    assert "End the leave" in sam.get("/people/ana-silva").text
    sent(sam.post(f"/people/ana-silva/leave/{noted.id}/end", data={"end_day": "2026-11-18"}))
    assert len(leave.leave_days(ana, date(2026, 12, 16))) == 2
    entry = entries_about(1)[0]
    assert entry.action == "leave ended"
    assert (entry.before["first day back"], entry.after["first day back"]) == (None, "2026-11-18")


def test_leave_that_cannot_be_says_why(sam, ana):
    add(sam, "2026-11-02", "2026-11-05")
    assert "a day after 2026-11-10" in add(sam, "2026-11-10", "2026-11-10", 422).text
    assert "on leave from 2026-11-02 already" in add(sam, "2026-11-04", "2026-11-06", 422).text
    assert "on leave from 2026-11-02 already" in add(sam, "2026-10-30", "", 422).text
    assert "Write the first day off." in add(sam, "", "", 422).text
    for first_day in ("0001-01-01", "0026-11-02", "9999-12-31"):
        assert "Write a year from 1970 to 2199." in add(sam, first_day, "", 422).text
    (noted,) = leave.leaves_of(ana)
    ended = sam.post(f"/people/ana-silva/leave/{noted.id}/end", data={"end_day": "2026-11-01"})
    assert "a day after 2026-11-02" in sent(ended, 422).text
    add(sam, "2026-11-05", "2026-11-06")  # the first day back of the other


def test_leave_of_somebody_else_is_not_found(world, sam, ana):
    add(sam, "2026-11-02")
    world.payee("Bo Lind")
    (noted,) = leave.leaves_of(ana)
    sent(sam.post(f"/people/bo-lind/leave/{noted.id}/removal"), 404)
    assert len(leave.leaves_of(ana)) == 1


def test_only_an_administrator_changes_days_off(world, ana):
    world.login("Fay", "finance")
    fay = world.sign_in("Fay")
    sent(fay.post("/company/holidays", data={"day": "2026-11-26"}), 403)
    sent(fay.post("/people/ana-silva/leave", data={"first_day": "2026-11-26"}), 403)
