"""Two people change the same thing at the same moment: each looks before it writes, and neither may
write what the other's change forbids."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from itertools import pairwise
from threading import Barrier, BrokenBarrierError

import pytest

from incentives.errors import Refused
from incentives.extensions import db
from incentives.operations import administer_people, change_assignments, change_teams
from incentives.store.people import person
from incentives.store.plans import assignments_of_plan, plan_by_slug
from incentives.store.teams import team_by_code

DOCUMENT = {
    "schema": 1,
    "name": "Flat",
    "currency": "USD",
    "components": [
        {
            "key": "flat",
            "name": "Flat",
            "yields": "money",
            "measure": "revenue",
            "rule": {"kind": "flat_rate", "rate": "0.10"},
        }
    ],
}


@pytest.fixture
def at_once(world, monkeypatch):
    """Does two things at once: where nothing keeps them apart, both have looked before either
    writes. Returns what was refused."""

    def look_together(module, name):
        together, look = Barrier(2), getattr(module, name)

        def looked(*args, **kwargs):
            found = look(*args, **kwargs)
            # Whoever is kept waiting by the other never comes.
            with suppress(BrokenBarrierError):
                together.wait(timeout=1)
            return found

        monkeypatch.setattr(module, name, looked)

    def do(module, name, *things):
        look_together(module, name)

        def one(thing):
            with world.app.app_context():
                try:
                    thing()
                except Refused as error:
                    return str(error)
            return None

        with ThreadPoolExecutor(2) as pool:
            refused = [said for said in pool.map(one, things) if said]
        db.session.rollback()
        return refused

    return do


def test_nobody_is_put_on_a_plan_twice(world, at_once):
    slug, _ = world.plan(DOCUMENT)
    ana = world.payee("Ana")

    def assign(first_day):
        change_assignments.assign_payees(slug, [ana], first_day=first_day, by=None, now=world.now)

    at_once(
        *(change_assignments, "assignments_of_plan"),
        lambda: assign(date(2026, 11, 1)),
        lambda: assign(date(2026, 11, 2)),
    )
    stays = [each for each in assignments_of_plan(plan_by_slug(slug).id) if each.payee_id == ana]
    # Over the same days twice, each deal would be paid twice.
    days = sorted((each.first_day, each.end_day or date.max) for each in stays)
    assert all(before[1] <= after[0] for before, after in pairwise(days))


def test_two_teams_are_never_inside_each_other(world, at_once):
    world.team("East")
    world.team("West")
    fay = world.login("Fay", "administrator")

    def put(name, inside):
        code = name.lower()
        change_teams.change_team(code, name=name, parent=inside, colour=1, by=fay, now=world.now)

    refused = at_once(
        *(change_teams, "_refuse_problems"),
        lambda: put("East", "west"),
        lambda: put("West", "east"),
    )
    assert refused == ["The team was not saved."]
    parents = [team_by_code(code).parent_id for code in ("east", "west")]
    assert sorted(parent is None for parent in parents) == [False, True]


def test_the_last_two_administrators_do_not_shut_each_other_out(world, at_once):
    fay = world.login("Fay", "administrator")
    gus = world.login("Gus", "administrator")

    def shut_out(code, by):
        administer_people.take_sign_in(code, by=by, now=world.now)

    refused = at_once(
        *(administer_people, "_keep_an_administrator"),
        lambda: shut_out("fay", gus),
        lambda: shut_out("gus", fay),
    )
    assert len(refused) == 1
    assert [person(each).login.disabled_at is None for each in (fay, gus)].count(True) == 1
