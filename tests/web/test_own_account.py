"""Everybody's own account: another password, and the browsers one is signed in with."""

import pytest

from tests.world import PASSWORD

NEW = "seven quiet herons"


@pytest.fixture
def ana(world):
    world.login("Ana Silva", "rep", person_id=world.payee("Ana Silva"))
    return world.sign_in("Ana")


def change(client, **fields):
    form = {"current": PASSWORD, "new": NEW, "again": NEW} | fields
    return client.post("/account/password", data=form)


def test_another_password_signs_every_other_browser_out(world, ana, client):
    other = world.sign_in("Ana")
    assert change(ana).status_code == 302
    assert ana.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    old = client.post("/sign-in", data={"email": "ana@example.com", "password": PASSWORD})
    assert old.status_code == 422


def test_what_is_wrong_is_said_and_nothing_changes(world, ana):
    for fields, words in (
        ({"current": "not mine"}, "This is not your password."),
        ({"new": "short", "again": "short"}, "at least 10"),
        ({"again": "something else"}, "the same password twice"),
    ):
        answer = change(ana, **fields)
        assert answer.status_code == 422
        assert words in answer.text
    assert world.sign_in("Ana").get("/account").status_code == 200


def test_other_browsers_are_listed_and_ended(world, ana):
    other = world.sign_in("Ana")
    assert "Sign out everywhere else" in ana.get("/account").text
    ana.post("/account/sessions/end")
    assert other.get("/account").status_code == 302
    assert ana.get("/account").status_code == 200


def test_nobody_ends_somebody_elses_session(world, ana):
    world.login("Bo", "rep")
    bo = world.sign_in("Bo")
    ana.post("/account/sessions/end", data={"started_at": world.now.isoformat()})
    ana.post("/account/sessions/end")
    assert bo.get("/account").status_code == 200
    assert ana.post("/account/sessions/end", data={"started_at": "x"}).status_code == 422
