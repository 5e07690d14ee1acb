"""Signing in and out: what a stolen, planted or old cookie is worth."""

import pytest

from incentives.extensions import db
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
    cookies = sign_in(client).headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"incentives", "incentives_browser"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


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


def test_every_sign_in_has_a_name_of_its_own_so_that_tabs_share_only_their_own_stream(app, sam):
    """A tab that stood open while somebody else signed in must not feed the tabs of the other."""

    def name(client):
        return client.get("/boards").text.split('data-sign-in="')[1].split('"')[0]

    mine, other = app.test_client(), app.test_client()
    sign_in(mine)
    sign_in(other)
    before = name(mine)
    assert name(mine) == before != name(other)
    mine.post("/sign-out")
    sign_in(mine)
    assert name(mine) != before


def guess(client, times, email="sam@example.com", **more):
    form = {"email": email, "password": "a guess"}
    return [client.post("/sign-in", data=form, **more).status_code for _ in range(times)]


def address(number):
    return {"environ_base": {"REMOTE_ADDR": f"198.51.100.{number}"}}


def test_guessing_from_one_address_is_slowed_down(client, sam):
    answers = [guess(client, 1, email=f"{n}@example.com")[0] for n in range(21)]
    assert answers == [422] * 20 + [429]


def test_an_office_behind_one_address_comes_in_in_the_morning(app, sam):
    assert [sign_in(app.test_client()).status_code for _ in range(30)] == [302] * 30


def test_ten_wrong_tries_at_one_login_are_enough_and_it_is_said_in_words(app, sam):
    assert guess(app.test_client(), 11) == [422] * 10 + [429]
    refused = sign_in(app.test_client())
    assert refused.status_code == 429
    assert "Wait a quarter of an hour" in refused.text
    # It is no way to learn who signs in here.
    nobody = app.test_client()
    assert guess(nobody, 11, email="who@example.com") == [422] * 10 + [429]


def test_a_stranger_at_another_address_shuts_nobody_out(app, sam):
    guess(app.test_client(), 11, **address(1))
    assert sign_in(app.test_client()).status_code == 302


def test_strangers_everywhere_shut_out_no_browser_that_is_known(app, sam):
    known = app.test_client()
    sign_in(known)
    known.post("/sign-out")
    for number in range(11):
        guess(app.test_client(), 10, **address(number))
    assert sign_in(app.test_client()).status_code == 429
    assert sign_in(known).status_code == 302


def test_others_in_the_same_office_shut_out_no_browser_that_is_known(app, sam):
    known = app.test_client()
    sign_in(known)
    known.post("/sign-out")
    for number in range(20):
        guess(app.test_client(), 1, email=f"{number}@example.com")
    refused = sign_in(app.test_client())
    assert refused.status_code == 429
    assert "Wait a minute" in refused.text
    assert sign_in(known).status_code == 302


def test_a_known_browser_may_not_guess_either_and_is_known_for_its_own_login_only(app, sam):
    known = app.test_client()
    sign_in(known)
    known.post("/sign-out")
    assert guess(known, 11) == [422] * 10 + [429]
    for number in range(11):
        guess(app.test_client(), 10, email="bea@example.com", **address(number))
    assert guess(known, 1, email="bea@example.com", **address(99)) == [429]


def test_a_forged_mark_of_a_known_browser_is_none(app, client, sam):
    guess(client, 10)
    client.set_cookie("incentives_browser", "WyJhIiwiYiJd.forged")
    assert sign_in(client).status_code == 429
