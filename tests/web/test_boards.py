"""Boards as pages: the list, the rows as they are polled, your place, why somebody is there."""

import pytest
import time_machine

from incentives.store.markers import board_version


@pytest.fixture(autouse=True)
def today(world):
    with time_machine.travel(world.now, tick=False):
        yield


@pytest.fixture
def ana(world):
    ana, bo, cy = (world.payee(name) for name in ("Ana Silva", "Bo Lind", "Cy Okoro"))
    world.plan()
    world.login("Ana", "rep", person_id=ana)
    for payee, amount in ((ana, "500"), (bo, "500"), (cy, "300")):
        world.deal(payee, amount, attributes={"account": "Betasoloin"})
    world.refresh()
    return ana


@pytest.fixture
def client(world, ana):
    return world.sign_in("Ana")


def test_every_board_is_listed_with_its_first_three(client):
    text = client.get("/boards").text
    for name in ("Revenue", "Points", "Deals won", "Win rate", "Average deal size"):
        assert name in text
    assert "You are =1" in text


def test_ties_are_shown_as_ties(client):
    text = client.get("/boards/revenue").text
    assert text.count(">=1</span>") >= 2
    assert text.count("Level") >= 2


def test_the_metric_filter_leads_to_the_other_board(client):
    answer = client.get("/boards/revenue?metric=points&period=month")
    assert answer.status_code == 302
    assert answer.location == "/boards/points?period=month"


def test_a_past_period_is_told_by_its_name_and_does_not_stream(client):
    text = client.get("/boards/revenue?period=2026-Q3").text
    assert "Revenue, quarter 3 of 2026" in text
    assert "data-live=" not in text
    assert "The first one leads" in text


def test_polling_answers_only_what_is_new(client, world, ana):
    version = board_version()
    same = client.get(f"/boards/revenue/rows?seen={version}")
    assert (same.status_code, same.text) == (204, "")
    assert same.headers["Live-Url"].startswith("/live?ticket=")
    world.deal(ana, "10")
    world.refresh()
    assert 'id="board-rows"' in client.get(f"/boards/revenue/rows?seen={version}").text


def test_shared_rows_hold_nothing_personal(client, ana):
    rows = client.get("/boards/revenue/rows").text
    assert "is-you" not in rows
    assert "csrf" not in rows


def test_your_place_says_what_is_missing_and_what_is_safe(client, world, ana):
    world.deal(ana, "50")
    world.refresh()
    text = client.get("/boards/revenue/dock").text
    assert "leads by 50, 50 clear of 2nd" in text


def test_why_lists_what_makes_the_score_and_tells_the_tie(client, ana):
    text = client.get(f"/boards/revenue/people/{ana}/why").text
    assert "Why am I here?" in text
    assert "GTX Pro, Betasoloin" in text
    assert "1 activity makes your score" in text
    assert "Level with Bo Lind" in text
    assert "Both stand 1st, so the next place is 3rd" in text


def test_a_name_that_is_markup_stays_a_name(client, world):
    world.payee("<img src=x onerror=alert(1)>")
    for address in ("/boards/revenue", "/boards/revenue/wall", "/boards"):
        assert "<img" not in client.get(address).text


def test_the_wall_shows_eight_rows_and_the_latest_wins(client, world):
    for number in range(9):
        world.payee(f"Person {number}")
    text = client.get("/boards/revenue/wall").text
    assert text.count("data-flip-id") == 8
    assert "won Betasoloin" in text


@pytest.mark.parametrize(
    "address", ["/boards/nothing", "/boards/revenue?period=soon", "/boards/revenue/people/999"]
)
def test_what_is_not_there_is_said_on_a_page_of_ours(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Incentives" in answer.text
