"""Programs read the feed, give kudos for people and announce."""

import pytest

from incentives.operations.change_boards import edit_board
from incentives.store.audit import entries_of
from incentives.store.boards import board_by_slug

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def send(program):
    def send(path, body, method="POST"):
        return program.client.open(
            f"/api/v1{path}", method=method, json=body, headers=program.headers
        )

    return send


def test_a_program_reads_wins_as_exact_text(world, program, ana):
    world.deal(ana, "1234.5", attributes={"account": "Acme"})
    (item,) = program.get("/feed").json["items"]
    assert (item["kind"], item["what"], item["value"], item["currency"]) == (
        "deal",
        "Acme",
        "1234.5",
        "USD",
    )
    assert item["people"] == [{"id": ana, "name": "Ana Silva"}]


def test_where_a_board_hides_names_from_programs_no_win_is_told(world, program, ana):
    world.deal(ana, "1234.5")
    document = board_by_slug("revenue").document
    hidden = {**document, "privacy": {"program": {"form": "pseudonym"}}}
    edit_board("revenue", hidden, by=None, now=world.now)
    said = program.get("/feed")
    assert (said.json["items"], said.json["hides_names"]) == ([], True)
    assert "Ana" not in said.text


def test_kudos_come_from_a_chat_in_somebodys_name(world, program, send, ana):
    world.payee("Bo Lind")
    said = {"giver": "ana-silva", "to": ["BO-LIND"], "message": "Thank you"}
    given = send("/kudos", said)
    assert given.status_code == 201
    (item,) = program.get("/feed").json["items"]
    assert (item["key"], item["giver"]["name"]) == (given.json["key"], "Ana Silva")
    assert entries_of("kudos given", 1)[0].via == "API"
    refused = send("/kudos", {**said, "to": ["cy"], "giver": "di"})
    assert [error["field"] for error in refused.json["errors"]] == ["giver", "to"]
    assert send("/kudos", {**said, "to": ["ana-silva"]}).status_code == 422


def test_an_announcement_is_made_changed_and_ended(program, send):
    made = send("/announcements", {"title": "Hello", "text": "Text"})
    assert made.status_code == 201
    path = f"/announcements/{made.json['id']}"
    assert send(path, {"title": "Hi", "text": "Text"}, "PUT").status_code == 200
    (shown,) = program.get("/feed").json["announcements"]
    assert shown["title"] == "Hi"
    assert send(path, {}, "DELETE").status_code == 204
    assert program.get("/feed").json["announcements"] == []
    assert send("/announcements", {"title": "", "text": ""}).status_code == 422


def test_each_part_needs_its_scope(program_with):
    nobody = program_with("boards:read")
    assert nobody.get("/feed").status_code == 403
    for path in ("/kudos", "/announcements"):
        answer = nobody.client.post(f"/api/v1{path}", json={}, headers=nobody.headers)
        assert answer.status_code == 403


@pytest.mark.parametrize("asked", ["limit=0", "limit=x", "what=1", "team=nowhere"])
def test_an_address_that_asks_for_what_there_is_not_is_refused(program, asked):
    assert program.get(f"/feed?{asked}").status_code in (404, 422)
