"""The same activity sent again: nothing new, a revision, or an older version that came late."""

import threading
from datetime import datetime, timedelta

import pytest

from incentives.extensions import db
from incentives.store.activities import ActivityRevision, count_activities


def test_the_same_content_again_changes_nothing(program, deal):
    first = program.post(deal())
    # Another spelling of the same: an offset, a trailing zero, the full name in capitals.
    again = program.post(
        deal(amount="1234.5", occurred_at="2026-11-10T13:00:00+01:00", payee="ANA SILVA")
    )
    assert again.status_code == 200
    assert again.json["status"] == "unchanged"
    assert again.json["id"] == first.json["id"]


def test_other_content_is_a_revision_and_the_older_stays_readable(program, deal, world):
    first = program.post(deal())
    changed = program.post(deal(amount="2000"))
    assert changed.status_code == 200
    assert changed.json["status"] == "changed"
    kept = program.get(f"/activities/{first.json['id']}").json
    assert (kept["amount"], kept["revision"]) == ("2000", 2)
    older = db.session.get(ActivityRevision, (first.json["id"], 1))
    assert older.content["amount"] == "1234.5"


def test_an_older_version_that_comes_later_changes_nothing(program, deal):
    """Of three versions the second comes last, after a third that says the same as the first."""
    morning, noon, evening = (f"2026-11-10T{hour}:00:00Z" for hour in ("08", "12", "18"))
    program.post(deal(changed_at=morning))
    for changed_at in (evening, "2026-11-10T19:00:00+01:00"):
        assert program.post(deal(changed_at=changed_at)).json["status"] == "unchanged"
    late = program.post(deal(changed_at=noon, amount="9000", reversed=True))
    assert (late.status_code, late.json["status"]) == (200, "unchanged")
    kept = program.get(f"/activities/{late.json['id']}").json
    assert (kept["amount"], kept["reversed"], kept["revision"]) == ("1234.5", False, 1)
    assert kept["changed_at"] == "2026-11-10T18:00:00+00:00"
    assert program.post(deal(changed_at=evening, amount="2000")).json["status"] == "changed"


def test_versions_may_come_in_one_list_in_any_order(program, deal):
    hours = {"09": "100", "11": "300", "10": "200"}
    versions = [
        deal(changed_at=f"2026-11-10T{hour}:00:00Z", amount=amount)
        for hour, amount in hours.items()
    ]
    answers = program.post(versions).json
    assert [each["status"] for each in answers] == ["created", "changed", "unchanged"]
    assert program.get(f"/activities/{answers[0]['id']}").json["amount"] == "300"


def test_whoever_names_no_moment_is_believed_and_makes_nothing_old(program, deal):
    program.post(deal(changed_at="2026-11-10T12:00:00Z"))
    assert program.post(deal(amount="1")).json["status"] == "changed"
    older = deal(amount="2", changed_at="2026-11-10T11:00:00Z")
    assert program.post(older).json["status"] == "unchanged"
    newer = deal(amount="3", changed_at="2026-11-10T13:00:00Z")
    assert program.post(newer).json["status"] == "changed"


@pytest.mark.parametrize("versions", [1, 2], ids=["the first", "a revision"])
def test_a_clock_that_is_ahead_does_not_keep_later_versions_out(program, deal, versions):
    for revision in range(versions):
        ahead = deal(amount=str(revision), changed_at="2099-01-01T00:00:00Z")
        answer = program.post(ahead).json
    kept = program.get(f"/activities/{answer['id']}").json
    assert (kept["revision"], kept["changed_at"] < "2099") == (versions, True)
    later = (datetime.fromisoformat(kept["changed_at"]) + timedelta(seconds=1)).isoformat()
    assert program.post(deal(amount="4", changed_at=later)).json["status"] == "changed"


def test_the_same_id_sent_ten_times_at_once_is_one_activity(app, program, deal):
    statuses = []

    def send():
        with app.app_context():
            answer = app.test_client().post(
                "/api/v1/activities", json=[deal()], headers=program.headers
            )
            statuses.append(answer.json[0]["status"])

    together = [threading.Thread(target=send) for _ in range(10)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert sorted(statuses) == ["created"] + ["unchanged"] * 9
    assert count_activities() == 1


def test_ten_revisions_at_once_are_all_kept(app, program, deal):
    first = program.post(deal()).json["id"]

    def send(amount):
        with app.app_context():
            app.test_client().post(
                "/api/v1/activities", json=deal(amount=amount), headers=program.headers
            )

    together = [threading.Thread(target=send, args=[f"{n}"]) for n in range(1, 11)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert program.get(f"/activities/{first}").json["revision"] == 11
    assert db.session.query(ActivityRevision).count() == 10
