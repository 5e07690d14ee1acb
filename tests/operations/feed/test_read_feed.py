"""The feed is read from facts and the ledger: what is so now, and only what may be told."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from incentives.core.activity import Share
from incentives.core.boards.privacy import Viewer
from incentives.core.exchange import Rate
from incentives.errors import NotFound
from incentives.operations.change_boards import create_board, edit_board
from incentives.operations.read_board import read_board
from incentives.operations.read_feed import read_feed
from incentives.operations.read_feed_item import read_feed_item
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.operations.settle_contests import settle_contests
from incentives.store.boards import board_by_slug


def milestones(key, yields, *named):
    rows = [{"name": n, "at_least": at, "amount": amount} for n, at, amount in named]
    return {
        "key": key,
        "name": "Revenue of the year",
        "yields": yields,
        "measure": "revenue",
        "accumulates": "year",
        "rule": {"kind": "milestone", "by": "amount", "milestones": rows},
    }


MILESTONES = {
    "schema": 1,
    "name": "Milestones",
    "currency": "USD",
    "components": [
        milestones("first", "points", ("First 1,000", "1000", "50"), ("Far", "9000", "90")),
        milestones("paid", "money", ("Paid 1,000", "1000", "777")),
    ],
}


def feed(world, kind=None, role="rep", me=None, **asked):
    """(who, what, value) of a kind, newest first."""
    found = read_feed(Viewer(role, me), now=asked.pop("now", world.now), **asked)
    return [
        (", ".join(person.name for person in item.people), item.win.what, item.win.value)
        for item in found.items
        if kind in (None, item.kind)
    ]


def deals(world, **asked):
    return feed(world, "deal", **asked)


def account(name):
    return {"attributes": {"account": name}}


# Deals


def test_deals_stand_newest_first_with_customer_and_amount(world, ana, bo):
    world.deal(ana, "400", day="2026-11-10", **account("Acme"))
    world.deal(bo, "900.50", day="2026-11-12", **account("Betasoloin"))
    assert deals(world) == [
        ("Bo Lind", "Betasoloin", Decimal("900.5")),
        ("Ana Silva", "Acme", Decimal(400)),
    ]


def test_a_reversed_deal_is_gone_and_a_corrected_one_says_the_corrected_value(world, ana):
    world.deal(ana, "400", external_id="A", **account("Acme"))
    world.deal(ana, "500", external_id="B", **account("Bluth"))
    world.deal(ana, "400", external_id="A", reversed=True, **account("Acme"))
    world.deal(ana, "550", external_id="B", **account("Bluth"))
    assert deals(world) == [("Ana Silva", "Bluth", 550)]


def test_the_reversed_deal_cannot_be_opened_by_its_address_either(world, ana):
    world.deal(ana, "400", external_id="A")
    (item,) = read_feed(Viewer("rep", ana), now=world.now).items
    assert read_feed_item(item.key, Viewer("rep", ana), now=world.now).win.value == 400
    world.deal(ana, "400", external_id="A", reversed=True)
    with pytest.raises(NotFound):
        read_feed_item(item.key, Viewer("rep", ana), now=world.now)


def test_a_shared_deal_is_told_once_of_all_who_share_it(world, ana, bo):
    shares = (Share(world.code(bo), Decimal(60)), Share(world.code(ana), Decimal(40)))
    world.deal(ana, "400", shares=shares)
    assert deals(world) == [("Bo Lind, Ana Silva", "", 400)]


def test_who_is_credited_on_top_has_not_won_the_deal(world, ana, bo):
    shares = (Share(world.code(ana)), Share(world.code(bo), Decimal(100), overlay=True))
    world.deal(ana, "400", shares=shares)
    assert deals(world) == [("Ana Silva", "", 400)]


def test_what_is_dated_ahead_is_not_told_before_its_moment(world, ana):
    world.deal(ana, "400", at=world.now + timedelta(hours=1))
    assert deals(world) == []
    assert len(deals(world, now=world.now + timedelta(hours=2))) == 1


def test_only_deals_from_the_floor_on_are_told(world, ana, boss):
    for amount in ("999.99", "1000", "1000.01"):
        world.deal(ana, amount)
    world.recognition(boss, deal_floor=Decimal(1000))
    assert sorted(value for _, _, value in deals(world)) == [Decimal(1000), Decimal("1000.01")]


def test_the_floor_holds_in_the_companys_currency(world, ana, boss):
    # 500 EUR at 2.5 USD are 1,250 USD; of GBP nobody knows what they are worth.
    set_exchange_rates(
        [Rate("EUR", "USD", date(2026, 1, 1), Decimal("2.5"))], by=None, now=world.now
    )
    world.deal(ana, "500", currency="EUR")
    world.deal(ana, "399", currency="EUR")  # 997.50 USD
    world.deal(ana, "5000", currency="GBP")
    world.recognition(boss, deal_floor=Decimal(1000))
    assert [value for _, _, value in deals(world)] == [500]


def test_a_floor_passes_over_many_small_deals_to_the_large_one_behind_them(world, ana, boss):
    world.deal(ana, "5000", day="2026-10-01")
    for number in range(120):
        world.deal(ana, "1", day="2026-11-10", external_id=f"small{number}")
    world.recognition(boss, deal_floor=Decimal(1000))
    assert [value for _, _, value in deals(world, limit=1)] == [5000]


def test_more_is_said_where_there_is_more(world, ana, boss):
    world.recognition(boss, wins=["deal"])
    for amount in ("1", "2", "3"):
        world.deal(ana, amount)
    assert read_feed(Viewer("rep"), now=world.now, limit=2).has_more
    assert not read_feed(Viewer("rep"), now=world.now, limit=3).has_more


# Badges, milestones, leads, contests


def test_a_badge_stands_when_it_was_won_and_goes_with_the_deal_that_won_it(world, ana):
    world.plan()
    for name in "ABC":
        world.deal(ana, "10", external_id=name)
    world.refresh()
    assert feed(world, "badge") == [("Ana Silva", "Hat-trick", None)]
    world.deal(ana, "10", external_id="B", reversed=True)
    world.refresh()
    assert feed(world, "badge") == []


def test_a_milestone_is_told_by_its_name_and_never_with_what_it_pays(world, ana):
    # 600 + 600 = 1,200 reaches both of 1,000.
    world.plan(MILESTONES)
    world.deal(ana, "600")
    world.deal(ana, "600", external_id="second")
    world.refresh()
    assert world.total(ana, "money") == 77700
    told = feed(world, "milestone")
    assert sorted(told) == [("Ana Silva", "First 1,000", None), ("Ana Silva", "Paid 1,000", None)]
    assert "777" not in str(read_feed(Viewer("rep", ana), now=world.now))
    world.deal(ana, "600", external_id="second", reversed=True)
    world.refresh()
    assert feed(world, "milestone") == []


def test_a_milestone_that_gives_points_and_pays_is_told_once(world, ana):
    both = [
        milestones("points", "points", ("Club 1,000", "1000", "50")),
        milestones("paid", "money", ("Club 1,000", "1000", "777")),
    ]
    world.plan({**MILESTONES, "components": both})
    world.deal(ana, "1200")
    world.refresh()
    assert feed(world, "milestone") == [("Ana Silva", "Club 1,000", None)]


def test_taking_the_lead_is_told_with_the_score_and_goes_when_it_was_not_so(world, ana, bo):
    # Ana 500. Bo 300 + 300 = 600 takes it. Without his second deal nobody took anything.
    world.deal(ana, "500", day="2026-11-10")
    world.deal(bo, "300", day="2026-11-11")
    world.deal(bo, "300", day="2026-11-12", external_id="X")
    world.refresh()
    leads = [lead for lead in feed(world, "lead") if lead[1] == "Revenue"]
    assert leads == [("Bo Lind", "Revenue", 600)]
    board = read_board("revenue", viewer=Viewer("rep"), now=world.now)
    assert (board.rows[0].entrant.name, board.rows[0].standing.score) == ("Bo Lind", 600)
    world.deal(bo, "300", day="2026-11-12", external_id="X", reversed=True)
    world.refresh()
    assert [lead for lead in feed(world, "lead") if lead[1] == "Revenue"] == []


def test_a_contest_is_won_when_its_result_is_final(world, ana, bo):
    world.deal(ana, "500", at=world.now - timedelta(hours=30))
    slug = world.contest("Sprint", ends_at=world.now - timedelta(hours=1), grace_hours=24)
    world.refresh()
    settle_contests(now=world.now)
    assert feed(world, "contest") == []
    later = world.now + timedelta(days=2)
    settle_contests(now=later)
    later += timedelta(seconds=1)
    assert feed(world, "contest", now=later) == [("Ana Silva", "Sprint", 500)]
    key = next(i.key for i in read_feed(Viewer("rep"), now=later).items if i.kind == "contest")
    assert read_feed_item(key, Viewer("rep"), now=later).win.slug == slug


def test_a_kind_of_win_can_be_switched_off(world, ana, boss):
    world.deal(ana, "400")
    world.recognition(boss, wins=["badge"])
    assert feed(world) == []


# Whose


def test_the_feed_of_a_team_and_ones_own(world, ana, bo):
    world.deal(ana, "400")
    world.deal(bo, "500")
    assert [who for who, _, _ in deals(world, team="west")] == ["Bo Lind"]
    assert [who for who, _, _ in deals(world, me=ana, mine=True)] == ["Ana Silva"]
    assert deals(world, role="wall", mine=True) == []
    with pytest.raises(NotFound):
        deals(world, team="nowhere")


# What boards hide


def hide(world, *names, **more):
    """Leave people out of the board of revenue, or change what it shows."""
    document = board_by_slug("revenue").document
    edit_board("revenue", {**document, "hidden": list(names), **more}, by=None, now=world.now)


@pytest.mark.parametrize("role", ["rep", "manager", "finance", "administrator", "wall", "program"])
def test_who_is_left_out_of_a_board_is_named_to_nobody(world, ana, bo, role):
    world.deal(ana, "400")
    world.deal(bo, "300")
    world.deal(bo, "300", external_id="lead")
    shares = (Share(world.code(bo), Decimal(60)), Share(world.code(ana), Decimal(40)))
    world.deal(ana, "50", shares=shares)
    world.refresh()
    hide(world, world.code(bo))
    assert {who for who, _, _ in feed(world, role=role)} == {"Ana Silva"}
    # The deal they share is told of Ana alone.
    assert sorted(value for _, _, value in deals(world, role=role)) == [50, 400]


def test_the_hidden_see_their_own_wins(world, ana, bo):
    world.deal(bo, "300", external_id="own")
    hide(world, world.code(bo))
    assert deals(world, me=bo) == [("Bo Lind", "", 300)]


def test_where_a_board_hides_names_only_ones_own_wins_are_told(world, ana, bo):
    world.deal(ana, "400")
    world.deal(bo, "300")
    hide(world, privacy={"rep": {"form": "pseudonym"}})
    assert deals(world, me=ana) == [("Ana Silva", "", 400)]
    assert read_feed(Viewer("rep", ana), now=world.now).hides_names
    assert len(deals(world, role="manager")) == 2
    keys = {i.key for i in read_feed(Viewer("manager"), now=world.now).items}
    for key in keys - {i.key for i in read_feed(Viewer("rep", ana), now=world.now).items}:
        with pytest.raises(NotFound):
            read_feed_item(key, Viewer("rep", ana), now=world.now)


def test_what_a_frozen_board_does_not_show_the_feed_does_not_tell(world, ana):
    world.deal(ana, "400", day="2026-11-10")
    world.deal(ana, "500", day="2026-11-16")
    freeze = {"at": "2026-11-15T00:00:00Z", "for": ["rep", "wall"]}
    hide(world, freeze=freeze)
    assert [value for _, _, value in deals(world)] == [400]
    assert [value for _, _, value in deals(world, role="wall")] == [400]
    assert [value for _, _, value in deals(world, role="manager")] == [500, 400]


def test_leads_are_told_of_every_board_that_adds_one_number_up(world, ana, bo):
    world.deal(ana, "500", day="2026-11-10")
    world.deal(bo, "600", day="2026-11-11")
    document = {
        "schema": 1,
        "name": "For managers",
        "scores": [{"kpi": "revenue"}],
        "span": {"period": "quarter"},
    }
    create_board(document, by=None, now=world.now)
    boards = {what for _, what, _ in feed(world, "lead")}
    assert "For managers" in boards


@pytest.mark.parametrize("key", ["deal-0", "deal-x", "deal", "lead-1", "kudos-99", "cash-1", "-"])
def test_what_is_no_key_of_the_feed_is_not_found(world, ana, key):
    world.deal(ana, "1")
    with pytest.raises(NotFound):
        read_feed_item(key, Viewer("rep", ana), now=world.now)


def test_the_feed_goes_back_ninety_days(world, ana):
    old = world.now - timedelta(days=91)
    assert old == datetime(2026, 8, 19, 15, tzinfo=UTC)
    world.deal(ana, "400", at=old)
    world.deal(ana, "500", at=world.now - timedelta(days=89))
    assert [value for _, _, value in deals(world)] == [500]
