"""The API describes itself."""

import re

from incentives.access import API_KEY, PUBLIC


def test_the_document_names_every_route_and_its_key(client, app):
    document = client.get("/api/v1/openapi.json").json
    assert document == client.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    described = set(document["paths"])
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            assert re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule) in described
    assert document["security"] == [{"key": []}]


def test_amounts_are_described_as_text(client):
    activity = client.get("/api/v1/openapi.json").json["components"]["schemas"]["Activity"]
    assert "string" in activity["properties"]["amount"]["type"]
    assert activity["additionalProperties"] is False


def test_people_find_a_page(client):
    page = client.get("/api/v1/")
    assert page.status_code == 200
    assert "/api/v1/activities" in page.text


def test_every_route_is_public_or_names_a_scope(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            view = app.view_functions[rule.endpoint]
            assert view.policy == PUBLIC or (view.policy == API_KEY and view.scope)
