"""Programs set and read exchange rates."""

import pytest

from incentives.store.audit import entries_of

RATE = {"currency": "EUR", "to": "USD", "date": "2026-11-01", "rate": "1.0834", "provider": "ECB"}


@pytest.fixture
def send(program):
    def send(body):
        return program.client.post("/api/v1/exchange-rates", json=body, headers=program.headers)

    return send


def test_one_rate_is_new_then_known_then_changed(send, program):
    answers = [send(RATE), send(RATE), send({**RATE, "rate": "1.09"})]
    assert [(a.status_code, a.json["status"]) for a in answers] == [
        (201, "created"),
        (200, "unchanged"),
        (200, "changed"),
    ]
    assert program.get("/exchange-rates").json == [{**RATE, "rate": "1.09"}]
    assert {entry.via for entry in entries_of("exchange rate set", 5)} == {"API"}


def test_a_list_goes_in_as_a_whole_or_not_at_all(send, program):
    wrong = {**RATE, "currency": "EURO"}
    refused = send([RATE, wrong, {**RATE, "rate": 1.09}])
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == "/2/rate"
    refused = send([RATE, wrong])
    assert refused.json["errors"] == [
        {
            "pointer": "/1/currency",
            "field": "1.currency",
            "code": "invalid",
            "message": "EURO is no currency. Write a code like USD.",
        }
    ]
    assert program.get("/exchange-rates").json == []
    assert [each["status"] for each in send([RATE, RATE]).json] == ["created", "unchanged"]


@pytest.mark.parametrize(
    ("said", "pointer", "sentence"),
    [
        ({"date": "1 November"}, "/date", "Write a day, such as 2026-11-18."),
        ({"rate": "0"}, "/rate", "A rate is more than 0."),
        ({"rate": ...}, "/rate", "Write this field."),
        ({"day": "2026-11-01"}, "/day", "There is no such field."),
    ],
)
def test_a_refusal_points_at_the_field(send, said, pointer, sentence):
    body = {name: value for name, value in {**RATE, **said}.items() if value is not ...}
    answer = send(body)
    assert answer.status_code == 422
    assert [(e["pointer"], e["message"]) for e in answer.json["errors"]] == [(pointer, sentence)]


def test_too_many_or_none_at_a_time_are_refused(send):
    assert send([]).status_code == 422
    assert send([RATE] * 1001).status_code == 413


def test_rates_need_their_own_scopes(program_with):
    reader = program_with("exchange_rates:read", "activities:write")
    assert reader.get("/exchange-rates").status_code == 200
    refused = reader.client.post("/api/v1/exchange-rates", json=RATE, headers=reader.headers)
    assert refused.status_code == 403
    assert program_with("exchange_rates:write").get("/exchange-rates").status_code == 403
