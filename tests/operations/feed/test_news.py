"""What is told anew, when it is quiet, and what the company may set."""

from datetime import timedelta
from decimal import Decimal

import pytest

from incentives.core.recognition import QuietHours
from incentives.errors import Invalid
from incentives.operations.change_announcements import (
    Notice,
    make_announcement,
)
from incentives.operations.change_recognition import (
    change_own_quiet_hours,
)
from incentives.operations.feed_news import mark_feed_seen, read_news, tell_news
from incentives.operations.give_kudos import (
    give_kudos,
)
from incentives.operations.react import react
from incentives.operations.read_feed import feed_version
from incentives.operations.write_comment import (
    delete_comment,
    write_comment,
)
from tests.operations.feed.seen import kudos, rep


def test_thanks_are_told_once_and_counted_until_the_feed_is_looked_at(world, ana, bo):
    give_kudos([bo], "Thank you", None, by=ana, now=world.now)
    made = make_announcement(Notice("Hello", "Text"), by=None, anywhere=True, now=world.now)
    later = world.now + timedelta(minutes=1)
    told = tell_news(bo, now=later)
    assert ([k.message for k in told.kudos], [a.title for a in told.announcements]) == (
        ["Thank you"],
        ["Hello"],
    )
    again = tell_news(bo, now=later + timedelta(minutes=1))
    assert (again.unseen, list(again.kudos), list(again.announcements)) == (2, [], [])
    assert read_news(ana, now=later).unseen == 1
    mark_feed_seen(bo, [made], now=later)
    assert read_news(bo, now=later).unseen == 0


def test_in_quiet_hours_nothing_is_told_the_feed_fills_and_it_is_told_afterwards(world, ana, bo):
    # It is 15:00 in the company's zone, which is UTC here, and quiet from 14:00 to 16:00 for Bo.
    change_own_quiet_hours(QuietHours(14 * 60, 16 * 60), by=bo, now=world.now)
    give_kudos([bo], "Thank you", None, by=ana, now=world.now)
    news = tell_news(bo, now=world.now)
    assert (news.unseen, list(news.kudos)) == (1, [])
    assert len(kudos(world, rep(bo))) == 1
    after = tell_news(bo, now=world.now + timedelta(hours=1))
    assert [each.message for each in after.kudos] == ["Thank you"]


def test_the_companys_quiet_hours_hold_for_everybody(world, ana, bo, boss):
    world.recognition(boss, quiet=QuietHours(14 * 60, 16 * 60))
    give_kudos([bo], "Thank you", None, by=ana, now=world.now)
    assert list(tell_news(bo, now=world.now).kudos) == []


@pytest.mark.parametrize("quiet", [QuietHours(60, 60), QuietHours(-1, 60), QuietHours(0, 1440)])
def test_quiet_hours_that_cannot_be_are_refused(world, ana, boss, quiet):
    with pytest.raises(Invalid):
        change_own_quiet_hours(quiet, by=ana, now=world.now)
    with pytest.raises(Invalid):
        world.recognition(boss, quiet=quiet)


@pytest.mark.parametrize(
    "said",
    [
        {"deal_floor": Decimal(-1)},
        {"deal_floor": Decimal("0.001")},
        {"kudos_allowance": -1},
        {"kudos_allowance": 1001},
        {"kudos_labels": ["x" * 41]},
        {"kudos_labels": [str(n) for n in range(13)]},
    ],
)
def test_settings_that_cannot_be_are_refused_and_named(world, boss, said):
    with pytest.raises(Invalid) as refusal:
        world.recognition(boss, **said)
    assert refusal.value.fields.keys() == said.keys()


def test_every_word_and_press_moves_the_version_of_the_feed(world, ana, bo, deal):
    seen = [feed_version(now=world.now)]
    written = write_comment(deal, "Nice", rep(bo), now=world.now)
    for change in (
        lambda: react(deal, "on_fire", rep(bo), now=world.now),
        lambda: react(deal, "on_fire", rep(bo), now=world.now),
        lambda: delete_comment(written, by=bo, now=world.now),
        lambda: give_kudos([bo], "Thank you", None, by=ana, now=world.now),
        lambda: make_announcement(Notice("A", "B"), by=None, anywhere=True, now=world.now),
    ):
        seen.append(feed_version(now=world.now))
        change()
    assert len(set(seen)) == len(seen)
