"""A program with a key."""

import pytest

from incentives.operations.change_api_keys import SCOPES, create_api_key


class Program:
    """Calls the API as a program would, with a key of these scopes."""

    def __init__(self, app, now, scopes):
        self.client = app.test_client()
        self.key = create_api_key("Tests", scopes, by=None, now=now)
        self.headers = {"Authorization": f"Bearer {self.key}"}

    def get(self, path, **headers):
        return self.client.get(f"/api/v1{path}", headers=self.headers | headers)

    def post(self, body):
        return self.client.post("/api/v1/activities", json=body, headers=self.headers)

    def post_text(self, text, content_type="application/json"):
        return self.client.post(
            "/api/v1/activities", data=text, content_type=content_type, headers=self.headers
        )


@pytest.fixture
def program_with(app, world):
    return lambda *scopes: Program(app, world.now, scopes)


@pytest.fixture
def program(program_with):
    """A program that may do everything."""
    return program_with(*SCOPES)


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


@pytest.fixture
def deal(ana):
    """A deal of Ana's as it is sent, with other fields where a test says so."""

    def make(**fields):
        said = {
            "source": "crm",
            "external_id": "D1",
            "kind": "deal_won",
            "payee": "ana-silva",
            "occurred_at": "2026-11-10T12:00:00Z",
            "amount": "1234.50",
            "currency": "USD",
            "attributes": {"product": "GTX Pro"},
        } | fields
        return {name: value for name, value in said.items() if value is not ...}

    return make
