"""Which credits there were at a moment, by what was known then (semantics 1, 2 and 5)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from incentives.core.activity import Activity, Share
from incentives.core.history import Fact, History

DEAL = Activity(
    source="crm",
    external_id="D1",
    kind="deal_won",
    shares=(Share("ana", Decimal(60)), Share("bo", Decimal(40))),
    occurred_at=datetime(2026, 1, 5, tzinfo=UTC),
    amount=Decimal(100),
    currency="USD",
)


def on(month, day):
    return datetime(2026, month, day, tzinfo=UTC)


def credits(facts, moment):
    known = History(facts).known_before(moment)
    return {payee: credit.amount for each in known for payee, credit in each.credits()}


def test_a_deal_counts_from_the_moment_after_it_came_in():
    facts = [Fact(DEAL, on(1, 6))]
    assert credits(facts, on(1, 6)) == {}
    assert credits(facts, on(1, 7)) == {"ana": 60, "bo": 40}


def test_a_deal_that_is_known_early_counts_when_it_happens():
    facts = [Fact(DEAL, on(1, 2))]
    assert credits(facts, on(1, 5)) == {}
    assert credits(facts, on(1, 6)) == {"ana": 60, "bo": 40}


def test_a_revision_counts_from_then_on_and_keeps_the_place_of_the_first_version():
    revised = replace(DEAL, amount=Decimal(90), shares=(Share("bo"),))
    facts = [Fact(revised, on(2, 1)), Fact(DEAL, on(1, 6))]
    assert credits(facts, on(2, 1)) == {"ana": 60, "bo": 40}
    assert credits(facts, on(2, 2)) == {"bo": 90}
    (known,) = History(facts).known_before(on(2, 2))
    ((_, credit),) = known.credits()
    assert credit.received_at == on(1, 6)


def test_a_reversal_is_dated_when_it_came_in_and_may_be_taken_back():
    facts = [
        Fact(DEAL, on(1, 6)),
        Fact(replace(DEAL, reversed=True), on(2, 1)),
        # A note on what is reversed already is no new reversal.
        Fact(replace(DEAL, reversed=True, attributes={"why": "unpaid"}), on(2, 5)),
        Fact(DEAL, on(3, 1)),
    ]
    history = History(facts)

    def reversed_at(moment):
        (known,) = history.known_before(moment)
        assert {credit.reversed_at for _, credit in known.credits()} == {known.reversed_at}
        return known.reversed_at

    assert reversed_at(on(1, 31)) is None
    assert reversed_at(on(2, 3)) == on(2, 1)
    assert reversed_at(on(2, 6)) == on(2, 1)
    assert reversed_at(on(3, 2)) is None


def test_numbers_mean_the_same_activity_at_every_moment():
    other = replace(DEAL, external_id="D0", occurred_at=on(1, 1))
    history = History([Fact(DEAL, on(3, 1)), Fact(other, on(1, 2))])
    assert [known.number for known in history.known_before(on(2, 1))] == [2]
    assert [known.number for known in history.known_before(on(4, 1))] == [1, 2]


def test_cash_names_the_deal_that_it_was_received_on():
    cash = Activity(
        source="bank",
        external_id="C1",
        kind="cash_received",
        shares=(),
        occurred_at=on(2, 1),
        amount=Decimal(40),
        currency="USD",
        attributes={"deal": "D1", "deal_source": "crm"},
    )
    deal, received = History([Fact(DEAL, on(1, 6)), Fact(cash, on(2, 3))]).known_before(on(3, 1))
    assert deal.cash() is None
    key, cash_received = received.cash()
    assert key == ("crm", "D1")
    assert (cash_received.amount, cash_received.received_at) == (40, on(2, 3))
