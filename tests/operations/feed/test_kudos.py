"""Thanks between colleagues: their allowance, their refusals, and how they go again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.errors import Forbidden, Invalid, NotFound, Refused
from incentives.extensions import db
from incentives.operations.give_kudos import (
    give_kudos,
    hide_kudos,
    read_allowance,
    take_kudos_back,
)
from incentives.store.audit import entries_of
from tests.operations.feed.seen import item, kudos, rep


def test_kudos_to_several_stand_in_the_feed_of_all_and_of_those_they_are_about(world, ana, bo, cy):
    given = give_kudos([bo, cy], "You saved the demo", "Teamwork", by=ana, now=world.now)
    said = [("Ana Silva", "Bo Lind, Cy Young", "You saved the demo")]
    assert kudos(world, Viewer("finance", 99)) == said
    for person in (ana, bo, cy):
        assert kudos(world, rep(person), mine=True) == said
    assert kudos(world, rep(bo), team="west") == said
    assert kudos(world, Viewer("wall")) == []
    assert item(world, f"kudos-{given}", rep(ana)).win.what == "Teamwork"


def test_each_colleague_counts_in_the_allowance_of_the_month(world, ana, bo, cy):
    # 5 in a month: two at once, then one, leave 2.
    give_kudos([bo, cy], "Thank you", None, by=ana, now=world.now)
    third = give_kudos([bo], "Thank you", None, by=ana, now=world.now)
    assert read_allowance(ana, now=world.now).left == 2
    take_kudos_back(third, by=ana, now=world.now)
    assert read_allowance(ana, now=world.now).left == 3
    give_kudos([bo, cy], "Thank you", None, by=ana, now=world.now)
    with pytest.raises(Invalid) as refusal:
        give_kudos([bo, cy], "Thank you", None, by=ana, now=world.now)
    assert refusal.value.fields == {"to": ["You can thank 1 more this month and chose 2."]}
    next_month = datetime(2026, 12, 1, 6, tzinfo=UTC)
    assert read_allowance(ana, now=next_month).left == 5


def test_two_at_once_do_not_go_beyond_the_allowance(app, world, ana, bo, boss):
    world.recognition(boss, kudos_allowance=1)

    def give(_):
        with app.app_context():
            try:
                give_kudos([bo], "Thank you", None, by=ana, now=world.now)
            except Invalid:
                return 0
            else:
                return 1
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(give, range(8))) == 1


def test_kudos_can_be_switched_off(world, ana, bo, boss):
    world.recognition(boss, kudos_allowance=0)
    with pytest.raises(Refused, match="switched off"):
        give_kudos([bo], "Thank you", None, by=ana, now=world.now)


def test_refusals_of_kudos_name_the_field(world, ana, bo):
    def fields(to, message="Thank you", label=None):
        with pytest.raises(Invalid) as refusal:
            give_kudos(to, message, label, by=ana, now=world.now)
        return refusal.value.fields

    assert "yourself" in fields([ana])["to"][0]
    assert "not here any more" in fields([4711])["to"][0]
    assert fields([]).keys() == {"to"}
    assert fields([bo], "").keys() == {"message"}
    assert fields([bo], "x" * 501).keys() == {"message"}
    assert fields([bo], label="Luck").keys() == {"label"}


def test_kudos_are_taken_back_by_the_giver_and_hidden_by_a_manager_with_a_reason(
    world, ana, bo, boss
):
    given = give_kudos([bo], "Thank you", None, by=ana, now=world.now)
    with pytest.raises(Forbidden):
        take_kudos_back(given, by=bo, now=world.now)
    with pytest.raises(Invalid):
        hide_kudos(given, reason="", by=boss, now=world.now)
    hide_kudos(given, reason="Not for here", by=boss, now=world.now)
    assert kudos(world, rep(bo)) == []
    with pytest.raises(NotFound):
        take_kudos_back(given, by=ana, now=world.now)
    assert entries_of("kudos hidden", 5)[0].after == {"reason": "Not for here"}
