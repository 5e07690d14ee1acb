"""Every kind of answer carries the same guards."""

import pytest


@pytest.fixture
def browser(world):
    world.login("Sam", "administrator")
    return world.sign_in("Sam")


def test_pages_fragments_errors_and_json_are_guarded_alike(browser, client):
    answers = [
        browser.get("/people"),
        browser.get("/people", headers={"HX-Request": "true"}),
        browser.get("/nowhere"),
        browser.get("/payouts"),
        browser.post("/people/new", data={"name": ""}),
        browser.get("/people/a%00b"),
        client.get("/sign-in"),
        client.get("/people"),
        client.get("/healthz"),
        client.get("/api/v1/boards"),
        client.get("/api/v1/nowhere"),
        client.get("/api/v1/openapi.json"),
    ]
    for answer in answers:
        said = answer.headers
        policy = said["Content-Security-Policy"]
        assert "default-src 'self'" in policy, answer.request.path
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert said["X-Content-Type-Options"] == "nosniff"
        assert said["Referrer-Policy"] == "same-origin"
        assert said["Cache-Control"] == "no-store"
        assert "HX-Request" in said["Vary"]
        assert answer.status_code < 500


def test_pages_hold_no_inline_script_or_style(browser):
    for path in ("/people", "/teams", "/company", "/audit", "/system", "/account", "/api-keys"):
        text = browser.get(path).text
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "<script>" not in text, path
        assert "hx-on" not in text, path


def test_over_tls_browsers_are_told_to_stay_there(client):
    answer = client.get("/sign-in", base_url="https://localhost")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
