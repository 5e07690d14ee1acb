"""The set-up link: once, for a day, and only while nobody can sign in."""

from datetime import timedelta

import pytest

from incentives.clock import now
from incentives.errors import Refused
from incentives.operations.set_up_company import make_set_up_link
from incentives.store.companies import the_company

FORM = {
    "company": "Halyard",
    "time_zone": "Europe/Berlin",
    "currency": "eur",
    "name": "Sam Okafor",
    "email": "sam@example.com",
    "password": "correct horse battery",
}


def test_the_first_administrator_sets_the_company_up(app, client):
    path = f"/set-up/{make_set_up_link(now=now())}"
    assert client.get(path).status_code == 200
    assert client.post(path, data=FORM).status_code == 302
    company = the_company()
    assert (company.name, company.time_zone, company.currency) == (
        "Halyard",
        "Europe/Berlin",
        "EUR",
    )
    signed_in = client.post(
        "/sign-in", data={"email": "sam@example.com", "password": FORM["password"]}
    )
    assert signed_in.headers["Location"] == "/people"
    # Once.
    again = app.test_client()
    assert again.get(path).status_code == 404
    assert again.post(path, data={**FORM, "email": "eve@example.com"}).status_code == 404


def test_what_is_wrong_is_said_and_the_link_still_works(client):
    path = f"/set-up/{make_set_up_link(now=now())}"
    wrong = {**FORM, "company": "", "currency": "coins", "time_zone": "Mars/Base"}
    answer = client.post(path, data=wrong)
    assert answer.status_code == 422
    assert "Write a currency code" in answer.text
    assert client.post(path, data={**FORM, "password": "short"}).status_code == 422
    assert the_company().name != "Halyard"
    assert client.post(path, data=FORM).status_code == 302


def test_a_link_is_good_for_a_day(client):
    old = make_set_up_link(now=now() - timedelta(hours=24))
    assert client.get(f"/set-up/{old}").status_code == 404
    assert client.get("/set-up/guessed").status_code == 404


def test_no_link_is_made_once_somebody_can_sign_in(app, world, client):
    token = make_set_up_link(now=now())
    world.login("Sam", "administrator")
    assert client.get(f"/set-up/{token}").status_code == 404
    with pytest.raises(Refused, match="set up"):
        make_set_up_link(now=now())
    assert app.test_cli_runner().invoke(args=["set-up-link"]).exit_code == 1


def test_the_command_prints_the_link_alone(app):
    done = app.test_cli_runner().invoke(
        args=["set-up-link", "--address", "https://sales.example.com/"]
    )
    assert done.stdout.startswith("https://sales.example.com/set-up/")
    assert done.stdout.count("\n") == 1
