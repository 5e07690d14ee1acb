"""Activities on pages: finding, looking behind one, logging, taking back; and whose pay shows."""

import re
from datetime import timedelta

import pytest

from incentives.clock import now
from incentives.store.activities import count_activities


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva", team="East")
    world.plan()
    world.quota(ana, "1000")
    world.login("Ana Silva", "rep", person_id=ana)
    return ana


def finance(world):
    world.login("Dana Ortiz", "finance")
    return world.sign_in("Dana Ortiz")


def entry(client, **changes):
    """What the form sends a minute after it happened."""
    page = client.get("/activities/new").text
    token = re.search(r'name="token" value="([0-9a-f]{32})"', page).group(1)
    when = now() - timedelta(minutes=1)
    payee = re.search(r'name="payee_id" value="(\d+)"', page)
    return {
        "token": token,
        "payee_id": payee.group(1) if payee else "",
        "kind": "deal_won",
        "amount": "400.00",
        "product": "",
        "account": "Isdom",
        "day": f"{when:%Y-%m-%d}",
        "time": f"{when:%H:%M}",
        **changes,
    }


def test_a_list_is_searched_and_filtered(world, ana):
    client = finance(world)
    assert "No activity yet" in client.get("/data/activities").text
    world.deal(ana, "400", external_id="FIRST", attributes={"account": "dambase"})
    world.deal(ana, "500", external_id="SECOND", kind="deal_lost")
    both = client.get("/data/activities").text
    assert "2 found" in both
    for query in ("q=damb", "q=first", "kind=deal_won", "q=FIRST&source=crm"):
        page = client.get(f"/data/activities?{query}").text
        assert ("FIRST" in page, "SECOND" in page) == (True, False)
    assert "2 found" in client.get(f"/data/activities?q=silva&payee={ana}").text
    nothing = client.get("/data/activities?q=100%25").text
    assert "No activity fits" in nothing


def test_pages_of_a_long_list(world, ana):
    client = finance(world)
    for number in range(51):
        world.deal(ana, "1", external_id=f"N{number:02}")
    first = client.get("/data/activities").text
    assert "Page 1 of 2" in first
    assert "N50" in first
    assert "N00" in client.get("/data/activities?page=2").text
    assert client.get("/data/activities?page=99").status_code == 200


def test_what_is_behind_an_activity_and_whose_pay_shows(world, ana):
    activity_id = world.deal(ana, "400").id
    world.payee("Bo Lind")
    world.login("Sam Okafor", "administrator")
    world.refresh()
    money = "$16.00"  # 400.00 at 4 %
    assert money in finance(world).get(f"/data/activities/{activity_id}").text
    assert money in world.sign_in("Ana Silva").get(f"/data/activities/{activity_id}").text
    for_administrator = world.sign_in("Sam Okafor").get(f"/data/activities/{activity_id}").text
    assert money not in for_administrator
    assert "48 points" in for_administrator


def test_a_teammate_sees_the_deal_and_not_the_pay(world, ana):
    activity_id = world.deal(ana, "400").id
    bo = world.payee("Bo Lind", team="East")
    world.login("Bo Lind", "rep", person_id=bo)
    world.refresh()
    page = world.sign_in("Bo Lind").get(f"/data/activities/{activity_id}").text
    assert "400 USD" in page
    assert "$16.00" not in page


def test_a_rep_logs_and_takes_back(world, ana):
    client = world.sign_in("Ana Silva")
    sent = entry(client)
    answer = client.post("/activities", data=sent)
    assert answer.status_code == 302
    assert client.post("/activities", data=sent).location == answer.location
    assert count_activities() == 1
    assert "Take it back" in client.get(answer.location).text
    activity_id = answer.location.rsplit("/", 1)[1]
    refused = client.post(f"/activities/{activity_id}/reversal", data={"reason": ""})
    assert refused.status_code == 422
    assert "Say why" in refused.text
    client.post(f"/activities/{activity_id}/reversal", data={"reason": "Entered twice"})
    page = client.get(answer.location).text
    assert "counts as never made: Entered twice" in page
    assert "Take it back" not in page


def test_a_form_with_mistakes_keeps_what_was_typed(world, ana):
    client = world.sign_in("Ana Silva")
    answer = client.post("/activities", data=entry(client, amount="a lot", account="Isdom & Sons"))
    assert answer.status_code == 422
    assert "Write digits and a point" in answer.text
    assert "Isdom &amp; Sons" in answer.text


def test_a_rep_logs_for_nobody_else(world, ana):
    bo = world.payee("Bo Lind")
    client = world.sign_in("Ana Silva")
    assert client.post("/activities", data=entry(client, payee_id=str(bo))).status_code == 403
    assert count_activities() == 0


def test_a_manager_logs_for_the_team_and_for_nobody_else(world, ana):
    bo = world.payee("Bo Lind", team="West")
    world.login("Mia Berg", "manager", manages="East")
    client = world.sign_in("Mia Berg")
    assert "Bo Lind" not in client.get("/activities/new").text
    sent = entry(client, payee_id=str(ana))
    assert client.post("/activities", data=sent).status_code == 302
    assert client.post("/activities", data={**sent, "payee_id": str(bo)}).status_code == 403


def test_finance_logs_nothing(world, ana):
    client = finance(world)
    assert client.get("/activities/new").status_code == 403
    assert client.post("/activities", data={}).status_code == 403
    assert client.post("/activities/1/reversal", data={}).status_code == 403
