"""Two people change the same thing at the same moment: each looks before it writes, and neither may
write what the other's change forbids."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import get_ident

import pytest

from incentives.errors import Refused
from incentives.extensions import db
from incentives.operations import administer_people, change_assignments, change_teams
from incentives.store.people import person
from incentives.store.plans import assignments_of_plan, plan_by_slug
from incentives.store.teams import team_by_code
from tests.waiting import Waiting, until

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


class Together:
    """Two who do something at once. Whoever has looked goes on when the other has looked as well,
    which is the harm, or visibly waits for them to end, or has ended."""

    def __init__(self):
        self.have_looked, self.have_ended = set(), set()
        self.waiting = Waiting()

    def after_looking(self):
        self.have_looked.add(get_ident())
        until(lambda: len(self.have_looked) == 2 or self.have_ended or self.waiting.one_waits())


@pytest.fixture
def at_once(world, monkeypatch):
    """Does two things at once: where nothing keeps them apart, both have looked before either
    writes. Returns what was refused."""

    def do(module, name, *things):
        together, look = Together(), getattr(module, name)

        def looked(*args, **kwargs):
            found = look(*args, **kwargs)
            together.after_looking()
            return found

        monkeypatch.setattr(module, name, looked)

        def one(thing):
            with world.app.app_context():
                try:
                    thing()
                except Refused as error:
                    return str(error)
                finally:
                    together.have_ended.add(get_ident())
            return None

        with ThreadPoolExecutor(2) as pool:
            refused = [said for said in pool.map(one, things) if said]
        db.session.rollback()
        return refused

    return do


def test_nobody_is_put_on_a_plan_twice(world, at_once):
    slug, _ = world.plan(DOCUMENT)
    ana = world.payee("Ana")
    done = []

    def assign(first_day):
        new = change_assignments.assign_payees(
            slug, [ana], first_day=first_day, by=None, now=world.now
        )
        done.append((first_day, new))

    refused = at_once(
        *(change_assignments, "assignments_of_plan"),
        lambda: assign(date(2026, 11, 1)),
        lambda: assign(date(2026, 11, 2)),
    )
    assert refused == []
    assert sorted(new for _, new in done) == [[], ["Ana"]]
    # Over the same days twice, each deal would be paid twice: the quicker one's day alone counts.
    stays = [each for each in assignments_of_plan(plan_by_slug(slug).id) if each.payee_id == ana]
    assert [(each.first_day, each.end_day) for each in stays] == [
        (day, None) for day, new in done if new
    ]


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
