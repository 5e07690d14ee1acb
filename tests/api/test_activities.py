"""Programs send activities; each is answered for itself."""

import json
from decimal import Decimal

from incentives.store import activities
from incentives.store.activities import PayeeShare


def test_a_new_activity_is_kept_exactly_as_sent(program, deal):
    answer = program.post(deal())
    assert answer.status_code == 201
    assert answer.json | {"id": None} == {
        "index": 0,
        "status": "created",
        "id": None,
        "errors": [],
    }
    kept = program.client.get(answer.headers["Location"], headers=program.headers).json
    assert (kept["amount"], kept["currency"], kept["quantity"]) == ("1234.5", "USD", "1")
    assert kept["occurred_at"] == "2026-11-10T12:00:00+00:00"
    assert kept["shares"] == [{"payee": "ana-silva", "percent": "100", "overlay": False}]
    assert kept["attributes"] == {"product": "GTX Pro"}


def test_a_list_is_answered_in_order_and_a_bad_one_costs_the_others_nothing(program, deal):
    answer = program.post(
        [
            deal(external_id="A"),
            deal(external_id="B", amount=12.5),
            "nonsense",
            deal(external_id="C", payee="nobody"),
            deal(external_id="D"),
            deal(external_id="A"),
            deal(external_id="A", amount="7"),
        ]
    )
    assert answer.status_code == 200
    assert [(item["index"], item["status"]) for item in answer.json] == [
        (0, "created"),
        (1, "rejected"),
        (2, "rejected"),
        (3, "rejected"),
        (4, "created"),
        (5, "unchanged"),
        (6, "changed"),
    ]
    assert answer.json[1]["errors"] == [
        {
            "field": "amount",
            "code": "invalid",
            "message": 'Write the number as text with a point, such as "1234.50".',
        }
    ]
    assert answer.json[3]["errors"][0]["code"] == "unknown_payee"
    assert activities.count_activities() == 2


def test_a_split_deal_credits_each_their_share(program, deal, world, ana):
    bo = world.payee("Bo Lind")
    shares = [
        {"payee": "Ana Silva", "percent": "72.68"},
        {"payee": "bo-lind", "percent": "27.32"},
    ]
    answer = program.post(deal(payee=..., shares=shares))
    assert answer.status_code == 201
    assert activities.shares_in(answer.json["id"]) == [
        PayeeShare(ana, Decimal("72.68")),
        PayeeShare(bo, Decimal("27.32")),
    ]


def test_an_overlay_comes_on_top_of_the_shares_that_total_100(program, deal, world, ana):
    bo = world.payee("Bo Lind")
    shares = [
        {"payee": "ana-silva", "percent": "50"},
        {"payee": "bo-lind", "percent": "50"},
        {"payee": "ana-silva", "percent": "20", "overlay": True},
    ]
    answer = program.post(deal(payee=..., shares=shares))
    assert answer.status_code == 201
    assert activities.shares_in(answer.json["id"]) == [
        PayeeShare(ana, Decimal(50)),
        PayeeShare(bo, Decimal(50)),
        PayeeShare(ana, Decimal(20), overlay=True),
    ]
    kept = program.get(f"/activities/{answer.json['id']}").json
    assert kept["shares"][2] == {"payee": "ana-silva", "percent": "20", "overlay": True}
    again = program.post(deal(payee=..., shares=shares[::-1]))
    assert again.json["status"] == "unchanged"
    shares[2]["overlay"] = "yes"
    wrong = program.post(deal(payee=..., shares=shares))
    assert wrong.status_code == 422
    assert wrong.json["errors"][0]["message"] == "Write true or false."


def test_overlays_alone_do_not_credit_a_deal(program, deal, ana):
    shares = [{"payee": "ana-silva", "percent": "100", "overlay": True}]
    answer = program.post(deal(payee=..., shares=shares))
    assert answer.status_code == 422
    assert "The shares total 0, they must total 100." in answer.json["detail"]


def test_a_person_under_two_names_has_one_share(program, deal, ana):
    shares = [
        {"payee": "ana-silva", "percent": "50"},
        {"payee": "Ana Silva", "percent": "50"},
    ]
    answer = program.post(deal(payee=..., shares=shares))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "payee_named_twice"


def test_a_reversal_takes_the_activity_back(program, deal, world, ana):
    world.plan()
    program.post(deal())
    world.refresh()
    assert world.total(ana, "points") > 0
    assert program.post(deal(reversed=True)).json["status"] == "changed"
    world.refresh()
    assert world.total(ana, "points") == 0


def test_an_activity_moves_when_its_payee_does(program, deal, world, ana):
    bo = world.payee("Bo Lind")
    first = program.post(deal())
    program.post(deal(payee="bo-lind"))
    assert activities.shares_in(first.json["id"]) == [PayeeShare(bo, Decimal(100))]


WRONG = [
    ({"amount": 12.5}, "amount", "text with a point"),
    ({"amount": "12,5"}, "amount", "text with a point"),
    ({"amount": "1e3"}, "amount", "text with a point"),
    ({"amount": "NaN"}, "amount", "text with a point"),
    ({"amount": "1.005"}, "amount", "USD has 2 decimals"),
    ({"amount": True}, "amount", "text with a point"),
    ({"amount": "12.50\n"}, "amount", "text with a point"),
    ({"quantity": "-1"}, "quantity", "negative"),
    ({"quantity": "0.1234567"}, "quantity", "at most 6 decimals"),
    ({"currency": "XXL"}, "currency", "no currency"),
    ({"currency": ...}, "currency", "Say the currency"),
    ({"amount": ..., "currency": "pounds sterling"}, "currency", "no currency"),
    ({"occurred_at": "2026-11-10T12:00:00"}, "occurred_at", "offset"),
    ({"occurred_at": "2026-11-10"}, "occurred_at", "offset"),
    ({"occurred_at": "10/20/2026"}, "occurred_at", "offset"),
    ({"occurred_at": 1794312000}, "occurred_at", "offset"),
    ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "occurred_at", "offset"),
    ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at", "offset"),
    ({"occurred_at": "3026-11-10T12:00:00Z"}, "occurred_at", "after 2199"),
    ({"occurred_at": ...}, "occurred_at", "when it happened"),
    ({"source": "  "}, "source", "missing"),
    ({"source": ...}, "source", "Write this field"),
    ({"external_id": "x" * 121}, "external_id", "longer than 120"),
    ({"external_id": "D\u0000"}, "external_id", "cannot be seen"),
    ({"external_id": "D\u200b1"}, "external_id", "cannot be seen"),
    ({"external_id": "D\ud800"}, "external_id", "cannot be seen"),
    ({"external_id": 7}, "external_id", "Write text"),
    ({"kind": None}, "kind", "Write text"),
    ({"payee": "no\u0000body"}, "payee", "cannot be seen"),
    ({"payee": "\udc00"}, "payee", "cannot be seen"),
    ({"payee": "Bo\u200b"}, "payee", "Nobody who can earn"),
    ({"payee": ...}, "payee", "Write either payee"),
    ({"shares": [{"payee": "ana-silva", "percent": "100"}]}, "payee", "Write either payee"),
    ({"payee": ..., "shares": []}, "shares", "1 to 50"),
    ({"payee": ..., "shares": [{"payee": "ana-silva", "percent": "99"}]}, "shares", "total 99"),
    ({"payee": ..., "shares": [{"payee": "ana-silva"}]}, "shares.0.percent", "Write this"),
    ({"attributes": {"product": 7}}, "attributes.product.value", "Write text"),
    ({"attributes": {"days_to_close": "soon"}}, "attributes", "whole days"),
    ({"attributes": {f"a{n}": "" for n in range(51)}}, "attributes", "at most 50"),
    ({"reversed": "yes"}, "reversed", "true or false"),
    ({"commission": "100"}, "commission", "no such field"),
    ({"id": 1, "received_at": "2020-01-01T00:00:00Z"}, "id", "no such field"),
]


def test_what_cannot_be_kept_is_refused_with_what_to_write(program, deal):
    """All in one list: each is refused for itself."""
    answer = program.post_text(json.dumps([deal(**fields) for fields, _, _ in WRONG]))
    assert answer.status_code == 200
    for (fields, field, words), item in zip(WRONG, answer.json, strict=True):
        assert item["status"] == "rejected", fields
        sentences = [error["message"] for error in item["errors"] if error["field"] == field]
        assert any(words in sentence for sentence in sentences), (fields, item["errors"])
    assert activities.count_activities() == 0


def test_a_single_one_is_refused_with_a_pointer_to_the_field(program, deal):
    answer = program.post(deal(amount=12.5, attributes={"product": 7}))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    pointers = [error["pointer"] for error in answer.json["errors"]]
    assert pointers == ["/amount", "/attributes/product/value"]
    assert "text with a point" in answer.json["detail"]


def test_one_person_under_two_names_is_named_twice(program, deal):
    shares = [
        {"payee": "Ana Silva", "percent": "50"},
        {"payee": "ana-silva", "percent": "50"},
    ]
    answer = program.post(deal(payee=..., shares=shares))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["message"] == "Name each payee once."


def test_two_spellings_of_one_character_are_one_id(program, deal):
    assert program.post(deal(external_id="café")).status_code == 201
    assert program.post(deal(external_id="cafe\u0301")).json["status"] == "unchanged"


UNREADABLE = [
    "",
    "{",
    '{"source": "crm", "source": "erp"}',
    '{"amount": NaN}',
    '{"amount": Infinity}',
    "[" * 100_000,
    '{"a":' * 100_000,
    '{"quantity": ' + "9" * 5_000 + "}",
    b"\xff\xfe",
    b"\xc3\x28",
]


def test_a_body_that_could_mean_two_things_is_unreadable(program):
    for text in UNREADABLE:
        answer = program.post_text(text)
        assert answer.status_code == 400, text[:40]
        assert answer.content_type == "application/problem+json"


def test_a_body_of_another_shape_is_refused(program):
    for body in ("null", "7", '"text"', "true", "1e400", "[]", "{}"):
        answer = program.post_text(body)
        assert answer.status_code == 422, body
        assert answer.json["detail"]
    assert program.post_text("[]").json["detail"] == (
        "The list is empty. Send at least one activity."
    )
    for body in ("[[]]", "[null]"):
        assert program.post_text(body).json[0]["status"] == "rejected"


def test_json_must_be_called_json(program, deal):
    answer = program.post_text(json.dumps(deal()), content_type="text/plain")
    assert answer.status_code == 415
    assert "application/json" in answer.json["detail"]


def test_a_thousand_are_taken_and_one_more_is_too_many(program, deal):
    many = [deal(external_id=f"D{n}") for n in range(1_001)]
    assert program.post(many).status_code == 413
    answer = program.post(many[:1_000])
    assert {item["status"] for item in answer.json} == {"created"}
    ids = {activities_id["id"] for activities_id in answer.json}
    assert len(ids) == activities.count_activities() == 1_000


def test_a_body_of_more_than_four_megabytes_is_too_large(program):
    assert program.post_text(" " * (4 * 1024 * 1024 + 1)).status_code == 413


def test_each_of_a_list_gets_its_own_id(program, deal):
    answer = program.post([deal(external_id=name, amount=name + "0") for name in "3142"])
    for item, name in zip(answer.json, "3142", strict=True):
        kept = program.get(f"/activities/{item['id']}").json
        assert (kept["external_id"], kept["amount"]) == (name, name + "0")


def test_what_is_not_there_is_told_as_a_problem(program):
    for path in ("/activities/999", "/activities/9223372036854775807", "/nothing"):
        answer = program.get(path)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
        assert answer.json["detail"]


def test_another_method_is_told_as_a_problem(program):
    answer = program.client.delete("/api/v1/activities", headers=program.headers)
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert "POST" in answer.headers["Allow"]


def test_cash_names_its_deal_and_nobody_else(program, deal):
    cash = {"external_id": "P1", "kind": "cash_received", "attributes": {"deal": "D1"}}
    answers = program.post([deal(payee=..., **cash), deal()]).json
    assert [answer["status"] for answer in answers] == ["created", "created"]
    kept = program.get(f"/activities/{answers[0]['id']}").json
    assert kept["shares"] == [{"payee": "ana-silva", "percent": "100", "overlay": False}]
    [error] = program.post(deal(**cash)).json["errors"]
    assert error["message"] == "Leave payee and shares out: cash goes to the payees of its deal."


def test_only_cash_may_leave_the_payee_out(program, deal):
    [error] = program.post(deal(payee=...)).json["errors"]
    assert error["code"] == "payee_or_shares"
