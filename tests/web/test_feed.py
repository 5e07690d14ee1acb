"""The pages of the feed, as people press and read them."""

import re

import pytest

from incentives.core.recognition import QuietHours
from incentives.operations.change_recognition import change_own_quiet_hours
from incentives.operations.give_kudos import give_kudos
from incentives.store.recognition import the_recognition

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def people(world):
    """Ana and Bo earn and sign in, Max manages, Sam administers."""
    ids = {name: world.payee(name) for name in ("Ana Silva", "Bo Lind")}
    for name, person_id in ids.items():
        world.login(name, "rep", person_id=person_id)
    ids["Max"] = world.login("Max", "manager", manages="East")
    ids["Sam"] = world.login("Sam", "administrator")
    return ids


@pytest.fixture
def deal(world, people):
    """The address of a deal of Ana's in the feed."""
    world.deal(people["Ana Silva"], "1234.50", attributes={"account": "Acme <b>"})
    page = world.sign_in("Bo").get("/feed").text
    return re.search(r'href="(/feed/deal-\d+)#comments"', page)[1]


def test_a_win_is_a_sentence_with_links_and_its_amount(world, deal):
    page = world.sign_in("Ana").get("/feed").text
    assert "<b>Ana Silva</b> won" in page
    assert "Acme &lt;b&gt;" in page
    assert "$1,234.50" in page
    assert "GTX Pro" in page


def test_who_reacts_sees_it_counted_without_leaving_the_page(world, deal):
    bo = world.sign_in("Bo")
    pressed = bo.post(
        f"{deal}/reactions", data={"reaction": "on_fire"}, headers={"HX-Request": "true"}
    )
    assert 'aria-label="On fire, 1 so far, yours is one of them"' in pressed.text
    assert "<html" not in pressed.text
    without_script = bo.post(f"{deal}/reactions", data={"reaction": "on_fire"})
    assert without_script.headers["Location"].endswith(deal)
    assert bo.post(f"{deal}/reactions", data={"reaction": "boo"}).status_code == 422


def test_a_comment_is_written_edited_hidden_and_read(world, deal):
    bo, ana, max_ = (world.sign_in(name) for name in ("Bo", "Ana", "Max"))
    assert bo.post(f"{deal}/comments", data={"text": ""}).status_code == 422
    bo.post(f"{deal}/comments", data={"text": "Well <i>done</i>"})
    page = ana.get(deal).text
    assert "Well &lt;i&gt;done&lt;/i&gt;" in page
    number = re.search(r'id="comment-(\d+)"', page)[1]
    ana.post(f"{deal}/comments/{number}", data={"text": "Mine"})
    assert "Only its author changes" in ana.get(deal).text
    assert "done&lt;/i&gt;" in ana.get(deal).text
    assert ana.post(f"{deal}/comments/{number}/hiding", data={"reason": "x"}).status_code == 403
    bo.post(f"{deal}/comments/{number}", data={"text": "Great"})
    assert "Great" in ana.get("/feed").text
    assert max_.post(f"{deal}/comments/{number}/hiding", data={"reason": ""}).status_code == 422
    max_.post(f"{deal}/comments/{number}/hiding", data={"reason": "Off topic"})
    assert "Great" not in ana.get(deal).text
    assert "Hidden from everybody else: Off topic" in bo.get(deal).text


def test_the_list_is_sent_again_only_where_something_is_new(world, deal):
    bo = world.sign_in("Bo")
    page = bo.get("/feed").text
    address = re.search(r'id="feed-items" hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    assert bo.get(address).status_code == 204
    bo.post(f"{deal}/comments", data={"text": "News"})
    assert "News" in bo.get(address).text


def test_kudos_are_given_by_name_and_kept_where_something_is_missing(world, people):
    bo = world.sign_in("Bo")
    assert "You can thank 5 more colleagues this month, of 5." in bo.get("/kudos/new").text
    ana = people["Ana Silva"]
    kept = bo.post("/kudos", data={"to": ana, "message": ""})
    assert kept.status_code == 422
    assert f'value="{ana}" checked' in kept.text
    given = bo.post("/kudos", data={"to": ana, "message": "You stayed late", "label": "Teamwork"})
    assert given.status_code == 302
    page = world.sign_in("Ana").get("/feed?show=me").text
    assert "<b>Bo Lind</b> thanks <b>Ana Silva</b>" in page
    assert "You stayed late" in page


def test_colleagues_are_found_by_a_part_of_the_name_and_the_chosen_stay(world, people):
    bo = world.sign_in("Bo")
    found = bo.get(f"/kudos/colleagues?q=sam&to={people['Ana Silva']}").text
    assert re.findall(r"<span>([^<]+)</span>", found) == ["Ana Silva", "Sam"]
    assert "Bo Lind" not in bo.get("/kudos/colleagues").text


def test_what_is_new_pops_up_once_and_not_in_quiet_hours(world, people):
    ana = people["Ana Silva"]
    give_kudos([ana], "Thank you", None, by=people["Bo Lind"], now=world.now)
    browser = world.sign_in("Ana")
    assert 'aria-label="Feed, 1 new"' in browser.get("/boards").text
    change_own_quiet_hours(QuietHours(14 * 60, 16 * 60), by=ana, now=world.now)
    assert browser.post("/feed/news?seen=1").status_code == 204
    assert 'data-quiet="840-960"' in browser.get("/boards").text
    change_own_quiet_hours(None, by=ana, now=world.now)
    assert "Bo Lind thanks you: Thank you" in browser.post("/feed/news?seen=1").text
    assert browser.post("/feed/news?seen=1").status_code == 204
    browser.get("/feed")
    assert 'aria-label="Feed"' in browser.get("/boards").text


def test_an_announcement_is_made_changed_counted_and_ended(world, people):
    max_, ana = world.sign_in("Max"), world.sign_in("Ana")
    said = {"title": "Kick-off", "text": "Monday at nine", "team": "", "pinned": "1"}
    refused = max_.post("/announcements", data={**said, "title": ""})
    assert refused.status_code == 422
    assert "Monday at nine" in refused.text
    max_.post("/announcements", data=said)
    assert "Kick-off" in ana.get("/feed").text
    listed = max_.get("/announcements").text
    assert re.search(r'Kick-off</a>.*?<td class="num">1</td>', listed, re.DOTALL)
    number = re.search(r'href="/announcements/(\d+)"', listed)[1]
    assert "Monday at nine" in max_.get(f"/announcements/{number}").text
    max_.post(f"/announcements/{number}", data={**said, "title": "Kick-off moved"})
    assert "Kick-off moved" in ana.get("/feed").text
    max_.post(f"/announcements/{number}/end")
    assert "Kick-off" not in ana.get("/feed").text
    assert ana.get("/announcements").status_code == 403


def test_an_administrator_sets_what_is_told_and_when_it_is_quiet(world, people):
    sam = world.sign_in("Sam")
    said = {
        "wins": ["deal"],
        "deal_floor": "1,000",
        "kudos_allowance": "3",
        "kudos_labels": "Teamwork\r\n\r\nCourage ",
        "quiet_from": "20:00",
        "quiet_until": "07:30",
    }
    assert sam.post("/recognition", data=said).status_code == 302
    stored = the_recognition()
    assert (stored.wins, stored.deal_floor, stored.kudos_allowance) == (["deal"], 1000, 3)
    assert (stored.kudos_labels, stored.quiet) == (["Teamwork", "Courage"], QuietHours(1200, 450))
    for field, wrong in (("deal_floor", "much"), ("kudos_allowance", "-1"), ("quiet_until", "")):
        assert sam.post("/recognition", data={**said, field: wrong}).status_code == 422, field
    assert world.sign_in("Max").get("/recognition").status_code == 403


def test_own_quiet_hours_are_set_on_their_page(world, people):
    ana = world.sign_in("Ana")
    times = {"quiet_from": "20:00", "quiet_until": "07:30"}
    assert ana.post("/quiet-hours", data=times).status_code == 302
    assert 'value="20:00"' in ana.get("/quiet-hours").text
    assert ana.post("/quiet-hours", data={**times, "quiet_from": "25:00"}).status_code == 422


def test_the_empty_feed_says_what_will_stand_there(world, people):
    assert "No news in the last 90 days" in world.sign_in("Ana").get("/feed").text
    assert "Nothing about you" in world.sign_in("Ana").get("/feed?show=me").text


@pytest.mark.parametrize("address", ["/feed?count=9999999", "/feed?count=x", "/feed/deal-99"])
def test_odd_addresses_do_no_harm(world, people, address):
    assert world.sign_in("Ana").get(address).status_code in (200, 404)


def test_thanks_of_the_last_days_stand_on_the_day_of_who_got_them(world, people):
    ana, browser = people["Ana Silva"], world.sign_in("Ana")
    assert "Kudos to you" not in browser.get("/my-day").text
    seen = re.search(r'hx-get="(/my-day/cards[^"]+)"', browser.get("/my-day").text)[1]
    assert browser.get(seen).status_code == 204
    give_kudos([ana], "You stayed late", None, by=people["Bo Lind"], now=world.now)
    assert "You stayed late" in browser.get(seen).text
    assert "You stayed late" not in world.sign_in("Bo").get("/my-day").text
