"""Keys: shown once, kept as a hash, good for what they say and no more."""

from datetime import timedelta

import pytest

from incentives.clock import now
from incentives.errors import Invalid, NotFound, Unavailable
from incentives.operations.change_api_keys import create_api_key, revoke_api_key
from incentives.operations.use_api_key import use_api_key
from incentives.store.api_keys import ApiKey, all_api_keys
from incentives.store.audit import entries_about
from incentives.store.transaction import writing


def test_without_a_key_nothing_is_read_or_written(client, app):
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nothing"},
        {"Authorization": "Basic aW5jOmluYw=="},
        {"Authorization": "Bearer \xe9"},
    ):
        for call in (
            client.post("/api/v1/activities", data="{", headers=headers),
            client.get("/api/v1/boards", headers=headers),
        ):
            assert call.status_code == 401
            assert call.headers["WWW-Authenticate"].startswith("Bearer")
            assert call.content_type == "application/problem+json"


def test_a_key_in_the_address_is_no_key(client, program):
    assert client.get(f"/api/v1/boards?key={program.key}").status_code == 401


def test_a_signed_in_browser_is_no_key(world):
    world.login("Sam", "administrator")
    assert world.sign_in("Sam").get("/api/v1/boards").status_code == 401


def test_a_key_does_what_its_scopes_say_and_no_more(program_with, deal):
    reader, writer = program_with("boards:read"), program_with("activities:write")
    assert reader.get("/boards").status_code == 200
    refused = reader.post(deal())
    assert refused.status_code == 403
    assert "activities:write" in refused.json["detail"]
    assert writer.post(deal()).status_code == 201
    assert writer.get("/boards").status_code == 403


def test_the_scope_is_checked_before_the_body_is_read(program_with):
    assert program_with("boards:read").post_text("{{{").status_code == 403


def test_a_revoked_key_ends_at_once(program, world):
    assert program.get("/boards").status_code == 200
    revoke_api_key(program.key[:12], by=None, now=world.now)
    assert program.get("/boards").status_code == 401
    with pytest.raises(NotFound):
        revoke_api_key(program.key[:12], by=None, now=world.now)


def test_only_a_hash_is_kept(program):
    kept = all_api_keys()[0]
    assert program.key not in f"{vars(kept)}"
    assert kept.prefix == program.key[:12]


def test_a_key_needs_a_name_and_known_scopes(app):
    for name, scopes in (("", ["boards:read"]), ("CRM", []), ("CRM", ["pay:read"])):
        with pytest.raises(Invalid):
            create_api_key(name, scopes, by=None, now=now())


def test_use_is_noted_at_most_once_a_minute(program, world):
    first = world.now
    use_api_key(program.key, now=first)
    use_api_key(program.key, now=first + timedelta(seconds=59))
    assert all_api_keys()[0].used_at == first
    use_api_key(program.key, now=first + timedelta(seconds=60))
    assert all_api_keys()[0].used_at == first + timedelta(seconds=60)


def test_making_and_revoking_stand_in_the_audit(program, world):
    revoke_api_key(program.key[:12], by=None, now=world.now)
    assert [entry.action for entry in entries_about(2)] == ["api key revoked", "api key made"]


def test_keys_of_one_beginning_are_not_guessed_between(program, world):
    with writing() as session:
        twin = session.get_one(ApiKey, all_api_keys()[0].id)
        session.add(
            ApiKey(
                name="Twin",
                prefix=twin.prefix,
                secret_hash="0" * 64,
                scopes=["boards:read"],
                created_at=world.now,
            )
        )
    with pytest.raises(Exception, match="More than one key"):
        revoke_api_key(program.key[:12], by=None, now=world.now)


def test_requests_are_counted_for_each_key(program_with):
    first, second = program_with("boards:read"), program_with("boards:read")
    left = [program.get("/boards").headers["X-RateLimit-Remaining"] for program in (first, first)]
    assert left == ["2999", "2998"]
    assert second.get("/boards").headers["X-RateLimit-Remaining"] == "2999"


def test_unknown_keys_are_counted_together_by_address(client, program, program_with):
    def call(number):
        headers = {"Authorization": f"Bearer unknown-{number}"}
        return client.get("/api/v1/boards", headers=headers)

    assert program.get("/boards").status_code == 200
    assert [call(n).status_code for n in range(61)] == [401] * 60 + [429]
    refused = call(61)
    assert refused.content_type == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    elsewhere = {"environ_base": {"REMOTE_ADDR": "198.51.100.1"}}
    assert client.get("/api/v1/boards", **elsewhere).status_code == 401
    # A program with a key that is in use goes on beside it, also one that comes only now.
    assert program_with("boards:read").get("/boards").status_code == 200
    answer = program.get("/boards")
    assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (200, "2998")


def test_a_key_that_cannot_be_looked_up_is_told_as_what_went_wrong(program, monkeypatch):
    """Asked once, and not taken for a limit's trouble: the first answer of the database is told."""
    asked = []

    def away(key, *, now):
        asked.append(key)
        raise Unavailable("away", "The database does not answer just now.")

    monkeypatch.setattr("incentives.api.v1.keys.use_api_key", away)
    answer = program.get("/boards")
    assert (answer.status_code, answer.json["code"]) == (503, "away")
    assert int(answer.headers["Retry-After"]) > 0
    assert len(asked) == 1


def test_a_key_that_could_not_be_looked_up_is_when_the_request_is_tried_again(program, monkeypatch):
    def lost_once(key, *, now):
        monkeypatch.undo()
        monkeypatch.setattr("incentives.patience._tries", lambda error: 4)
        raise RuntimeError("the connection was cut")

    monkeypatch.setattr("incentives.api.v1.keys.use_api_key", lost_once)
    monkeypatch.setattr("incentives.patience._tries", lambda error: 4)
    assert program.get("/boards").status_code == 200
