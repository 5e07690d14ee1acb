"""What people say to each other: answers, kudos, announcements, and when it is quiet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.core.recognition import WINS, QuietHours
from incentives.errors import Forbidden, Invalid, NotFound, Refused
from incentives.extensions import db
from incentives.operations.change_announcements import (
    Notice,
    change_announcement,
    end_announcement,
    make_announcement,
)
from incentives.operations.change_boards import edit_board
from incentives.operations.change_recognition import (
    Settings,
    change_own_quiet_hours,
    change_recognition,
)
from incentives.operations.feed_news import mark_feed_seen, read_news, tell_news
from incentives.operations.give_kudos import (
    colleagues_of,
    give_kudos,
    hide_kudos,
    read_allowance,
    take_kudos_back,
)
from incentives.operations.react import react
from incentives.operations.read_feed import feed_version, read_feed
from incentives.operations.read_feed_item import read_feed_item
from incentives.operations.write_comment import (
    delete_comment,
    edit_comment,
    hide_comment,
    write_comment,
)
from incentives.store.audit import entries_of
from incentives.store.boards import board_by_slug


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


@pytest.fixture
def bo(world):
    return world.payee("Bo Lind", team="West")


@pytest.fixture
def cy(world):
    return world.payee("Cy Young")


@pytest.fixture
def boss(world):
    return world.login("Sam", "administrator")


@pytest.fixture
def deal(world, ana):
    """The key of a deal of Ana's."""
    world.deal(ana, "400", external_id="A")
    return next(item.key for item in read_feed(Viewer("rep"), now=world.now).items)


def rep(person_id):
    return Viewer("rep", person_id)


def hide_on_a_board(world, person_id):
    document = board_by_slug("revenue").document
    hidden = {**document, "hidden": [world.code(person_id)]}
    edit_board("revenue", hidden, by=None, now=world.now)


def item(world, key, viewer):
    return read_feed_item(key, viewer, now=world.now)


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


# Kudos


def kudos(world, viewer, **asked):
    found = read_feed(viewer, now=world.now, **asked).items
    return [
        (i.giver.name, ", ".join(person.name for person in i.people), i.text)
        for i in found
        if i.kind == "kudos"
    ]


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
    set_recognition(world, boss, kudos_allowance=1)

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


def set_recognition(world, boss, **said):
    said = {
        "wins": list(WINS),
        "deal_floor": Decimal(0),
        "kudos_allowance": 5,
        "kudos_labels": ["Teamwork"],
        "quiet": None,
        **said,
    }
    change_recognition(Settings(**said), by=boss, now=world.now)


def test_kudos_can_be_switched_off(world, ana, bo, boss):
    set_recognition(world, boss, kudos_allowance=0)
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


# Announcements


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


# News and quiet hours


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
    set_recognition(world, boss, quiet=QuietHours(14 * 60, 16 * 60))
    give_kudos([bo], "Thank you", None, by=ana, now=world.now)
    assert list(tell_news(bo, now=world.now).kudos) == []


@pytest.mark.parametrize("quiet", [QuietHours(60, 60), QuietHours(-1, 60), QuietHours(0, 1440)])
def test_quiet_hours_that_cannot_be_are_refused(world, ana, boss, quiet):
    with pytest.raises(Invalid):
        change_own_quiet_hours(quiet, by=ana, now=world.now)
    with pytest.raises(Invalid):
        set_recognition(world, boss, quiet=quiet)


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
        set_recognition(world, boss, **said)
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
