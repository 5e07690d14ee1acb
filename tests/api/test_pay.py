"""Programs of finance lock months and adjust pay."""

import pytest

from incentives.store.adjustments import adjustments_of
from incentives.store.audit import entries_of
from tests.operations.test_read_settlement import document


@pytest.fixture
def send(program, monkeypatch, world):
    for name in ("pay_periods", "adjustments"):
        monkeypatch.setattr(f"incentives.api.v1.{name}.now", lambda: world.now)

    def send(path, body):
        address = f"/api/v1/{path}"
        return program.client.post(address, json=body, headers=program.headers)

    return send


@pytest.fixture
def october(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()


def test_months_are_listed_and_locked(send, program, october):
    answer = send("pay-periods", {"period": "2026-10", "note": "Run 10"})
    assert answer.status_code == 201
    assert answer.json["state"] == "locked"
    listed = program.get("/pay-periods").json
    assert [(m["period"], m["state"], m["may_be_locked"]) for m in listed] == [
        ("2026-11", "open", False),
        ("2026-10", "locked", False),
    ]
    assert listed[1] == {
        "period": "2026-10",
        "first_day": "2026-10-01",
        "last_day": "2026-10-31",
        "state": "locked",
        "may_be_locked": False,
        "locked_at": "2026-11-18T15:00:00+00:00",
        "locked_by": None,
        "note": "Run 10",
    }
    [entry] = entries_of("pay period locked", 5)
    assert entry.via == "API"


def test_a_lock_is_refused_in_words(send, october):
    answer = send("pay-periods", {"period": "2026-11"})
    assert (answer.status_code, answer.json["code"]) == (409, "not_over")
    assert send("pay-periods", {"period": "never"}).status_code == 404
    answer = send("pay-periods", {"month": "2026-10"})
    assert {error["pointer"] for error in answer.json["errors"]} == {"/month", "/period"}


def test_pay_is_adjusted_and_taken_back(send, ana, october):
    said = {"payee": "ana-silva", "period": "2026-11", "amount": "-5.50", "reason": "Twice"}
    answer = send("adjustments", said)
    assert (answer.status_code, answer.json) == (201, {"payee": "ana-silva", "number": 1})
    back = {"payee": "Ana Silva", "number": 1, "period": "2026-11", "reason": "Right"}
    assert send("adjustments/opposites", back).json["number"] == 2
    assert send("adjustments/opposites", back).status_code == 409
    assert [each.amount_minor for each in adjustments_of(ana)] == [-550, 550]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"payee": "nobody"}, "/payee"),
        ({"amount": 5.5}, "/amount"),
        ({"amount": "0"}, "/amount"),
        ({"reason": " "}, "/reason"),
        ({"points": 5}, "/points"),
    ],
)
def test_a_refusal_points_at_the_field(send, ana, october, said, pointer):
    body = {"payee": "ana-silva", "period": "2026-11", "amount": "5", "reason": "Agreed", **said}
    answer = send("adjustments", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert adjustments_of(ana) == []


def test_each_needs_its_own_scope(program_with, october):
    reader = program_with("pay_periods:read")
    assert reader.get("/pay-periods").status_code == 200
    for path in ("pay-periods", "adjustments", "adjustments/opposites"):
        answer = reader.client.post(f"/api/v1/{path}", json={}, headers=reader.headers)
        assert answer.status_code == 403
