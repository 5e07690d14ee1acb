"""Who leaves on a day, stays after all, or leaves on another day: their teams go with it."""

from datetime import date

import pytest
from sqlalchemy import select

from incentives.core.calendar import Period
from incentives.errors import Invalid
from incentives.extensions import db
from incentives.operations.administer_people import bring_back, create_person, move_person, retire
from incentives.operations.change_teams import set_manager
from incentives.operations.contest_standings import the_field
from incentives.operations.give_kudos import colleagues_of, give_kudos
from incentives.store import markers, people
from incentives.store.audit import AuditEntry
from incentives.store.teams import memberships_of

# Today is 18 November.
HIRED, MOVED = date(2026, 1, 1), date(2026, 12, 1)
SOON, LATER, PAST = date(2026, 12, 15), date(2026, 12, 31), date(2026, 9, 30)


@pytest.fixture
def fay(world):
    return {"by": world.login("Fay", "administrator"), "now": world.now}


@pytest.fixture
def ana(world):
    return world.payee("Ana", "East", since=HIRED)


def teams_of(person_id):
    db.session.rollback()
    return [(each.team.name, each.first_day, each.end_day) for each in memberships_of(person_id)]


def test_who_stays_after_all_stays_in_the_team(world, ana, fay):
    retire("ana", on=SOON, **fay)
    assert teams_of(ana) == [("East", HIRED, SOON)]
    world.refresh()
    bring_back("ana", **fay)
    assert teams_of(ana) == [("East", HIRED, None)]
    assert markers.stale_payees() == [ana]


def test_who_was_to_move_before_leaving_still_moves(world, ana, fay):
    world.move(ana, "West", MOVED)
    for day in (SOON, MOVED, date(2026, 11, 20)):
        retire("ana", on=day, **fay)
        bring_back("ana", **fay)
        assert teams_of(ana) == [("East", HIRED, MOVED), ("West", MOVED, None)]


def test_another_day_of_leaving_takes_the_place_of_the_one_before(ana, fay):
    for day in (SOON, PAST, LATER):
        retire("ana", on=day, **fay)
        assert teams_of(ana) == [("East", HIRED, day)]


def test_who_comes_back_after_the_day_is_given_a_team_anew(world, ana, fay):
    retire("ana", on=PAST, **fay)
    bring_back("ana", **fay)
    assert teams_of(ana) == [("East", HIRED, PAST)]
    move_person("ana", team="east", first_day=world.now.date(), **fay)
    assert teams_of(ana) == [("East", HIRED, PAST), ("East", world.now.date(), None)]


@pytest.mark.parametrize("first_day", [SOON, LATER])
def test_nobody_joins_a_team_on_a_day_on_which_they_are_away(world, ana, fay, first_day):
    retire("ana", on=SOON, **fay)
    world.team("West")
    with pytest.raises(Invalid) as refused:
        move_person("ana", team="west", first_day=first_day, **fay)
    assert refused.value.fields == {"first_day": ["Ana is not here on that day."]}
    assert teams_of(ana) == [("East", HIRED, SOON)]


def test_the_same_team_is_given_from_a_day_on_which_it_was_still_theirs(ana, fay):
    retire("ana", on=PAST, **fay)
    bring_back("ana", **fay)
    for first_day in (date(2026, 8, 3), PAST):
        move_person("ana", team="east", first_day=first_day, **fay)
        assert teams_of(ana) == [("East", HIRED, None)]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "team joined"))
    newest = max(entries, key=lambda entry: entry.id)
    # The second time it was theirs without an end already: nothing is done, and nothing written.
    assert newest.before == {"team": "East", "until": "2026-09-30"}
    assert newest.after == {"team": "East", "as": "member", "from": "2026-08-03"}


def test_a_move_that_was_planned_is_undone_by_the_team_from_before_it(world, ana, fay):
    world.move(ana, "West", MOVED)
    move_person("ana", team="east", first_day=world.now.date(), **fay)
    assert teams_of(ana) == [("East", HIRED, None)]


def test_who_is_moved_while_leaving_is_in_the_new_team_until_that_day(world, ana, fay):
    world.team("West")
    retire("ana", on=SOON, **fay)
    move_person("ana", team="west", first_day=MOVED, **fay)
    assert teams_of(ana) == [("East", HIRED, MOVED), ("West", MOVED, SOON)]
    bring_back("ana", **fay)
    assert teams_of(ana) == [("East", HIRED, MOVED), ("West", MOVED, None)]


def test_a_manager_who_stays_manages_until_the_one_who_takes_over(world, ana, fay):
    mo, nia = world.login("Mo", "manager"), world.login("Nia", "manager")
    set_manager("east", person="mo", first_day=HIRED, **fay)
    retire("mo", on=SOON, **fay)
    bring_back("mo", **fay)
    assert teams_of(mo) == [("East", HIRED, None)]
    retire("mo", on=SOON, **fay)
    set_manager("east", person="nia", first_day=SOON, **fay)
    bring_back("mo", **fay)
    assert teams_of(mo) == [("East", HIRED, SOON)]
    assert teams_of(nia) == [("East", SOON, None)]


def test_until_then_they_are_thanked_set_as_managers_and_compete(world, ana, fay):
    mo = world.login("Mo", "manager")
    bo = without_team("Bo", fay)
    for code in ("mo", "bo"):
        retire(code, on=SOON, **fay)
    assert mo in [person.id for person in colleagues_of(ana, now=world.now)]
    give_kudos([mo], "Thank you.", None, by=ana, now=world.now)
    set_manager("east", person="mo", first_day=world.now.date(), **fay)
    assert teams_of(mo) == [("East", world.now.date(), SOON)]
    assert bo in the_field([], week_of(world.now.date())).ids


def test_from_then_on_they_are_not(world, ana, fay):
    mo = world.login("Mo", "manager")
    bo = without_team("Bo", fay)
    for code in ("mo", "bo"):
        retire(code, on=world.now.date(), **fay)
    assert mo not in [person.id for person in colleagues_of(ana, now=world.now)]
    with pytest.raises(Invalid):
        set_manager("east", person="mo", first_day=HIRED, **fay)
    day = world.now.date()
    assert bo not in the_field([], week_of(day)).ids
    # He was there on the day before.
    assert bo in the_field([], week_of(date(2026, 11, 17))).ids


def test_nobody_is_set_as_manager_from_a_day_after_leaving(world, ana, fay):
    world.login("Mo", "manager")
    retire("mo", on=SOON, **fay)
    with pytest.raises(Invalid) as refused:
        set_manager("east", person="mo", first_day=LATER, **fay)
    assert refused.value.fields == {"manager": ["Choose a person who is here on that day."]}


def without_team(name, by):
    code = create_person(name, email="", is_payee=True, team="", first_day=None, **by)
    return people.person_by_code(code).id


def week_of(day):
    return Period("window", "", day, date(2026, 11, 25))
