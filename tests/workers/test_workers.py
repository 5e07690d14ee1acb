"""Real workers and a real Redis: what is asked for is done once, and what is lost is found."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
import redis
from rq.job import Job

from incentives.core.activity import WON, Activity, Share
from incentives.extensions import db
from incentives.operations.refresh_stale import ENDED_THE_WORKER
from incentives.queue import REFRESH, REFRESH_ASKED, queue_named
from incentives.store import markers, parking
from incentives.store.ledger import Posting
from tests.conftest import NOW

pytestmark = [pytest.mark.process, pytest.mark.slow]


@pytest.fixture
def team(house):
    world = house.world
    payees = [world.payee(name) for name in ("Ana Silva", "Bo Lind", "Cy Moe")]
    world.plan()
    for payee in payees:
        world.quota(payee, "1000000")
    world.refresh()
    return payees


def paid(house, payees):
    return [house.world.total(payee, "money") for payee in payees]


def redis_of(house):
    return redis.Redis.from_url(house.environ["REDIS_URL"])


def test_a_thousand_activities_of_one_payee_are_a_handful_of_recalculations(house, team):
    ana = team[0]
    house.start("refresh")
    house.world.deal(ana, "1")
    house.until(lambda: not markers.stale_payees())
    began = time.monotonic()
    for part in range(100):
        house.world.record(*(won(house.world, ana, f"{part}-{n}") for n in range(10)))
    seconds = time.monotonic() - began
    house.until(lambda: not markers.stale_payees())
    assert house.world.total(ana, "money") == 1001 * 4  # each 1.00 at 4 %
    postings = db.session.query(Posting).filter_by(payee_id=ana).count()
    assert postings <= seconds * 10 + 3


def won(world, payee, name):
    return Activity(
        source="crm",
        external_id=name,
        kind=WON,
        shares=(Share(world.code(payee)),),
        occurred_at=NOW - timedelta(days=1),
        amount=Decimal(1),
        currency="USD",
        attributes={"product": "GTX Pro"},
    )


def test_a_flushed_redis_costs_seconds(house, team):
    house.start("refresh", "ticker")
    with redis_of(house) as client:
        for payee in team:
            house.world.deal(payee, "100")
            client.flushall()
    house.until(lambda: paid(house, team) == [400, 400, 400], within=30)


def test_a_job_that_is_half_there_blocks_nothing(house, team):
    """Its hash was written, then whoever asked died: no queue knows of it, but the hint is up."""
    with redis_of(house) as client:
        client.flushall()
        client.set(REFRESH_ASKED, 1)
        Job.create("workers.jobs.refresh_stale", connection=client, id="half").save()
        assert queue_named(REFRESH, client).count == 0
    house.start("refresh", "ticker")
    house.world.deal(team[0], "100")
    house.until(lambda: paid(house, team[:1]) == [400], within=30)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("fails", "ZeroDivisionError"),
        ("never ends", "longer than"),
        ("never listens", ENDED_THE_WORKER),
        ("ends the worker", ENDED_THE_WORKER),
    ],
)
def test_poison_is_parked_and_the_others_go_on_until_it_is_mended(house, team, how, why):
    ana, bo, cy = team
    house.poison({bo: how})
    house.start("refresh", "ticker")
    for payee in team:
        house.world.deal(payee, "100")
    house.until(lambda: paid(house, [ana, cy]) == [400, 400], within=120)
    # Until it is known which it is, the worker may have to die three times.
    house.until(lambda: is_parked(bo, why), within=120)
    # What comes for the others does not wait for it any more.
    house.world.deal(ana, "100")
    house.until(lambda: paid(house, [ana]) == [800], within=60)
    house.poison({})
    house.world.deal(bo, "100")
    house.until(lambda: paid(house, [bo]) == [800], within=60)
    assert parking.parked() == {}


def is_parked(payee, why):
    said = parking.parked().get(payee)
    return said is not None and why in said.problem


def test_without_a_redis_the_ticker_calculates(house, team):
    house.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"
    house.start("ticker")
    house.world.deal(team[0], "100")
    house.until(lambda: paid(house, team[:1]) == [400], within=30)
