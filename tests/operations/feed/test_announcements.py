"""Announcements: to whom, from when until when, and by whom."""

from datetime import timedelta

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.errors import Forbidden, Invalid
from incentives.operations.change_announcements import (
    Notice,
    change_announcement,
    end_announcement,
    make_announcement,
)
from incentives.operations.read_feed import read_feed
from incentives.store.audit import entries_of
from tests.operations.feed.seen import rep


def titles(world, viewer, now=None):
    return [each.title for each in read_feed(viewer, now=now or world.now).announcements]


def test_an_announcement_is_shown_from_until_and_pinned_ones_first(world, ana):
    def announce(title, **said):
        return make_announcement(
            Notice(title, "Text", **said), by=None, anywhere=True, now=world.now
        )

    hour = timedelta(hours=1)
    announce("Pinned", is_pinned=True)
    announce("Plain", ends_at=world.now + hour)
    announce("Later", starts_at=world.now + hour)
    assert titles(world, rep(ana)) == ["Pinned", "Plain"]
    # At one hour the plain one is out and the later one is in.
    assert titles(world, rep(ana), world.now + hour) == ["Pinned", "Later"]


def test_a_team_sees_its_own_announcements_and_others_and_screens_do_not(world, ana, bo):
    max_ = world.login("Max", "manager", manages="East")
    make_announcement(
        Notice("East only", "Text", team="east"), by=max_, anywhere=False, now=world.now
    )
    assert titles(world, rep(ana)) == ["East only"]
    assert titles(world, Viewer("manager", max_)) == ["East only"]
    for viewer in (rep(bo), Viewer("wall"), Viewer("program")):
        assert titles(world, viewer) == []


def test_a_manager_announces_to_everybody_and_to_their_own_teams_alone(world, ana, bo):
    max_ = world.login("Max", "manager", manages="East")
    mia = world.login("Mia", "manager", manages="West")
    with pytest.raises(Forbidden):
        make_announcement(
            Notice("Hello", "Text", team="west"), by=max_, anywhere=False, now=world.now
        )
    made = make_announcement(Notice("Hello", "Text"), by=max_, anywhere=False, now=world.now)
    with pytest.raises(Forbidden):
        end_announcement(made, by=mia, anywhere=False, now=world.now)
    change_announcement(made, Notice("Hi", "Text"), by=max_, anywhere=False, now=world.now)
    assert titles(world, rep(bo)) == ["Hi"]
    end_announcement(made, by=max_, anywhere=False, now=world.now)
    assert titles(world, rep(bo)) == []
    assert [e.after["title"] for e in entries_of("announcement changed", 5)] == ["Hi"]
    assert len(entries_of("announcement ended", 5)) == 1


def test_an_announcement_that_says_nothing_is_refused_field_by_field(world):
    notice = Notice("", "", ends_at=world.now, team="nowhere")
    with pytest.raises(Invalid) as refusal:
        make_announcement(notice, by=None, anywhere=True, now=world.now)
    assert refusal.value.fields.keys() == {"title", "text", "ends_at", "team"}
