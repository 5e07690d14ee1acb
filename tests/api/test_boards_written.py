"""Programs write boards, look at pages of them, at why, and at how they stood."""

from datetime import timedelta

import pytest

from incentives.store import audit
from tests.core.boards.documents import document


@pytest.fixture
def api(program, monkeypatch, world):
    """Calls as a program, at the world's moment."""
    monkeypatch.setattr("incentives.api.v1.boards.now", lambda: world.now)

    def call(method, path, body=None):
        return program.client.open(
            f"/api/v1{path}", method=method, json=body, headers=program.headers
        )

    return call


def said(**fields):
    return {"document": document(**{"name": "Mine", **fields})}


def names(answer):
    return [row["entrant"]["name"] for row in answer.json["standings"]]


@pytest.fixture
def people(world):
    found = [world.payee(name) for name in ("Ana", "Bo", "Cy", "Di")]
    for number, payee in enumerate(found):
        world.deal(payee, str(400 - 100 * number))
    world.refresh()
    return found


def test_a_board_is_created_read_edited_and_retired(api, people):
    made = api("POST", "/boards", said())
    assert (made.status_code, made.json) == (201, {"slug": "mine", "revision": 1})
    assert made.headers["Location"] == "/api/v1/boards/mine"
    edited = api("PUT", "/boards/mine", said(places="dense"))
    assert edited.json == {"slug": "mine", "revision": 2}
    read = api("GET", "/boards/mine").json
    assert (read["document"]["places"], read["revision"]) == ("dense", 2)
    assert [each["document"] for each in read["earlier"]] == [said()["document"]]
    assert api("DELETE", "/boards/mine").status_code == 204
    assert api("GET", "/boards/mine").status_code == 404
    assert {entry.via for entry in audit.entries_about(3)} == {"API"}


def test_a_refused_document_names_each_field(api, people):
    answer = api("POST", "/boards", said(hiden=[], scores=[{"kpi": "revenu"}]))
    assert answer.status_code == 422
    fields = {error["field"]: error["message"] for error in answer.json["errors"]}
    assert "Did you mean hidden?" in fields["hiden"]
    assert "Did you mean revenue?" in fields["scores[0].kpi"]
    assert api("POST", "/boards", {"document": []}).status_code == 422
    assert api("PUT", "/boards/nothing", said()).status_code == 404


def test_writing_takes_the_scope_boards_write(program_with, people):
    reader = program_with("boards:read")
    path = "/api/v1/boards"
    for method, address in (("POST", path), ("PUT", f"{path}/revenue"), ("DELETE", path + "/x")):
        answer = reader.client.open(address, method=method, json=said(), headers=reader.headers)
        assert (answer.status_code, answer.json["code"]) == (403, "scope_missing"), address


def test_a_preview_shows_what_is_not_stored(api, people):
    answer = api("POST", "/boards/preview", said(scores=[{"kpi": "deals_won"}]))
    assert (answer.status_code, len(answer.json["standings"])) == (200, 4)
    assert api("GET", "/boards/mine").status_code == 404


def test_search_and_those_round_somebody_are_slices(api, people):
    assert names(api("GET", "/boards/revenue/standings?search=c")) == ["Cy"]
    answer = api("GET", f"/boards/revenue/standings?around={people[3]}&window=3")
    assert (names(answer), answer.json["first"], answer.json["total"]) == (["Bo", "Cy", "Di"], 1, 4)
    assert api("GET", "/boards/revenue/standings?around=999").status_code == 404
    assert api("GET", "/boards/revenue/standings?window=0").status_code == 422
    assert api("GET", "/boards/revenue/standings?since=year").status_code == 422


def test_why_lists_what_sums_to_the_score(api, world, people):
    world.deal(people[3], "50")
    world.refresh()
    answer = api("GET", f"/boards/revenue/entrants/{people[3]}/why").json
    assert sorted(item["adds"] for item in answer["contributions"]) == ["100", "50"]
    assert (answer["standing"]["score"], answer["total"]) == ("150", 2)
    assert answer["above"]["entrant"]["name"] == "Cy"
    assert [mark["percent"] for mark in answer["benchmarks"]] == [50, 25, 10]
    world.deal(people[3], "50")
    world.refresh()
    tie = api("GET", f"/boards/revenue/entrants/{people[3]}/why").json["tie"]
    # Both are level on 200, made at the same moment.
    assert (tie["link"], tie["other"], tie["is_above"]) == ("name", "Cy", False)
    assert api("GET", "/boards/revenue/entrants/999/why").status_code == 404


def test_the_board_is_read_as_it_stood(api, world, people):
    before = world.now
    world.now += timedelta(minutes=5)
    world.deal(people[3], "999")
    world.refresh()
    moment = (before + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert names(api("GET", "/boards/revenue/standings"))[0] == "Di"
    stood = api("GET", f"/boards/revenue/standings?at={moment}")
    assert (names(stood)[0], stood.json["at"]) == ("Ana", moment.replace("Z", "+00:00"))
    assert api("GET", "/boards/revenue/standings?at=2099-01-01T00:00:00Z").status_code == 422
    assert api("GET", "/boards/revenue/standings?at=yesterday").status_code == 422


def test_the_file_holds_the_rows_and_runs_no_formula(api, world, people):
    evil = world.payee("=HYPERLINK(1)")
    world.deal(evil, "1")
    world.refresh()
    answer = api("GET", "/boards/revenue/standings.csv")
    assert answer.mimetype == "text/csv"
    first, *_, last = answer.text.splitlines()
    assert first == "place,tied,name,team,group,score,gap,moved,quota,attainment"
    assert last.startswith("5,no,'=HYPERLINK(1),East,,1,99")


@pytest.mark.parametrize("form", ["top_n", "neighbours", "pseudonym", "self"])
def test_a_program_sees_what_the_board_shows_to_programs(api, world, people, form):
    api("POST", "/boards", said(privacy={"program": {"form": form, "top": 1}}))
    shown = {"Ana"} if form == "top_n" else set()
    for path in ("standings", "standings.csv", "standings?search=o"):
        text = api("GET", f"/boards/mine/{path}").text
        for name in {"Ana", "Bo", "Cy", "Di"} - shown:
            assert name not in text.replace("Board", ""), path
    for payee in people[1:]:
        assert api("GET", f"/boards/mine/entrants/{payee}/why").status_code == 404
        assert api("GET", f"/boards/mine/standings?around={payee}").status_code == 404
    assert api("GET", "/boards/mine/standings?team=east").status_code == 409
