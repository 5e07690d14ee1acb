"""Redis carries hints only: away, mute or old, it costs nobody more than a moment."""

import socket
import time
from datetime import timedelta

import pytest
import redis

from incentives import create_app
from incentives.claims import CLAIM, CLAIMED_SECONDS, claimed
from incentives.extensions import db
from incentives.operations.change_api_keys import SCOPES, create_api_key
from incentives.operations.check_readiness import check_readiness
from incentives.operations.start_import import check_import, upload_import
from incentives.operations.sweep import sweep
from incentives.queue import DESK, REFRESH, ask_for_refresh, queue_named
from incentives.store import markers
from tests.conftest import NOW, Browser, config_for
from tests.world import World
from workers import jobs


@pytest.fixture
def world_with(sqlite_database, tmp_path):
    """A company whose Redis is at this address."""
    contexts = []

    def make(url):
        app = create_app(config_for(tmp_path, sqlite_database, REDIS_URL=url))
        app.test_client_class = Browser
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        contexts.append(app.app_context())
        contexts[-1].push()
        return World(app, NOW)

    yield make
    for context in contexts:
        db.session.remove()
        db.engine.dispose()
        context.pop()


@pytest.fixture
def mute_redis():
    """Takes every connection and never answers, as one that was stopped by SIGSTOP."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def waits(monkeypatch):
    """For how many seconds each answer of Redis is waited for at most. They are not timed: on a
    busy machine that would tell of others."""
    seconds, read = [], redis.connection.Connection.read_response

    def noted(connection, *args, **kwargs):
        seconds.append(connection.socket_timeout)
        return read(connection, *args, **kwargs)

    monkeypatch.setattr(redis.connection.Connection, "read_response", noted)
    return seconds


def test_intake_waits_less_than_a_second_for_a_mute_redis(world_with, mute_redis, waits):
    world = world_with(mute_redis)
    world.payee("Ana Silva")
    key = create_api_key("CRM", SCOPES, by=None, now=world.now)
    for number in range(3):
        waits.clear()
        answer = world.app.test_client().post(
            "/api/v1/activities",
            json={
                "source": "crm",
                "external_id": f"D{number}",
                "kind": "deal_won",
                "payee": "ana-silva",
                "occurred_at": "2026-11-10T12:00:00Z",
                "amount": "100",
                "currency": "USD",
            },
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code == 201
        # 0.25 s in the limit of requests, as much for the hint; afterwards nobody waits a while.
        assert sum(waits) < 1
        assert waits or number > 0


def test_pages_say_how_old_the_numbers_are_without_any_redis(world_with, mute_redis, monkeypatch):
    world = world_with(mute_redis)
    world.login("Max", "manager", manages="East")
    world.deal(world.payee("Ana Silva"), "100")
    monkeypatch.setattr("incentives.web.freshness.now", lambda: world.now + timedelta(minutes=5))
    max_ = world.sign_in("Max")
    page = max_.get("/boards/revenue").text
    assert "Numbers as of 15:00:00 · the calculation is behind" in page
    assert "Numbers as of 15:00:00" in max_.get("/freshness").text
    world.refresh()
    assert max_.get("/freshness").text.strip() == ""


def test_many_who_ask_while_nobody_works_are_one_job(world_with, redis_url):
    world_with(redis_url)
    with redis.Redis.from_url(redis_url) as client:
        for _ in range(50):
            ask_for_refresh()
            client.delete("incentives:refresh-asked")
        assert queue_named(REFRESH, client).count == 1


def test_silent_imports_are_asked_for_one_after_the_other_however_often_is_swept(
    world_with, redis_url
):
    world = world_with(redis_url)
    header = "opportunity_id,sales_agent,deal_stage,close_date,close_value"
    for _ in range(2):
        run_id = upload_import("deals.csv", f"{header}\n,,,,".encode(), by=None, now=world.now)
        same = {name: name for name in header.split(",")}
        check_import(run_id, "opportunities", same, {}, by=None, now=world.now)
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
        for _ in range(20):
            sweep(clock=lambda: world.now + timedelta(minutes=1))
        assert queue_named(DESK, client).count == 1


def test_a_refresh_is_not_over_before_the_next_may_begin(world_with, redis_url, monkeypatch):
    world_with(redis_url)
    monkeypatch.setattr(jobs, "GAP_SECONDS", 2.0)
    began = time.monotonic()
    jobs.refresh_stale()
    assert time.monotonic() - began >= 2.0


def test_two_workers_do_not_make_the_same_sums(world_with, redis_url, monkeypatch):
    """While one is at Ana, another leaves her alone and sees to Bo; then she is asked for again."""
    world = world_with(redis_url)
    ana, bo = world.payee("Ana Silva"), world.payee("Bo Lind")
    for payee in (ana, bo):
        world.deal(payee, "100")
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        with claimed([ana]) as ours, claimed([ana, bo]) as others:
            assert (ours, others) == ([ana], [bo])
        with claimed([ana]):
            assert world.refresh() == 1
            assert markers.stale_payees() == [ana]
            assert queue_named(REFRESH, client).count == 1
        assert world.refresh() == 1
        assert queue_named(REFRESH, client).count == 1
    assert markers.stale_payees() == []


def test_whoever_ends_at_a_payee_is_waited_for_a_few_seconds_only(world_with, redis_url):
    world = world_with(redis_url)
    ana = world.payee("Ana Silva")
    with redis.Redis.from_url(redis_url) as client, claimed([ana]):
        assert 0 < client.ttl(f"{CLAIM}{ana}") <= CLAIMED_SECONDS
        # As a Redis that was emptied: nobody is kept out for it.
        client.flushall()
        with claimed([ana]) as ours:
            assert ours == [ana]


def test_an_old_redis_brings_no_old_standing_back(world_with, redis_url):
    world = world_with(redis_url)
    ana = world.payee("Ana Silva")
    world.login("Max", "manager", manages="East")
    max_ = world.sign_in("Max")
    with redis.Redis.from_url(redis_url) as client:
        world.deal(ana, "100")
        world.refresh()
        max_.get("/boards/revenue")
        old = {key: client.dump(key) for key in client.scan_iter()}
        assert {key.decode().split(":")[0].split("/")[0] for key in old} <= HINTS
        world.deal(ana, "200")
        world.refresh()
        client.flushall()
        for key, value in old.items():
            client.restore(key, 0, value)
    page = max_.get("/boards/revenue").text
    assert "300" in page


# The queue, the flag that a refresh was asked for, and the counters of rate limits.
HINTS = {"rq", "incentives", "LIMITS"}


def test_a_redis_that_forgets_jobs_is_not_ready(world_with, redis_url):
    world_with(redis_url)
    assert not check_readiness(now=NOW).redis_evicts
    with redis.Redis.from_url(redis_url) as client:
        client.config_set("maxmemory", "100mb")
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert check_readiness(now=NOW).redis_evicts
            assert not check_readiness(now=NOW).is_ready
        finally:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", "0")
