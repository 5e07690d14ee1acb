"""The editor of boards: what was typed becomes a document and back, and nothing typed is lost."""

import re
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from incentives.core.boards.definition import read_definition
from incentives.operations.change_boards import edit_board
from incentives.operations.change_teams import retire_team
from incentives.store import audit
from incentives.store.boards import board_by_slug, revisions_of
from incentives.store.contests import all_contests
from incentives.web import board_form, board_form_words
from tests.core.boards.documents import document
from tests.web.forms import fields_of

pytestmark = pytest.mark.usefixtures("today")

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def manager(world):
    for name, team in (("Ana Silva", "East"), ("Bo Lind", "West"), ("Cy Okoro", "West")):
        world.deal(world.payee(name, team), "100")
    world.login("Max", "manager", manages="East")
    world.refresh()
    return world.sign_in("Max")


def test_a_board_is_made_shown_edited_and_taken_off(manager, world):
    page = manager.get("/boards/new").text
    typed = {**fields_of(page, "board-form"), "name": "Calls race", "scores-0-kpi": "deals_won"}
    made = manager.post("/boards", data=typed)
    assert made.location == "/boards/calls-race"
    assert "Calls race, this quarter" in manager.get("/boards/calls-race").text

    page = manager.get("/boards/calls-race/edit").text
    typed = {**fields_of(page, "board-form"), "places": "dense"}
    assert manager.post("/boards/calls-race", data=typed).status_code == 302
    board = board_by_slug("calls-race")
    assert board.definition.places == "dense"
    assert [each.document.get("places") for each in revisions_of(board.id)] == ["competition"]

    assert manager.post("/boards/calls-race/retirement").status_code == 302
    assert manager.get("/boards/calls-race").status_code == 404


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(manager):
    page = manager.get("/boards/new").text
    typed = {
        **fields_of(page, "board-form"),
        "name": "Odd board",
        "span": "rolling",
        "span-rolling": "many",
        "hidden": "nobody-here",
    }
    answer = manager.post("/boards", data=typed)
    assert answer.status_code == 422
    assert "Write a whole number, such as 10." in answer.text
    assert fields_of(answer.text, "board-form").items() >= typed.items() - {("do", "")}
    answer = manager.post("/boards", data={**typed, "span-rolling": "7"})
    assert "Nobody has the code nobody-here." in answer.text
    assert board_by_slug("odd-board") is None


def test_who_saves_over_somebody_elses_change_is_told(manager, world):
    page = manager.get("/boards/revenue/edit").text
    edit_board("revenue", document(places="ordinal"), by=None, now=world.now)
    answer = manager.post("/boards/revenue", data=fields_of(page, "board-form"))
    assert answer.status_code == 409
    assert "changed in another window" in answer.text
    assert board_by_slug("revenue").definition.places == "ordinal"


def test_the_preview_is_the_board_itself_and_stores_nothing(manager, world):
    before = audit.newest_id()
    typed = MultiDict(board_form.texts_of(document(name=""), CHICAGO))
    shown = manager.post("/boards/preview", data=typed).text
    assert "New board, this quarter" in shown
    assert 'id="board-rows"' in shown
    assert "/people/" not in shown
    typed["privacy-rep-form"] = "self"
    assert "would see it" in manager.post("/boards/preview", data=typed).text
    typed["span"], typed["span-rolling"] = "rolling", "400"
    assert "Write 1 to 366 days." in manager.post("/boards/preview", data=typed).text
    assert audit.newest_id() == before


def test_a_choice_brings_its_fields_along(manager):
    typed = MultiDict(board_form.texts_of(document(), CHICAGO))
    typed["divide-by"] = "leagues"
    shown = manager.post("/boards/preview/form", data=typed).text
    assert 'name="divide-size"' in shown
    typed["do"] = "add-score"
    assert 'name="scores-1-kpi"' in manager.post("/boards/preview/form", data=typed).text


def boxes(text, name):
    """What may be chosen in a field, and whether it is."""
    found = re.findall(rf'<input type="checkbox" name="{name}" value="([^"]+)"( checked)?>', text)
    return {code: bool(checked) for code, checked in found}


def test_people_are_found_by_a_part_of_the_name_and_who_is_chosen_stays(manager):
    find = "/boards/new/people?field=hidden&hidden=cy-okoro&hidden-find="
    assert boxes(manager.get(find).text, "hidden") == {"cy-okoro": True}
    found = manager.get(f"{find}  LIND ").text
    assert boxes(found, "hidden") == {"cy-okoro": True, "bo-lind": False}
    assert "1 found." in found
    assert "Nobody else is called zz." in manager.get(f"{find}zz").text


def test_of_many_who_are_found_the_first_are_offered_and_the_others_are_told(manager, world):
    for number in range(20):
        world.payee(f"Kim {number:02}")
    found = manager.get("/boards/new/people?field=hidden&hidden-find=kim").text
    assert list(boxes(found, "hidden")) == [f"kim-{number:02}" for number in range(12)]
    assert "8 more. Write more of the name to find them." in found


def test_two_of_one_name_are_told_apart_by_their_codes(manager, world):
    world.payee("Cy Okoro")
    found = manager.get("/boards/new/people?field=hidden&hidden-find=okoro").text
    assert sorted(boxes(found, "hidden")) == ["cy-okoro", "cy-okoro-2"]
    assert "cy-okoro-2</span>" in found


def test_without_scripts_people_are_found_chosen_and_saved(manager):
    typed = MultiDict(board_form.texts_of(document(name="Pair"), CHICAGO))
    typed["audience-of"] = "people"
    typed["audience-people-find"], typed["do"] = "lind", "find"
    page = manager.post("/boards", data=typed).text
    assert boxes(page, "audience-people") == {"bo-lind": False}
    assert 'value="Pair"' in page
    typed.setlist("audience-people", ["bo-lind", "ana-silva"])
    typed.setlist("hidden", ["ana-silva"])
    typed["do"] = ""
    assert manager.post("/boards", data=typed).location == "/boards/pair"
    said = board_by_slug("pair").document
    assert said["audience"] == {"of": "people", "named": ["bo-lind", "ana-silva"]}
    assert said["hidden"] == ["ana-silva"]
    page = manager.get("/boards/pair/edit").text
    assert boxes(page, "audience-people") == {"bo-lind": True, "ana-silva": True}
    assert boxes(page, "hidden") == {"ana-silva": True}


def test_a_board_of_teams_offers_teams_to_leave_out(manager):
    typed = MultiDict(board_form.texts_of(document(name="Teams"), CHICAGO))
    typed["entrants"] = "teams"
    typed.setlist("hidden", ["east"])
    shown = manager.post("/boards/preview/form", data=typed).text
    assert boxes(shown, "hidden") == {"east": True, "west": False}
    assert manager.post("/boards", data=typed).status_code == 302
    assert board_by_slug("teams").document["hidden"] == ["east"]


def test_reps_and_finance_make_no_boards(world, manager):
    world.login("Fay", "finance")
    fay = world.sign_in("Fay")
    for method, address in (
        ("get", "/boards/new"),
        ("get", "/boards/new/people"),
        ("post", "/boards"),
        ("get", "/boards/revenue/edit"),
        ("post", "/boards/revenue"),
        ("post", "/boards/revenue/retirement"),
        ("post", "/boards/preview"),
        ("get", "/walls"),
        ("post", "/walls"),
    ):
        assert getattr(fay, method)(address).status_code == 403, address
    assert "Edit the board" not in fay.get("/boards/revenue").text


def sent(page):
    """Everything a browser would send of the form, several of one name too."""
    typed = MultiDict(fields_of(page, "board-form"))
    for name in ("audience-named", "hidden", "freeze-for"):
        typed.setlist(name, [code for code, is_on in boxes(page, name).items() if is_on])
    return typed


@pytest.mark.parametrize(
    "said",
    [
        {"audience": {"of": "teams", "named": ["old", "west"]}},
        {"entrants": "teams", "hidden": ["old"]},
        {"audience": {"of": "roles", "named": ["rep", "finance"]}},
        {"scores": [{"kpi": "win_rate"}], "reading": {"kind": "raw", "minimum_volume": 3}},
    ],
)
def test_saving_a_board_keeps_what_was_not_touched(manager, world, said):
    an_old_team(world)
    said = document(**said, privacy={"everyone": {"form": "named"}})
    edit_board("revenue", said, by=None, now=world.now)
    typed = sent(manager.get("/boards/revenue/edit").text)
    typed["places"] = "dense"
    assert manager.post("/boards/revenue", data=typed).status_code == 302
    assert board_by_slug("revenue").definition == read_definition({**said, "places": "dense"})


def an_old_team(world):
    world.team("Old")
    retire_team("old", by=None, now=world.now, today=world.now.date())


def test_teams_that_are_gone_are_offered_only_where_they_are_chosen(manager, world):
    an_old_team(world)
    typed = MultiDict(board_form.texts_of(document(), CHICAGO))
    typed["audience-of"] = "teams"
    shown = manager.post("/boards/preview/form", data=typed).text
    assert boxes(shown, "audience-named") == {"east": False, "west": False}
    typed.setlist("audience-named", ["old"])
    shown = manager.post("/boards/preview/form", data=typed).text
    assert boxes(shown, "audience-named") == {
        "east": False,
        "old": True,
        "west": False,
    }
    assert "Old, retired" in shown
    typed["audience-of"] = "roles"
    shown = manager.post("/boards/preview/form", data=typed).text
    assert list(boxes(shown, "audience-named")) == ["rep", "manager", "finance", "administrator"]


def test_whose_preview_it_is_stays_when_another_choice_is_made(manager):
    typed = MultiDict(board_form.texts_of(document(), CHICAGO))
    typed["seen_by"] = "wall"
    shown = manager.post("/boards/preview/form", data=typed).text
    assert '<option value="wall" selected>' in shown
    assert '<option value="rep" selected>' in manager.get("/boards/new").text


def test_the_form_asks_for_the_contests_once(manager, monkeypatch):
    asked = []
    monkeypatch.setattr(board_form_words, "all_contests", lambda: asked.append(1) or all_contests())
    typed = MultiDict(board_form.texts_of(document(), CHICAGO))
    typed["scores"] = "12"
    manager.post("/boards/preview/form", data=typed)
    assert asked == [1]
