"""Reactions and comments: by whom, on what, and who sees them."""

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.errors import Forbidden, Invalid, NotFound, Refused
from incentives.operations.change_boards import edit_board
from incentives.operations.give_kudos import (
    colleagues_of,
    give_kudos,
)
from incentives.operations.react import react
from incentives.operations.read_feed import read_feed
from incentives.operations.write_comment import (
    delete_comment,
    edit_comment,
    hide_comment,
    write_comment,
)
from incentives.store.audit import entries_of
from incentives.store.boards import board_by_slug
from tests.operations.feed.seen import item, kudos, rep


def hide_on_a_board(world, person_id):
    document = board_by_slug("revenue").document
    hidden = {**document, "hidden": [world.code(person_id)]}
    edit_board("revenue", hidden, by=None, now=world.now)


# Reactions


def counts(world, key, viewer):
    return {r.reaction: (r.count, r.is_mine) for r in item(world, key, viewer).reactions if r.count}


def test_a_second_press_takes_the_reaction_back(world, ana, bo, deal):
    react(deal, "on_fire", rep(bo), now=world.now)
    react(deal, "on_fire", rep(ana), now=world.now)
    assert counts(world, deal, rep(bo)) == {"on_fire": (2, True)}
    react(deal, "on_fire", rep(bo), now=world.now)
    assert counts(world, deal, rep(bo)) == {"on_fire": (1, False)}


def test_there_are_no_other_reactions_and_nothing_to_react_to_that_is_gone(world, bo, ana, deal):
    with pytest.raises(Invalid):
        react(deal, "boo", rep(bo), now=world.now)
    world.deal(ana, "400", external_id="A", reversed=True)
    with pytest.raises(NotFound):
        react(deal, "on_fire", rep(bo), now=world.now)


def test_a_screen_and_a_program_neither_react_nor_see_answers(world, bo, deal):
    write_comment(deal, "Well played", rep(bo), now=world.now)
    for role in ("wall", "program"):
        with pytest.raises(Forbidden):
            react(deal, "on_fire", Viewer(role), now=world.now)
        seen = read_feed(Viewer(role), now=world.now).items[0]
        assert (seen.comments, seen.reactions) == ((), ())


# Comments


def texts(world, key, viewer):
    return [comment.text for comment in item(world, key, viewer).comments]


def test_a_comment_is_edited_and_deleted_by_its_author_alone(world, ana, bo, deal):
    written = write_comment(deal, "  Nice \r\n work ", rep(bo), now=world.now)
    assert texts(world, deal, rep(ana)) == ["Nice\n work"]
    edit_comment(written, "Great work", by=bo, now=world.now)
    assert texts(world, deal, rep(ana)) == ["Great work"]
    for change in (
        lambda: edit_comment(written, "Mine", by=ana, now=world.now),
        lambda: delete_comment(written, by=ana, now=world.now),
    ):
        with pytest.raises(Forbidden):
            change()
    delete_comment(written, by=bo, now=world.now)
    assert texts(world, deal, rep(bo)) == []
    (entry,) = entries_of("comment edited", 5)
    assert (entry.before, entry.after) == ({"text": "Nice\n work"}, {"text": "Great work"})
    assert entries_of("comment deleted", 5)[0].actor_id == bo


def test_a_hidden_comment_is_read_by_its_author_with_the_reason_and_by_nobody_else(
    world, ana, bo, boss, deal
):
    written = write_comment(deal, "Rude", rep(bo), now=world.now)
    with pytest.raises(Invalid):
        hide_comment(written, reason=" ", by=boss, now=world.now)
    hide_comment(written, reason="Be kind", by=boss, now=world.now)
    assert texts(world, deal, rep(ana)) == []
    (own,) = item(world, deal, rep(bo)).comments
    assert own.hidden_reason == "Be kind"
    with pytest.raises(Refused):
        edit_comment(written, "Ruder", by=bo, now=world.now)
    assert entries_of("comment hidden", 5)[0].after == {"reason": "Be kind"}


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "un\u200bseen"])
def test_a_comment_that_cannot_be_read_is_refused(world, bo, deal, text):
    with pytest.raises(Invalid):
        write_comment(deal, text, rep(bo), now=world.now)


def test_who_is_left_out_of_a_board_takes_no_part_and_is_no_longer_seen_in_it(
    world, ana, bo, cy, deal
):
    write_comment(deal, "Nice", rep(bo), now=world.now)
    react(deal, "on_fire", rep(bo), now=world.now)
    give_kudos([cy], "Thank you", None, by=bo, now=world.now)
    hide_on_a_board(world, bo)
    assert texts(world, deal, rep(ana)) == []
    assert counts(world, deal, rep(ana)) == {}
    assert kudos(world, rep(ana)) == []
    # Cy was thanked and sees by whom; Bo sees what he wrote.
    assert kudos(world, rep(cy)) == [("Bo Lind", "Cy Young", "Thank you")]
    assert texts(world, deal, rep(bo)) == ["Nice"]
    for act in (
        lambda: write_comment(deal, "Me again", rep(bo), now=world.now),
        lambda: react(deal, "thanks", rep(bo), now=world.now),
        lambda: give_kudos([cy], "Again", None, by=bo, now=world.now),
    ):
        with pytest.raises(Refused, match="left out of a board"):
            act()
    assert bo not in {person.id for person in colleagues_of(ana, now=world.now)}
