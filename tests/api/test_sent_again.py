"""The header Idempotency-Key: what is sent again under it is done once and answered alike."""

import threading
from datetime import timedelta

import pytest

from incentives.access import API_KEY
from incentives.extensions import db
from incentives.operations import give_kudos
from incentives.operations.answer_once import KEPT_FOR, forget_answers
from incentives.store.adjustments import adjustments_of
from incentives.store.audit import entries_of
from incentives.store.kept_answers import KeptAnswer
from incentives.store.kudos import Kudos
from tests.api.conftest import Program
from tests.operations.test_read_settlement import document
from tests.waiting import Waiting, until

# What they answer is worked out anew each time, and nothing is stored.
STORES_NOTHING = {"/api/v1/plans/check", "/api/v1/boards/preview"}
OFF = {"payee": "ana-silva", "period": "2026-11", "amount": "-12.50", "reason": "Paid twice"}


@pytest.fixture(autouse=True)
def today(monkeypatch, world):
    for name in ("adjustments", "kudos", "at_most_once", "pay_periods"):
        monkeypatch.setattr(f"incentives.api.v1.{name}.now", lambda: world.now)


@pytest.fixture
def send(program):
    def send(path, body, key="a", program=program):
        headers = program.headers | ({"Idempotency-Key": key} if key is not None else {})
        return program.client.post(f"/api/v1/{path}", json=body, headers=headers)

    return send


@pytest.fixture
def october(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()


def said(answer):
    return answer.status_code, answer.data, answer.content_type, answer.headers.get("Location")


def amounts(payee):
    return [each.amount_minor for each in adjustments_of(payee)]


def test_an_adjustment_that_is_sent_again_is_posted_once(send, ana, october):
    first, again = send("adjustments", OFF), send("adjustments", OFF)
    assert first.json == {"payee": "ana-silva", "number": 1}
    assert said(first) == said(again)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert amounts(ana) == [-1250]
    assert len(entries_of("pay adjusted", 5)) == 1


def test_without_the_header_and_under_another_key_it_is_another(send, ana, october):
    for key in ("a", "b", None, None):
        assert send("adjustments", OFF, key=key).status_code == 201
    assert amounts(ana) == [-1250] * 4
    assert db.session.query(KeptAnswer).count() == 2


def test_other_content_under_a_used_key_is_refused_in_words(send, ana, october):
    send("adjustments", OFF)
    answer = send("adjustments", OFF | {"amount": "-13.50"})
    assert (answer.status_code, answer.json["code"]) == (422, "key_used")
    assert "Send this under a new one" in answer.json["detail"]
    # The address is a part of what was asked.
    assert send("kudos", OFF).json["code"] == "key_used"
    assert amounts(ana) == [-1250]


def test_the_key_of_one_program_is_not_that_of_another(send, app, world, ana, october):
    other = Program(app, world.now, ["adjustments:write"])
    send("adjustments", OFF)
    assert send("adjustments", OFF, program=other).json["number"] == 2
    assert amounts(ana) == [-1250] * 2


def test_a_refusal_is_not_kept_so_that_the_same_may_do_later(send, deal, world):
    bo = deal(payee="bo-lind")
    assert send("activities", bo).status_code == 422
    world.payee("Bo Lind")
    answer = send("activities", bo)
    assert answer.status_code == 201
    assert said(send("activities", bo)) == said(answer)


def test_what_is_undone_leaves_no_key_behind(send, ana, october, monkeypatch):
    """As when the process dies after the posting and before its answer."""
    from incentives.api.v1 import adjustments

    with monkeypatch.context() as patch:
        patch.setattr(adjustments, "_posted", lambda *_: 1 / 0)
        assert send("adjustments", OFF).status_code == 500
    assert amounts(ana) == []
    assert send("adjustments", OFF).status_code == 201
    assert amounts(ana) == [-1250]


def test_a_list_is_answered_alike_with_what_was_refused_in_it(send, deal, program):
    several = [deal(), deal(external_id="D2", payee="nobody"), deal(external_id="D3")]
    first = send("activities", several)
    assert [each["status"] for each in first.json] == ["created", "rejected", "created"]
    assert said(send("activities", several)) == said(first)
    # Without the header it is told as it is now.
    assert [each["status"] for each in program.post(several).json][::2] == ["unchanged"] * 2


def test_a_list_of_which_nothing_is_stored_is_answered_alike(send, deal, world):
    several = [deal(payee="bo-lind")]
    first = send("activities", several)
    world.payee("Bo Lind")
    assert said(send("activities", several)) == said(first)


@pytest.mark.parametrize("key", ["x" * 201, "", "ü"])
def test_a_key_that_is_none_is_refused_in_words(send, key, deal):
    answer = send("activities", deal(), key=key)
    assert (answer.status_code, answer.json["code"]) == (422, "key_unreadable")


def test_a_month_is_locked_once_under_a_key(send, october):
    first = send("pay-periods", {"period": "2026-10"})
    assert first.status_code == 201
    assert said(send("pay-periods", {"period": "2026-10"})) == said(first)
    assert send("pay-periods", {"period": "2026-10"}, key="b").status_code == 409
    assert len(entries_of("pay period locked", 5)) == 1


def test_after_a_day_the_key_may_be_used_again(send, ana, world, october):
    send("adjustments", OFF)
    forget_answers(now=world.now + KEPT_FOR)
    assert send("adjustments", OFF).headers.get("Idempotency-Replayed")
    forget_answers(now=world.now + KEPT_FOR + timedelta(seconds=1))
    assert send("adjustments", OFF).status_code == 201
    assert amounts(ana) == [-1250] * 2


def test_after_a_day_it_may_be_used_again_whether_or_not_its_answer_was_deleted(
    send, ana, world, october, monkeypatch
):
    send("adjustments", OFF)
    later = world.now + KEPT_FOR + timedelta(seconds=1)
    monkeypatch.setattr("incentives.api.v1.at_most_once.now", lambda: later)
    assert send("adjustments", OFF).status_code == 201
    assert send("adjustments", OFF).headers.get("Idempotency-Replayed")
    assert amounts(ana) == [-1250] * 2


def test_two_at_once_are_one(app, world, send, program, ana, monkeypatch):
    """On PostgreSQL the second is told to try again; on SQLite it waits for the one writer."""
    world.payee("Bo Lind")
    thanks = {"giver": "bo-lind", "to": ["ana-silva"], "message": "You saved the demo"}
    begun, go_on = [], threading.Event()
    real, waiting = give_kudos._receivers, Waiting()

    def slowly(*arguments):
        begun.append(arguments)
        assert go_on.wait(20)
        return real(*arguments)

    monkeypatch.setattr(give_kudos, "_receivers", slowly)
    answers = {}

    def ask(name):
        client = app.test_client()
        headers = program.headers | {"Idempotency-Key": "a"}
        answers[name] = client.post("/api/v1/kudos", json=thanks, headers=headers)

    first, second = (threading.Thread(target=ask, args=[n]) for n in ("first", "second"))
    first.start()
    until(lambda: begun)
    second.start()
    if db.engine.dialect.name == "postgresql":
        second.join(20)
        assert (answers["second"].status_code, answers["second"].json["code"]) == (409, "under_way")
        assert "Send the same again in a moment." in answers["second"].json["detail"]
        go_on.set()
        first.join(20)
        answers["second"] = send("kudos", thanks)
    else:
        until(lambda: waiting.one_waits() or len(begun) == 2)
        assert "second" not in answers
        go_on.set()
        first.join(20)
        second.join(20)
    assert answers["first"].status_code == 201
    assert said(answers["first"]) == said(answers["second"])
    assert len(begun) == 1
    assert db.session.query(Kudos).count() == 1


def test_every_request_that_stores_something_takes_the_header_and_says_so(app, client):
    document = client.get("/api/v1/openapi.json").json
    takes = {
        path
        for path, operations in document["paths"].items()
        if any(each.get("name") == "Idempotency-Key" for each in _parameters(operations))
    }
    posts = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and app.view_functions[rule.endpoint].policy == API_KEY
    }
    assert takes == posts - STORES_NOTHING
    assert len(takes) == 10


def _parameters(operations):
    return operations.get("post", {}).get("parameters", [])
