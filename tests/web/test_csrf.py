"""A form that another site sends changes nothing."""

import pytest

from incentives.store.people import person_by_code


@pytest.fixture
def browser(app, world):
    world.login("Sam Okafor", "administrator")
    client = world.sign_in("Sam")
    app.config["WTF_CSRF_ENABLED"] = True
    return client


def test_no_form_is_taken_without_its_token(app, browser):
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.rule.startswith("/api/"):
            continue
        values = dict.fromkeys(rule.arguments, 1)
        address = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        assert browser.post(address).status_code == 400, rule.rule


def test_a_token_of_somebody_else_is_none(app, world, browser):
    world.login("Bea", "rep")
    app.config["WTF_CSRF_ENABLED"] = False
    other = world.sign_in("Bea")
    app.config["WTF_CSRF_ENABLED"] = True
    page = other.get("/account").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.post("/people/new", data={"name": "Eve", "csrf_token": token})
    assert answer.status_code == 400
    assert person_by_code("eve") is None


def test_with_its_own_token_it_is_taken(browser):
    page = browser.get("/people/new").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.post("/people/new", data={"name": "Eve", "csrf_token": token})
    assert answer.status_code == 302
    assert person_by_code("eve") is not None
