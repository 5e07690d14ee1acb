"""Boards as pages: the list, the rows as they are polled, your place, why somebody is there."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from incentives.core.boards.privacy import Viewer
from incentives.live.views import View, live_views
from incentives.operations.change_boards import edit_board
from incentives.operations.read_contributions import read_contributions
from incentives.store.people import ids_by_code
from incentives.web.board_reasons import event, why
from tests.core.boards.documents import document

pytestmark = pytest.mark.usefixtures("today")


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


def test_a_page_behind_the_last_is_the_last(client, world):
    for number in range(60):
        world.payee(f"Person {number:02}")
    for address in ("/boards/revenue?page=9", "/boards/revenue/rows?page=9"):
        text = client.get(address).text
        assert "51 to 63 of 63" in text
        assert text.count("data-entrant=") == 13
        assert 'rel="prev"' in text
        assert "Nothing to see here" not in text


@pytest.mark.parametrize(
    ("form", "asked", "sentence"),
    [
        ({"form": "self"}, "", "shows each person their own row, and you are not on it."),
        ({"form": "neighbours"}, "", "shows each person those around them, and you are not on"),
        ({"form": "named"}, "?search=zoe", "Nobody on this board has “zoe” in the name"),
    ],
)
def test_who_sees_no_row_is_told_why(world, ana, form, asked, sentence):
    edit_board("revenue", document(privacy={"everyone": form}), by=None, now=world.now)
    world.login("Fay", "finance")
    assert sentence in world.sign_in("Fay").get(f"/boards/revenue{asked}").text


def test_who_looks_around_oneself_behind_the_first_places_is_told_so(client, world):
    # Ana and Bo share the first place and Cy is third.
    said = document(privacy={"everyone": {"form": "top_n", "top": 2}})
    edit_board("revenue", said, by=None, now=world.now)
    world.login("Cy", "rep", person_id=ids_by_code(["cy-okoro"])["cy-okoro"])
    text = world.sign_in("Cy").get("/boards/revenue?show=around").text
    assert "This board shows the first 2 places, and you are not there yet." in text


def row_of(text, name):
    """The row of somebody, as its markup stands."""
    return next(each for each in text.split("<tr ") if f">{name}<" in each)


def test_a_part_of_a_board_says_of_others_only_what_is_true(client, world, ana):
    world.deal(ana, "200")
    world.deal(world.payee("Dana Ana"), "400")
    world.refresh()
    whole = client.get("/boards/revenue").text
    # Ana 700, Bo 500, Dana 400, Cy 300.
    assert 'data-told="3rd, 100 behind Bo Lind"' in row_of(whole, "Dana Ana")
    assert 'data-leads="Ana Silva leads with 700, Bo Lind follows with 500"' in whole
    found = client.get("/boards/revenue?search=ana").text
    assert 'data-told="3rd, 100 behind 2nd"' in row_of(found, "Dana Ana")
    assert 'data-leads="Ana Silva leads with 700"' in found
    world.payee("Zero Zoe")
    assert 'data-leads=""' in client.get("/boards/revenue?search=zero").text


def test_an_empty_board_says_that_nobody_has_scored(client):
    assert (
        'data-leads="Nobody has scored yet."' in client.get("/boards/revenue?period=2026-Q3").text
    )


def test_what_is_drawn_and_what_a_phone_shows_is_told_to_those_who_listen(client, world, ana):
    # The other deals are of Tuesday in week 46; this is Wednesday of week 47. Ana and Bo were level
    # this morning, and Bo has come to stand second.
    world.deal(ana, "20", at=world.now - timedelta(hours=1))
    world.refresh()
    text = client.get("/boards/revenue").text
    assert '<span class="vh">46: 500, 47: 20</span>' in row_of(text, "Ana Silva")
    phone = '<span class="who-phone move move--down"><span class="vh">down </span>'
    assert phone in row_of(text, "Bo Lind")
    assert "no change" in row_of(text, "Cy Okoro")


def test_a_movement_that_cannot_be_told_is_not_told_as_none(client, world, ana):
    # Last quarter there was nothing to stand behind: nobody had a place.
    text = client.get("/boards/win-rate?since=period").text
    assert "no change" not in text


@pytest.mark.parametrize(
    ("asked", "form", "said"),
    [
        ({}, {"form": "neighbours"}, "neighbours"),
        ({}, {"form": "self"}, "self"),
        # Narrowed to a team it is shown to nobody.
        ({"team": "east"}, {"form": "pseudonym"}, ""),
    ],
)
def test_who_watches_while_a_board_stops_being_the_same_for_all_is_sent_to_the_page(
    world, ana, asked, form, said
):
    view = View.of("board", {"slug": "revenue", "as": "rep", **asked})
    with world.app.test_request_context("/live"):
        before = live_views.render(view).html
        edit_board("revenue", document(privacy={"rep": form}), by=None, now=world.now)
        after = live_views.render(view).html
    assert 'data-form="named"' in before
    # Never an empty board: nothing in it could be drawn or spoken.
    assert f'data-form="{said}" data-unshared></div>' in after
    assert "data-leads" not in after
    assert int(stamp_in(before).split("-")[1]) < int(stamp_in(after).split("-")[1])


def test_a_page_of_ones_own_rows_says_so_and_is_polled(client, world):
    edit_board("revenue", document(privacy={"rep": {"form": "self"}}), by=None, now=world.now)
    for address in ("/boards/revenue", "/boards/revenue/rows?seen="):
        text = client.get(address).text
        assert 'data-form="self"' in text
        assert "data-unshared" not in text
        assert text.count("data-entrant=") == 1
