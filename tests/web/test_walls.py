"""Wall screens: a link that shows boards without signing in, and stops when it is revoked."""

import re
from datetime import timedelta

import pytest
import time_machine

from incentives.core.recognition import QuietHours
from incentives.live import tickets
from incentives.operations.change_boards import edit_board
from incentives.operations.change_wall_screens import create_wall_screen, revoke_wall_screen
from incentives.operations.stream_holders import ended_holders
from incentives.store import audit
from incentives.store.boards import all_boards
from incentives.store.wall_screens import all_screens
from tests.core.boards.documents import document

pytestmark = pytest.mark.usefixtures("today")


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


def test_who_polls_is_answered_only_what_is_new_and_once_a_minute(nobody, world, token):
    shown = stamp_in(nobody.get(f"/wall/{token}").text)
    same = nobody.get(f"/wall/{token}/now?seen={shown}")
    assert (same.status_code, same.text) == (204, "")
    assert same.headers["Live-Url"].startswith("/live?ticket=")
    # Contests begin and end, announcements run out, and no number changes with them.
    with time_machine.travel(world.now + timedelta(minutes=1), tick=False):
        assert nobody.get(f"/wall/{token}/now?seen={shown}").status_code == 200
    world.deal(1, "5000", at=world.now - timedelta(hours=1))
    world.refresh()
    new = nobody.get(f"/wall/{token}/now?seen={shown}")
    assert new.status_code == 200
    assert stamp_in(new.text) != shown


def test_one_board_shown_large_is_polled_alike(world, people):
    world.login("Max", "manager", manages="East")
    max_ = world.sign_in("Max")
    shown = stamp_in(max_.get("/boards/revenue/wall").text)
    assert max_.get(f"/boards/revenue/wall/now?seen={shown}").status_code == 204
    assert 'id="wall-live"' in max_.get("/boards/revenue/wall/now?seen=").text


def stamp_in(text):
    return re.search(r'data-version="([0-9-]+)"', text).group(1)


def test_a_screen_knows_when_it_is_quiet_and_a_page_that_failed_asks_nothing(nobody, world, token):
    admin = world.login("Ada", "administrator")
    assert 'data-quiet=""' in nobody.get(f"/wall/{token}").text
    world.recognition(admin, quiet=QuietHours(22 * 60, 7 * 60))
    assert 'data-quiet="1320-420"' in nobody.get(f"/wall/{token}").text
    assert "data-quiet" not in nobody.get("/wall/nothing").text


def test_each_board_of_a_screen_sounds_as_it_says_itself(nobody, world, token):
    # Both are led by one alone: 1,000 of revenue, and of as many deals as everybody two.
    world.deal(1, "10", at=world.now - timedelta(hours=1))
    world.refresh()
    deals = document(name="Deals", scores=[{"kpi": "deals_won"}], celebrations="with_sound")
    edit_board("deals", deals, by=None, now=world.now)
    text = nobody.get(f"/wall/{token}").text
    how = dict(re.findall(r'data-cheer="lead-([^"]+)-\d+" data-how="([^"]+)"', text))
    assert (how["revenue"], how["deals"]) == ("silent", "with_sound")


def test_a_contest_of_nobody_on_the_screen_takes_no_turn_and_no_foot(nobody, world, people):
    world.payee("Wes West", "West")
    for each in all_boards():
        of_east = {**each.document, "audience": {"of": "teams", "named": ["east"]}}
        edit_board(each.slug, of_east, by=None, now=world.now)
    ends_first = world.now + timedelta(hours=1)
    world.contest("Western", team_ids=(world.team("West"),), ends_at=ends_first)
    token = create_wall_screen("Hall", [], seconds=20, by=None, now=world.now)
    text = nobody.get(f"/wall/{token}").text
    slides = re.findall(r'data-slide="contest-([^"]+)"', text)
    assert slides == ["sprint"]
    foot = text[text.index("wall-foot") :]
    assert "Western" not in foot
    assert "Sprint" in foot


def test_a_slide_is_drawn_as_what_it_is(nobody, world, token):
    text = nobody.get(f"/wall/{token}").text
    sprint = text[text.index("slide-contest-sprint") :]
    assert "slide--news" not in text
    assert "Prizes" in sprint
    assert "What the best take" not in sprint
