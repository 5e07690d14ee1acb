"""Boards as pages: the list, the rows as they are polled, your place, why somebody is there."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from incentives.core.boards.privacy import Viewer
from incentives.operations.change_boards import edit_board
from incentives.operations.read_contributions import read_contributions
from incentives.web.board_reasons import event, why
from tests.core.boards.documents import document


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
    shown = stamp_in(client.get("/boards/revenue").text)
    same = client.get(f"/boards/revenue/rows?seen={shown}")
    assert (same.status_code, same.text) == (204, "")
    assert same.headers["Live-Url"].startswith("/live?ticket=")
    world.deal(ana, "10")
    world.refresh()
    new = client.get(f"/boards/revenue/rows?seen={shown}")
    assert 'id="board-rows"' in new.text
    assert stamp_in(new.text) != shown


def stamp_in(text):
    return re.search(r'data-version="([0-9-]+)"', text).group(1)


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


def test_a_large_board_comes_in_pages_and_says_where_one_is(client, world):
    for number in range(60):
        world.payee(f"Person {number:02}")
    first = client.get("/boards/revenue").text
    assert "1 to 50 of 63" in first
    assert first.count("data-entrant=") == 50
    second = client.get("/boards/revenue?page=2").text
    assert "51 to 63 of 63" in second
    assert second.count("data-entrant=") == 13


def test_around_me_and_a_search_are_asked_for_and_never_streamed(client, world, ana):
    for asked in ("show=around", "search=ana"):
        text = client.get(f"/boards/revenue?{asked}").text
        assert "Ana Silva" in text
        assert 'data-live=""' in text
        assert "Live-Url" not in client.get(f"/boards/revenue/rows?{asked}").headers
    assert "Nobody by that name" in client.get("/boards/revenue?search=zoe").text


def test_the_board_as_it_stood_is_told_with_its_moment_and_does_not_move(client, world, ana):
    world.now += timedelta(hours=2)
    world.deal(ana, "400", at=world.now - timedelta(hours=1))
    world.refresh()
    with time_machine.travel(world.now, tick=False):
        now = client.get("/boards/revenue").text
        then = client.get("/boards/revenue?at=2026-11-18T15:30").text
    assert ">900<" in now
    assert "The board as it stood on 18 Nov 2026 15:30" in then
    assert ">900<" not in then
    assert "data-live=" not in then


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2031-01-01T00:00", "This is still to come"),
        ("soon", "Write a day and a time"),
        ("0001-01-01T00:00", "Write a moment after 1970"),
    ],
)
def test_a_moment_that_cannot_be_read_is_said_at_its_field(client, moment, sentence):
    text = client.get(f"/boards/revenue?at={moment}").text
    assert sentence in text
    assert f'value="{moment}"' in text
    assert "Ana Silva" in text


def test_movement_is_told_since_what_was_asked_for(client):
    text = client.get("/boards/revenue?since=week").text
    assert "Movement since the week began." in text
    assert "Movement against the quarter before." in client.get("/boards/revenue?since=period").text


def test_what_the_best_take_stands_above_the_rows(client, world):
    for number in range(9):
        world.deal(world.payee(f"Person {number}"), str(100 + number))
    world.refresh()
    text = client.get("/boards/revenue").text
    # 500 and 500 share the first place, 300 follows: the first leads by 200. Of twelve people two
    # are the best tenth, three the best quarter, six the best half: 500, 500, 300, 108, 107, 106.
    marks = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", text))
    assert marks["The first leads by"] == "200"
    assert [marks[f"Top {share}\u202f%"] for share in (10, 25, 50)] == ["500", "300", "106"]


@pytest.mark.parametrize(
    "address", ["/boards/nothing", "/boards/revenue?period=soon", "/boards/revenue/people/999"]
)
def test_what_is_not_there_is_said_on_a_page_of_ours(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Incentives" in answer.text


def test_why_names_the_rule_its_plan_and_the_points_of_each_activity(client, world, ana):
    panel = client.get(f"/boards/points/people/{ana}/why").text
    # GTX Pro gives 48.
    assert "Points per won deal" in panel
    assert "Field Sales v1" in panel
    assert ">48</td>" in panel
    assert "How points are given" in panel
    assert "you get 10 points for each; by product:" in panel
    assert "you get 10 points for each" in client.get(f"/boards/points/people/{ana}").text


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ("competition", "Both stand 1st, so the next place is 3rd."),
        ("dense", "Both stand 1st, so the next place is 2nd."),
        ("ordinal", "Both have the same score, and each place is given once."),
    ],
)
def test_a_tie_is_told_as_the_board_counts_places(client, world, ana, places, sentence):
    edit_board("revenue", {**document(), "places": places}, by=None, now=world.now)
    panel = client.get(f"/boards/revenue/people/{ana}/why").text
    assert sentence in panel
    assert "first by name" in panel


def test_cents_are_shown_where_the_rows_need_them_to_sum(client, world, ana):
    # 500 + 100.40 + 100.40 = 700.80, which whole units would tell as 500 + 100 + 100 = 701.
    for name in ("x", "y"):
        world.deal(ana, "100.40", external_id=name)
    world.refresh()
    panel = client.get(f"/boards/revenue/people/{ana}/why").text
    assert panel.count(">100.40</td>") == 2
    assert ">700.80</td>" in panel


def test_what_makes_a_score_comes_in_pages(client, world, ana):
    for number in range(60):
        world.deal(ana, "10", external_id=f"S{number}")
    world.refresh()
    address = f"/boards/points/people/{ana}"
    first = client.get(address).text
    # 61 deals, of which 50 stand on a page.
    assert "61 activities make your score" in first
    assert "1 to 50 of 61" in first
    assert first.count('<a class="strong" href=') == 50
    second = client.get(
        re.search(r'href="([^"]+)" rel="next"', first).group(1).replace("&amp;", "&")
    )
    assert "51 to 61 of 61" in second.text
    assert second.text.count('<a class="strong" href=') == 11
    assert "51 to 61 of 61" in client.get(f"{address}?page=9").text


def test_whether_a_score_has_cents_is_asked_once_for_all_its_activities(client, world, ana):
    class Adding(Decimal):
        asked = 0

        def __mod__(self, other):
            Adding.asked += 1
            return super().__mod__(other)

    with world.app.test_request_context():
        found = read_contributions("revenue", ana, viewer=Viewer("rep", ana), now=world.now)
        one = found.items[0]
        found.items[:] = [replace(one, adds=Adding(5)) for _ in range(200)]
        why(found, columns=6)
        for item in found.items:
            event(item, found)
    # Each was looked at once; once for each of the others would be 40,000.
    assert Adding.asked == 200
