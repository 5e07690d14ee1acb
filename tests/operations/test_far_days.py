"""A slip of the keyboard such as the year 0006 is told, and holds up nobody's results."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from incentives.core.calendar import Calendar
from incentives.core.quotas import WHOLE, QuotaTerms, quota_for
from incentives.errors import Invalid
from incentives.extensions import db
from incentives.operations.administer_people import create_person, move_person, retire
from incentives.operations.change_assignments import assign_payees, change_assignment
from incentives.operations.change_holidays import add_holidays
from incentives.operations.change_leave import add_leave, end_leave
from incentives.operations.change_teams import set_manager
from incentives.operations.import_holidays import import_holidays
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.retire_plan import retire_plan
from incentives.store import holidays, leave
from incentives.store.leave import Leave
from incentives.store.markers import mark_stale
from incentives.store.plans import Assignment, plan_by_slug
from incentives.store.transaction import writing

CALENDAR = Calendar(ZoneInfo("UTC"))
FAR = [date(6, 11, 2), date(1969, 12, 31), date(2200, 1, 1), date(9999, 12, 31)]


@pytest.fixture
def ana(world):
    payee = world.payee("Ana Silva")
    world.plan()
    return payee


def changes(world, payee, day):
    """Everything that takes a day, by the field in which it is written."""
    said = {"by": None, "now": world.now}
    assignment = db.session.query(Assignment).filter_by(payee_id=payee).one().id
    slug = "field-sales"
    document = plan_by_slug(slug).versions[-1].document
    since = date(2026, 1, 1)
    add_leave("ana-silva", first_day=date(2026, 3, 2), end_day=None, **said)
    away = leave.leaves_of(payee)[0].id
    new = {"email": "", "is_payee": True, "team": "east", "first_day": day}
    return [
        ("first_day", lambda: assign_payees(slug, [payee], first_day=day, **said)),
        (
            "first_day",
            lambda: change_assignment(slug, assignment, first_day=day, end_day=None, **said),
        ),
        (
            "end_day",
            lambda: change_assignment(slug, assignment, first_day=since, end_day=day, **said),
        ),
        ("end_day", lambda: retire_plan(slug, end_day=day, **said)),
        ("first_day", lambda: publish_plan_version(document, first_day=day, slug=slug, **said)),
        ("first_day", lambda: move_person("ana-silva", team="east", first_day=day, **said)),
        ("first_day", lambda: create_person("Bo", **new, **said)),
        ("first_day", lambda: set_manager("east", person="ana-silva", first_day=day, **said)),
        ("on", lambda: retire("ana-silva", on=day, **said)),
        ("day", lambda: add_holidays([(day, "Bank holiday")], **said)),
        ("first_day", lambda: add_leave("ana-silva", first_day=day, end_day=None, **said)),
        ("end_day", lambda: end_leave("ana-silva", away, end_day=day, **said)),
    ]


@pytest.mark.parametrize("day", FAR)
def test_a_year_in_which_nothing_can_have_happened_is_told_at_its_field(world, ana, day):
    for field, change in changes(world, ana, day):
        with pytest.raises(Invalid) as refused:
            change()
        assert refused.value.fields[field][0].startswith("Write a "), field
    with pytest.raises(Invalid, match="Write a year from 1970 to 2199"):
        add_holidays([(day, "Bank holiday")], by=None, now=world.now)


def test_a_list_of_holidays_comes_in_without_the_row_of_a_far_year(app, world):
    sent = b"day,name\n0026-12-25,Christmas\n2026-12-26,Boxing Day\n"
    report = import_holidays(sent, by=None, now=world.now)
    assert [issue.message for issue in report.issues] == ["Write a year from 1970 to 2199."]
    assert holidays.holidays() == {date(2026, 12, 26)}


def test_leave_that_was_noted_from_a_far_year_on_before_that_was_refused_holds_up_nobody(
    world, ana
):
    """735,000 days of leave took longer than a payee's results may take."""
    with writing() as session:
        session.add(Leave(payee_id=ana, first_day=date(6, 1, 1), end_day=None))
        mark_stale(session, [ana], world.now)
    days = leave.leave_days(ana, date(2026, 11, 18))
    assert (min(days), len(days)) == (date(1970, 1, 1), 56 * 365 + 14 + 321)
    world.deal(ana, "1000")
    assert world.refresh() == 1


def test_leave_of_decades_lowers_each_quota_without_being_gone_through_for_it():
    """Of November's 30 days 20 are leave: a third of 3,000 is left. Only its own days are asked
    for, however long the leave."""

    class Days(frozenset):
        def __iter__(self):
            raise AssertionError("every day of leave is gone through")

    first = date(1970, 1, 2)
    away = Days(first + timedelta(days=n) for n in range((date(2026, 11, 21) - first).days))
    november = CALENDAR.period_named("2026-11")
    left = quota_for(
        {("revenue", "2026-11"): Decimal(3000)},
        "revenue",
        november,
        november,
        quota_span=WHOLE,
        terms=QuotaTerms(leave="lowers"),
        assigned=(date(2020, 1, 1), None),
        leave=away,
        calendar=CALENDAR,
    )
    assert left == 1000
