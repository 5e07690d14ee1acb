"""Logging by hand, once for each form; and taking back what one logged oneself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from incentives.errors import Forbidden, Invalid, Refused
from incentives.operations.log_activity import LogEntry, log_activity
from incentives.operations.read_activity import read_activity
from incentives.operations.reverse_activity import reverse_activity
from incentives.store.activities import count_activities

TOKEN = "0123456789abcdef" * 2


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    return ana


@pytest.fixture
def entry(ana):
    return LogEntry(TOKEN, ana, "deal_won", "2026-11-18", "14:30", "400.00", "GTX Pro", "Isdom")


def test_a_logged_deal_counts_for_points_and_pay(world, ana, entry):
    log_activity(entry, by=ana, now=world.now)
    world.refresh()
    assert world.total(ana, "points") == 48
    assert world.total(ana, "money") == 1600  # 400.00 at 4 %


def test_a_form_sent_twice_logs_once(world, ana, entry):
    first = log_activity(entry, by=ana, now=world.now)
    assert log_activity(entry, by=ana, now=world.now) == first
    assert count_activities() == 1


def test_a_used_form_takes_no_other_entry(world, ana, entry):
    log_activity(entry, by=ana, now=world.now)
    with pytest.raises(Refused, match="already used"):
        log_activity(replace(entry, amount="500.00"), by=ana, now=world.now)
    world.refresh()
    assert world.total(ana, "money") == 1600


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nap", "amount": ""}, "kind"),
        ({"amount": ""}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"kind": "call"}, "amount"),
        ({"day": "18.11.2026"}, "day"),
        ({"time": "2 pm"}, "time"),
        ({"time": "15:01"}, "time"),  # it is 15:00
        ({"day": "2026-11-19"}, "time"),
        ({"payee_id": 0}, "payee_id"),
        ({"token": "x"}, "token"),
    ],
)
def test_what_cannot_be_logged_names_the_field(world, ana, entry, changes, field):
    with pytest.raises(Invalid) as refused:
        log_activity(replace(entry, **changes), by=ana, now=world.now)
    assert list(refused.value.fields) == [field]
    assert count_activities() == 0


def test_taken_back_it_counts_as_never_made_and_stays_readable(world, ana, entry):
    activity_id = log_activity(entry, by=ana, now=world.now)
    world.refresh()
    reverse_activity(activity_id, "Entered twice", by=ana, now=world.now + timedelta(hours=1))
    world.refresh()
    assert world.total(ana, "money") == 0
    reading = read_activity(activity_id, may_see_pay_of=lambda *_: True)
    [revision] = reading.revisions
    assert {(c.field, c.before, c.after) for c in revision.changes} == {
        ("reversal_reason", None, "Entered twice"),
        ("taken back", None, "yes"),
    }
    with pytest.raises(Refused, match="already taken back"):
        reverse_activity(activity_id, "Again", by=ana, now=world.now)


def test_only_the_person_who_logged_it_takes_it_back_and_says_why(world, ana, entry):
    bo = world.payee("Bo Lind")
    activity_id = log_activity(entry, by=ana, now=world.now)
    with pytest.raises(Forbidden):
        reverse_activity(activity_id, "Not mine", by=bo, now=world.now)
    with pytest.raises(Invalid, match="Say why"):
        reverse_activity(activity_id, " ", by=ana, now=world.now)


def test_an_activity_shows_pay_to_those_who_may_see_it(world, ana, entry):
    activity_id = log_activity(entry, by=ana, now=world.now)
    world.refresh()
    everything = read_activity(activity_id, may_see_pay_of=lambda *_: True)
    assert {each.line.yields for each in everything.lines} == {"points", "money"}
    some = read_activity(activity_id, may_see_pay_of=lambda *_: False)
    assert {each.line.yields for each in some.lines} == {"points"}
    assert some.hides_pay


def test_a_form_sent_twice_at_once_logs_once(world, ana, entry):
    together = Barrier(2)

    def send(_):
        with world.app.app_context():
            together.wait()
            return log_activity(entry, by=ana, now=world.now)

    with ThreadPoolExecutor(2) as pool:
        ids = set(pool.map(send, range(2)))
    assert len(ids) == count_activities() == 1


@pytest.mark.parametrize("reason", ["sent by \U0001f468\u200d\U0001f469", "a\x01bc", "\u200b" * 3])
def test_a_reason_with_unseen_characters_is_refused_in_words(world, ana, entry, reason):
    activity_id = log_activity(entry, by=ana, now=world.now)
    with pytest.raises(Invalid, match="cannot be seen"):
        reverse_activity(activity_id, reason, by=ana, now=world.now)
