"""Cash received on a deal goes to the payees of the deal."""

from decimal import Decimal

import pytest

from incentives.core.activity import CASH, Activity, Share
from incentives.extensions import db
from incentives.operations.record_activities import CHANGED, CREATED, REJECTED, UNCHANGED
from incentives.store import markers
from incentives.store.activities import PayeeShare, shares_in
from incentives.store.deal_cash import cash_credited_to
from tests.world import noon


def cash(amount="400", external_id="P1", deal="D1", **more):
    return Activity(
        source=more.pop("source", "crm"),
        external_id=external_id,
        kind=CASH,
        shares=more.pop("shares", ()),
        occurred_at=noon("2026-11-20"),
        amount=None if amount is None else Decimal(amount),
        currency=more.pop("currency", "USD"),
        attributes=more.pop("attributes", {"deal": deal} if deal else {}),
        **more,
    )


@pytest.fixture
def shared_deal(world):
    """A deal of 1,000 that Ana and Bo share 60 to 40."""
    ana, bo = world.payee("Ana"), world.payee("Bo")
    shares = (Share(world.code(ana), Decimal(60)), Share(world.code(bo), Decimal(40)))
    world.deal(ana, "1000", external_id="D1", shares=shares)
    world.refresh()
    return ana, bo


def test_cash_takes_the_shares_of_its_deal_and_makes_its_payees_stale(world, shared_deal):
    ana, bo = shared_deal
    answer = world.record(cash())
    assert answer.status == CREATED
    assert shares_in(answer.id) == [PayeeShare(ana, Decimal(60)), PayeeShare(bo, Decimal(40))]
    assert markers.stale_payees() == [ana, bo]
    assert world.record(cash()).status == UNCHANGED


def test_cash_may_come_beside_its_deal_and_from_another_source(world):
    ana = world.payee("Ana")
    deal = Activity(
        "crm", "D9", "deal_won", (Share(world.code(ana)),), noon("2026-11-10"), Decimal(10), "USD"
    )
    paid = cash(source="bank", attributes={"deal": "D9", "deal_source": "crm"})
    answers = world.record(paid, deal)
    assert [answer.status for answer in answers] == [CREATED, CREATED]
    assert shares_in(answers[0].id) == [PayeeShare(ana, Decimal(100))]


@pytest.mark.parametrize(
    ("told", "field", "message"),
    [
        ({"deal": "D2"}, "attributes", "No deal D2 of crm is known. Send the deal first."),
        ({"deal": "P1"}, "attributes", "No deal P1 of crm is known. Send the deal first."),
        ({"deal": None}, "attributes", "Write as deal the external id of the deal."),
        ({"currency": "EUR"}, "currency", "The deal is in USD. Write what was received in USD."),
        ({"amount": None}, "amount", "Write the amount that was received."),
        (
            {"shares": (Share("ana"),)},
            "shares",
            "Leave payee and shares out: cash goes to the payees of its deal.",
        ),
    ],
)
def test_cash_that_cannot_be_counted_is_refused_in_words(world, shared_deal, told, field, message):
    world.record(cash(external_id="P1"))
    answer = world.record(cash(**{"external_id": "P2", **told}))
    assert answer.status == REJECTED
    assert [(issue.field, issue.message) for issue in answer.issues] == [(field, message)]


def test_an_odd_deal_id_is_told_and_not_asked_for(world):
    answer = world.record(cash(deal="D\x001"))
    assert answer.status == REJECTED
    assert {issue.field for issue in answer.issues} == {"attributes"}


def test_cash_on_a_deal_without_an_amount_is_refused(world):
    ana = world.payee("Ana")
    call = Activity("crm", "C1", "call", (Share(world.code(ana)),), noon("2026-11-10"))
    world.record(call)
    answer = world.record(cash(deal="C1"))
    assert answer.issues[0].code == "deal_without_amount"


def test_cash_follows_its_deal_to_other_payees(world, shared_deal):
    ana, bo = shared_deal
    paid = world.record(cash())
    world.deal(bo, "1000", external_id="D1")
    assert shares_in(paid.id) == [PayeeShare(bo, Decimal(100))]
    assert list(cash_credited_to(db.session(), [ana])) == []


def test_what_was_received_is_read_with_its_deal_and_its_reversal(world, shared_deal):
    world.record(cash("250"))
    world.record(cash("100", external_id="P2"))
    assert world.record(cash("100", external_id="P2", reversed=True)).status == CHANGED
    found = [each.cash for each in cash_credited_to(db.session(), shared_deal)]
    assert [(each.deal, each.amount) for each in found] == [
        (("crm", "D1"), Decimal(250)),
        (("crm", "D1"), Decimal(100)),
    ]
    assert [each.reversed_at for each in found] == [None, world.now]
