"""Signing in and out: what a stolen, planted or old cookie is worth."""

import pytest

from incentives.extensions import db, limiter
from incentives.operations.administer_people import take_sign_in
from incentives.store.people import LoginSession
from tests.world import PASSWORD


@pytest.fixture
def sam(world):
    return world.login("Sam Okafor", "administrator")


def sign_in(client, password=PASSWORD, **query):
    return client.post(
        "/sign-in", query_string=query, data={"email": "sam@example.com", "password": password}
    )


def test_every_wrong_sign_in_says_the_same(client, sam):
    wrong = sign_in(client, "not the password")
    unknown = client.post("/sign-in", data={"email": "who@example.com", "password": PASSWORD})
    for answer in (wrong, unknown):
        assert answer.status_code == 422
        assert "The e-mail or the password is wrong." in answer.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, sam):
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert cookie.startswith("incentives=")


def test_a_session_planted_before_signing_in_does_not_survive_it(client, sam):
    with client.session_transaction() as session:
        session["planted"] = "yes"
        session["_user_id"] = "chosen by somebody else"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "chosen by somebody else"


def test_signing_out_ends_the_session_at_the_server(app, client, sam):
    sign_in(client)
    stolen = client.get_cookie("incentives").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("incentives", stolen)
    assert thief.get("/people").status_code == 302


def test_a_disabled_login_is_out_at_once_and_cannot_come_back(world, client, sam):
    world.login("Bea", "administrator")
    sign_in(client)
    assert client.get("/people").status_code == 200
    take_sign_in("sam-okafor", by=sam, now=world.now)
    assert client.get("/people").status_code == 302
    assert sign_in(client).status_code == 422


def test_another_role_ends_what_was_opened_with_the_old(world, client, sam):
    world.login("Bea", "administrator")
    sign_in(client)
    world.login("Sam Okafor", "rep", person_id=sam)
    assert client.get("/people").status_code == 302


def test_one_is_sent_on_to_where_one_wanted_and_never_elsewhere(client, sam):
    assert sign_in(client, next="/audit").headers["Location"] == "/audit"
    client.post("/sign-out")
    for elsewhere in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\t/[evil",
        "/audit\r\nX-Evil: yes",
        "javascript:x",
    ):
        assert sign_in(client, next=elsewhere).headers["Location"] == "/people"
        client.post("/sign-out")


def test_only_a_hash_of_the_token_is_kept(client, sam):
    sign_in(client)
    with client.session_transaction() as session:
        token = session["_user_id"]
    assert token not in {found.token_hash for found in db.session.query(LoginSession)}


def test_guessing_is_slowed_down(client, sam):
    limiter.reset()
    answers = [sign_in(client, "a guess").status_code for _ in range(21)]
    limiter.reset()
    assert answers == [422] * 20 + [429]
