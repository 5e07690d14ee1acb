"""Whatever changes, the ledger is led from what is posted to what is due, and the payee reads on
the statement what was, what is now and because of what. Each figure can be done on paper."""

import html
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from incentives.core.activity import Share
from incentives.core.exchange import Rate
from incentives.operations.change_people import join_team
from incentives.operations.lock_period import lock_period
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.operations.turn_day import turn_day
from incentives.store import people, teams
from incentives.store.transaction import writing


@pytest.fixture
def clock(world):
    with time_machine.travel(world.now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana(world, clock):
    """5 % of what is sold up to the quarter's quota of 1,000, 10 % above it."""
    ana = world.payee("Ana Silva")
    world.login("Ana Silva", "rep", person_id=ana)
    world.plan(plan())
    world.quota(ana, "1000")
    return ana


def plan(rate="0.05", **more):
    tiers = [{"up_to": "1", "rate": rate}, {"rate": "0.10"}]
    component = {
        "key": "pay",
        "name": "Commission",
        "yields": "money",
        "measure": "revenue",
        "accumulates": "quarter",
        "quota_span": "whole",
        "rule": {"kind": "marginal_rate", "tiers_by": "attainment", "tiers": tiers},
    }
    return {
        "schema": 1,
        "name": "Pay",
        "currency": "USD",
        "components": [{**component, **more}],
    }


OVERRIDE = plan() | {
    "name": "Override",
    "components": [
        {
            "key": "override",
            "name": "Override",
            "yields": "money",
            "measure": "revenue",
            "credited": "team",
            "rule": {"kind": "flat_rate", "rate": "0.01"},
        }
    ],
}


def corrections(world, who="Ana Silva", period="2026-11"):
    """The corrections of a statement as they are read, newest first, on the page and as JSON."""
    world.refresh()
    browser, code = world.sign_in(who), who.lower().replace(" ", "-")
    page = browser.get(f"/earnings/{code}/{period}").text
    rows = re.findall(r"<li>(.*?)</li>", page.partition('class="corrections"')[2], re.DOTALL)
    found = [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", row))) for row in rows]
    listed = browser.get(f"/earnings/{code}/{period}/corrections.json").json["corrections"]
    for text, said in zip(found, listed, strict=True):
        assert f"was {said['was']}, is now {said['is_now']}" in text
        assert said["because"] in text
    return found


def only(found, *said):
    """There is one correction, and it says all of this."""
    (correction,) = found
    for words in said:
        assert words in correction, correction


def test_a_revision(world, ana):
    world.deal(ana, "400", external_id="D")
    world.refresh()
    world.deal(ana, "500", external_id="D")
    found = corrections(world)
    # 5 % of 400 was 20.00, of 500 it is 25.00
    only(found, "was 20.00, is now 25.00", "changed from 400 to 500.", "+5.00")
    assert world.total(ana, "money") == 2500


def test_a_reversal(world, ana):
    world.deal(ana, "400", external_id="D")
    world.refresh()
    world.deal(ana, "400", external_id="D", reversed=True)
    only(corrections(world), "was 20.00, is now 0.00", "It was reversed.")
    assert world.total(ana, "money") == 0


def test_a_deal_that_is_open_again(world, ana):
    for cancelled in (False, True, False):
        world.deal(ana, "400", external_id="D", reversed=cancelled)
        world.refresh()
    again, _ = corrections(world)
    only([again], "was 0.00, is now 20.00", "It counts again.")
    assert world.total(ana, "money") == 2000


def test_a_back_dated_deal_moves_the_later_one_up(world, ana):
    world.deal(ana, "800", day="2026-11-10")  # 40.00
    world.refresh()
    world.deal(ana, "600", day="2026-11-02")  # 30.00
    found = corrections(world)
    # Of the 800 now 400 lie below the quota and 400 above: 20.00 + 40.00
    only(found, "was 40.00, is now 60.00", "Another deal before it changed")
    assert world.total(ana, "money") == 9000


def test_a_deal_that_is_dated_back(world, ana):
    world.deal(ana, "400", day="2026-11-10", external_id="D")
    world.refresh()
    world.deal(ana, "400", day="2026-10-10", external_id="D")
    only(
        corrections(world),
        "was 20.00, is now 0.00",
        "Its day changed from 2026-11-10 to 2026-10-10.",
    )
    assert sorted(line.amount for line in world.lines(ana)) == [-2000, 2000, 2000]


def test_a_deal_that_is_dated_ahead_counts_when_its_time_comes(world, ana, clock):
    world.deal(ana, "400", day="2026-11-10", external_id="D")
    world.refresh()
    world.deal(ana, "400", day="2026-11-30", external_id="D")
    only(
        corrections(world),
        "was 20.00, is now 0.00",
        "Its day changed from 2026-11-10 to 2026-11-30.",
    )
    world.now += timedelta(days=14)
    clock.move_to(world.now)
    turn_day(now=world.now)
    again, _ = corrections(world)
    only([again], "was 0.00, is now 20.00", "It counts again.")
    assert world.total(ana, "money") == 2000


def test_another_owner(world, ana):
    bo = world.payee("Bo Lind")
    world.plan(plan(), slug="pay")
    world.quota(bo, "1000")
    world.deal(ana, "400", external_id="D")
    world.refresh()
    world.deal(bo, "400", external_id="D")
    found = corrections(world)
    only(found, "was 20.00, is now 0.00", "It is credited to somebody else.")
    assert "Bo" not in found[0]
    assert (world.total(ana, "money"), world.total(bo, "money")) == (0, 2000)


def test_another_split(world, ana):
    bo = world.payee("Bo Lind")
    world.deal(ana, "400", external_id="D")
    world.refresh()
    shares = (Share("ana-silva", Decimal(60)), Share(world.code(bo), Decimal(40)))
    world.deal(ana, "400", external_id="D", shares=shares)
    # 60 % of 400 are 240, and 5 % of them 12.00
    only(corrections(world), "was 20.00, is now 12.00", "changed from 400 to 240.")


def test_another_quota(world, ana):
    world.deal(ana, "1000")
    world.refresh()
    world.quota(ana, "600")
    # 600 at 5 % and 400 at 10 %: 30.00 + 40.00
    only(
        corrections(world),
        "was 50.00, is now 70.00",
        "The quota changed from 1000 to 600.",
    )


def test_a_quota_that_is_taken_away(world, ana):
    world.deal(ana, "1000")
    world.refresh()
    world.quota(ana, None)
    only(corrections(world), "was 50.00, is now 0.00", "No quota is set")


def test_another_plan_version(world, ana):
    world.deal(ana, "400")
    world.refresh()
    publish_plan_version(
        plan(rate="0.07"), first_day=date(2026, 11, 1), slug="pay", by=None, now=world.now
    )
    only(
        corrections(world),
        "was 20.00, is now 28.00",
        "Version 2 of the plan is in force for it.",
    )


def test_another_exchange_rate(world, ana):
    set_rate(world, "1.10")
    world.deal(ana, "400", currency="EUR")
    world.refresh()
    set_rate(world, "1.20")
    # 440 dollars at 5 % were 22.00, 480 are 24.00. The deal itself has not changed.
    found = corrections(world)
    only(found, "was 22.00, is now 24.00", "changed from 1.1 for EUR to 1.2 for EUR.")
    assert "credited amount" not in found[0]


def test_another_team_for_the_manager_who_earns_on_it(world, ana):
    mia = world.payee("Mia Costa", team="Managers")
    world.login("Mia Costa", "manager", manages="East", person_id=mia)
    world.plan(OVERRIDE)
    world.deal(ana, "4000", day="2026-11-10")
    world.refresh()
    west = world.team("West")
    with writing() as session:
        person, home = session.get(people.Person, ana), session.get(teams.Team, west)
        join_team(session, person, home, first_day=date(2026, 11, 9), by=None, now=world.now)
    found = corrections(world, "Mia Costa")
    only(found, "was 40.00, is now 0.00", "somebody was in another team on its day")
    assert world.total(mia, "money") == 0


def test_several_changes_at_once_are_each_named(world, ana):
    world.deal(ana, "400", day="2026-11-03", external_id="D")
    world.refresh()
    world.deal(ana, "500", day="2026-11-10", external_id="D")
    world.quota(ana, "300")
    # 300 at 5 % and 200 at 10 %
    only(
        corrections(world),
        "was 20.00, is now 35.00",
        "Its day changed from 2026-11-03 to 2026-11-10.",
        "The credited amount changed from 400 to 500.",
        "The quota changed from 1000 to 300.",
    )


def test_a_deal_of_a_locked_month_is_paid_in_the_open_one(world, ana):
    world.deal(ana, "800", day="2026-10-10", external_id="D")  # 40.00
    world.refresh()
    locked = lock(world, "2026-10")
    world.deal(ana, "600", day="2026-10-02")  # takes the first 600 of the quota: 30.00
    # Of the 800 now 400 lie below the quota and 400 above: 20.00 + 40.00
    late, moved = sorted(corrections(world), key=lambda text: "was 0.00" not in text)
    only([late], "was 0.00, is now 30.00", "2026-10, which was locked before this was known")
    only([moved], "was 40.00, is now 60.00", "Another deal before it changed")
    assert lines_file(world, "2026-10") == locked


def test_a_deal_of_a_locked_month_is_cancelled(world, ana):
    world.deal(ana, "400", day="2026-10-10", external_id="D")
    world.refresh()
    locked = lock(world, "2026-10")
    world.deal(ana, "400", day="2026-10-10", external_id="D", reversed=True)
    only(corrections(world), "was 20.00, is now 0.00", "It was reversed.")
    assert world.lines(ana)[-1].period == "2026-11"
    assert lines_file(world, "2026-10") == locked


def test_nobody_else_reads_corrections(world, ana):
    bo = world.payee("Bo Lind")
    world.login("Bo Lind", "rep", person_id=bo)
    world.login("Sam", "administrator")
    for who in ("Bo", "Sam"):
        answer = world.sign_in(who).get("/earnings/ana-silva/2026-11/corrections.json")
        assert answer.status_code == 403


def lock(world, month):
    """Lock it, and give its file of Ana's lines."""
    lock_period(month, by=None, now=world.now)
    world.refresh()
    return lines_file(world, month)


def lines_file(world, month):
    return world.sign_in("Ana Silva").get(f"/earnings/ana-silva/{month}.csv").data


def set_rate(world, worth):
    rate = Rate("EUR", "USD", date(2026, 11, 1), Decimal(worth), "ECB")
    set_exchange_rates([rate], by=None, now=world.now)
