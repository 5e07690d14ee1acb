"""The pages for keys and for the system."""

import re

import pytest

from incentives.store import markers, parking
from incentives.store.api_keys import all_api_keys
from incentives.store.transaction import writing


@pytest.fixture
def sam(world):
    world.login("Sam Okafor", "administrator")
    return world.sign_in("Sam")


def test_a_key_is_shown_once_and_works(sam, client):
    answer = sam.post("/api-keys", data={"name": "CRM", "scopes": ["boards:read"]})
    assert answer.status_code == 201
    key = re.search(r"inc_[0-9a-f]{48}", answer.text).group()
    assert key not in sam.get("/api-keys").text
    assert key[:12] in sam.get("/api-keys").text
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/boards", headers=headers).status_code == 200
    sam.post(f"/api-keys/{key[:12]}/end")
    assert client.get("/api/v1/boards", headers=headers).status_code == 401


def test_a_key_without_a_name_or_scope_is_not_made(sam):
    answer = sam.post("/api-keys", data={"name": "", "scopes": ["pay:read"]})
    assert answer.status_code == 422
    assert "Write what the key is for" in answer.text
    assert all_api_keys() == []


def test_a_parked_payee_is_shown_with_the_reason_and_tried_again(world, sam):
    ana = world.payee("Ana Silva")
    with writing() as session:
        markers.mark_stale(session, [ana], world.now)
        parking.park(session, [ana], "A rate is missing.", world.now, holds_up=False)
    page = sam.get("/system").text
    assert "A rate is missing." in page
    assert "Since 18 Nov" in page
    assert parking.next_suspect(world.now) is None
    sam.post(f"/system/payees/{ana}/try")
    assert parking.next_suspect(world.now).payee_id == ana


def test_an_issue_of_the_calculation_is_shown(world, sam):
    ana = world.payee("Ana Silva")
    world.plan()
    world.deal(ana, "100")
    world.refresh()
    assert "Ana Silva" in sam.get("/system").text


def test_without_a_queue_the_page_says_so(sam):
    assert "No queue answers" in sam.get("/system").text
    page = sam.post("/system/jobs/none/try", follow_redirects=True)
    assert "The ticker does the work meanwhile" in page.text
