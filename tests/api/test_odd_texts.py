"""Texts that JSON can write and no database keeps are refused at their field, everywhere."""

import pytest

UNKEPT = {"a NUL": "a\u0000b", "half a character": "a\ud800b"}
BODIES = {
    "kudos": {"giver": "max", "to": ["ana-silva"], "message": "Thanks", "label": "Teamwork"},
    "announcements": {"title": "Hello", "text": "All", "team": "east"},
    "adjustments": {
        "payee": "ana-silva",
        "period": "2026-11",
        "amount": "1.00",
        "reason": "Bonus",
        "currency": "USD",
        "about": "2026-10",
    },
    "adjustments/opposites": {
        "payee": "ana-silva",
        "number": 1,
        "period": "2026-11",
        "reason": "Wrong",
    },
    "pay-periods": {"period": "2026-10", "note": "Paid"},
    "exchange-rates": {
        "currency": "EUR",
        "to": "USD",
        "date": "2026-11-01",
        "rate": "1.1",
        "provider": "ECB",
    },
}
FIELDS = [(path, name) for path, body in BODIES.items() for name in body]


@pytest.mark.parametrize("text", UNKEPT.values(), ids=UNKEPT)
def test_a_text_that_cannot_be_kept_is_refused_at_its_field(program, ana, text):
    for path, name in FIELDS:
        body = BODIES[path]
        sent = {**body, name: [text] if isinstance(body[name], list) else text}
        answer = program.client.post(f"/api/v1/{path}", json=sent, headers=program.headers)
        assert answer.status_code == 422, (path, name, answer.text)
        assert name in answer.text, (path, name)


def at_each_text(part, text):
    """The document with one of its texts replaced, for each of them."""
    if isinstance(part, str):
        yield text
    for place, value in part.items() if isinstance(part, dict) else ():
        yield from ({**part, place: other} for other in at_each_text(value, text))
    for place, value in enumerate(part) if isinstance(part, list) else ():
        before, after = part[:place], part[place + 1 :]
        yield from ([*before, other, *after] for other in at_each_text(value, text))


BOARD = {
    "schema": 1,
    "name": "Race",
    "scores": [{"kpi": "revenue"}],
    "span": {"period": "month"},
    "hidden": ["ana-silva"],
}


@pytest.mark.parametrize("text", UNKEPT.values(), ids=UNKEPT)
def test_a_document_with_such_a_text_is_neither_a_board_nor_a_plan(program, world, text):
    world.plan()
    plan = program.get("/plans/field-sales/versions/1").json["document"]
    for path, document in (
        *(("boards", each) for each in at_each_text(BOARD, text)),
        *(("plans", each) for each in at_each_text(plan, text)),
    ):
        sent = {"document": document, "from": "2026-12-01"}
        sent = sent if path == "plans" else {"document": document}
        answer = program.client.post(f"/api/v1/{path}", json=sent, headers=program.headers)
        assert answer.status_code == 422, (path, document, answer.text)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_board_is_frozen_in_a_year_that_there_is(program, at):
    document = {**BOARD, "freeze": {"at": at, "for": ["rep"]}}
    answer = program.client.post(
        "/api/v1/boards", json={"document": document}, headers=program.headers
    )
    assert answer.status_code == 422
    assert "Write a year from 1970 to 2199." in answer.text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z"])
def test_a_board_cannot_be_read_before_there_was_time(program, world, moment):
    for way in ("standings", "standings.csv", "entrants/1/why"):
        answer = program.get(f"/boards/revenue/{way}?at={moment}")
        assert answer.status_code == 422, way
        assert "after 1970" in answer.text
