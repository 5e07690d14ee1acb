"""Wall screens: a link that shows boards without signing in, and stops when it is revoked."""

import re

import pytest
import time_machine

from incentives.live import tickets
from incentives.operations.change_boards import edit_board
from incentives.operations.change_wall_screens import create_wall_screen, revoke_wall_screen
from incentives.operations.stream_holders import ended_holders
from incentives.store import audit
from incentives.store.wall_screens import all_screens
from tests.core.boards.documents import document


@pytest.fixture(autouse=True)
def today(world):
    with time_machine.travel(world.now, tick=False):
        yield


@pytest.fixture
def people(world):
    for number in range(9):
        world.deal(world.payee(f"Person {number}"), str(1000 - number), at=world.now)
    world.contest("Sprint")
    world.refresh()


@pytest.fixture
def token(world, people):
    return create_wall_screen("Reception", [], seconds=20, by=None, now=world.now)


@pytest.fixture
def nobody(app):
    return app.test_client()


def test_a_screen_shows_all_boards_and_contests_to_nobody_signed_in(nobody, token):
    answer = nobody.get(f"/wall/{token}")
    assert answer.status_code == 200
    slides = re.findall(r'data-slide="([^"]+)"', answer.text)
    assert slides[:2] == ["board-revenue", "board-points"]
    assert slides[-1] == "contest-sprint"
    # Nine people, of whom eight can be read from afar.
    assert answer.text.count('data-flip-id="revenue-') == 8
    assert "noindex" in answer.text


def test_a_screen_shows_the_boards_it_was_made_for_in_their_order(nobody, world, people):
    boards = ["points", "revenue"]
    token = create_wall_screen("Hall", boards, seconds=30, by=None, now=world.now)
    text = nobody.get(f"/wall/{token}").text
    assert re.findall(r'data-slide="board-([^"]+)"', text) == boards
    assert 'data-seconds="30"' in text


def test_the_token_is_kept_as_a_hash_and_is_in_no_audit_entry(world, token):
    [screen] = all_screens()
    assert token not in (screen.token_hash, screen.name)
    assert all(token not in str(entry.after) for entry in audit.entries_about(10))


def test_a_revoked_link_ends_the_page_and_its_stream(nobody, world, token):
    with_stream = nobody.get(f"/wall/{token}").text
    address = re.search(r'data-live="/live\?ticket=([^"]+)"', with_stream).group(1)
    ticket = tickets.read(address, world.app.secret_key)
    assert ended_holders([ticket.session], now=world.now) == set()
    revoke_wall_screen(all_screens()[0].id, by=None, now=world.now)
    assert ended_holders([ticket.session], now=world.now) == {ticket.session}
    for part in ("", "/now"):
        gone = nobody.get(f"/wall/{token}{part}")
        assert gone.status_code == 404
        assert "Person 0" not in gone.text
    assert "no longer good" in nobody.get(f"/wall/{token}").text


def test_who_polls_gets_the_same_fragment_and_a_fresh_ticket(nobody, token):
    answer = nobody.get(f"/wall/{token}/now?seen=1")
    assert 'id="wall-live"' in answer.text
    assert answer.headers["Live-Url"].startswith("/live?ticket=")


def test_where_one_board_hides_names_from_screens_nothing_beside_it_tells_them(
    nobody, world, token
):
    edit_board(
        "revenue",
        document(privacy={"wall": {"form": "pseudonym"}}),
        by=None,
        now=world.now,
    )
    text = nobody.get(f"/wall/{token}").text
    assert "contest-sprint" not in text
    assert "Latest" not in text
    revenue = text[text.index("slide-board-revenue") : text.index("slide-board-points")]
    assert "Person" not in revenue
    assert "Player" in revenue


@pytest.mark.parametrize("form", [{"form": "self"}, {"form": "neighbours", "window": 3}])
def test_a_board_that_shows_screens_nothing_takes_no_turn_and_nothing_tells_its_names(
    nobody, world, token, form
):
    edit_board("revenue", document(privacy={"wall": form}), by=None, now=world.now)
    text = nobody.get(f"/wall/{token}").text
    assert "board-revenue" not in text
    assert "board-points" in text
    # Its entrants stand on the contest by their names.
    assert "contest-sprint" not in text
    assert "Latest" not in text


def test_managers_make_a_link_that_is_shown_once_and_revoke_it(world, people):
    world.login("Max", "manager", manages="East")
    max_ = world.sign_in("Max")
    made = max_.post("/walls", data={"name": "Hall", "boards": ["revenue"], "seconds": "20"})
    assert made.status_code == 201
    link = re.search(r"https?://[^<]+/wall/([\w-]+)", made.text)
    assert world.app.test_client().get(f"/wall/{link.group(1)}").status_code == 200
    assert link.group(1) not in max_.get("/walls").text
    max_.post(f"/walls/{all_screens()[0].id}/end")
    assert world.app.test_client().get(f"/wall/{link.group(1)}").status_code == 404


def test_a_link_begins_with_the_address_that_is_set_and_not_with_the_host_that_is_claimed(
    app, world, people
):
    world.login("Max", "manager", manages="East")
    max_ = world.sign_in("Max")
    app.config["PUBLIC_URL"] = "https://sales.example.com"
    max_.set_cookie("incentives", max_.get_cookie("incentives").value, domain="evil.example")
    form = {"name": "Hall", "boards": ["revenue"], "seconds": "20"}
    made = max_.post("/walls", data=form, headers={"Host": "evil.example"})
    assert made.status_code == 201
    assert re.search(r"https://sales\.example\.com/wall/[\w-]{20}", made.text)
    assert "evil.example" not in made.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "", "seconds": "20"}, "Write where the screen hangs"),
        ({"name": "Hall", "seconds": "2"}, "Write 5 to 600 seconds."),
        ({"name": "Hall", "seconds": "20", "boards": "gone"}, "not there any more"),
    ],
)
def test_what_cannot_be_made_is_said_at_its_field(world, people, typed, sentence):
    world.login("Max", "manager", manages="East")
    answer = world.sign_in("Max").post("/walls", data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all_screens() == []
