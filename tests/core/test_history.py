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
    found = History(facts).credits_before(moment)
    return {payee: [credit.amount for credit in credits] for payee, credits in found.items()}


def test_a_deal_counts_from_the_moment_after_it_came_in():
    facts = [Fact(DEAL, on(1, 6))]
    assert credits(facts, on(1, 6)) == {}
    assert credits(facts, on(1, 7)) == {"ana": [60], "bo": [40]}


def test_a_deal_that_is_known_early_counts_when_it_happens():
    facts = [Fact(DEAL, on(1, 2))]
    assert credits(facts, on(1, 5)) == {}
    assert credits(facts, on(1, 6)) == {"ana": [60], "bo": [40]}


def test_a_revision_counts_from_then_on_and_keeps_the_place_of_the_first_version():
    revised = replace(DEAL, amount=Decimal(90), shares=(Share("bo"),))
    facts = [Fact(revised, on(2, 1)), Fact(DEAL, on(1, 6))]
    assert credits(facts, on(2, 1)) == {"ana": [60], "bo": [40]}
    assert credits(facts, on(2, 2)) == {"bo": [90]}
    (credit,) = History(facts).credits_before(on(2, 2))["bo"]
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
        return history.credits_before(moment)["ana"][0].reversed_at

    assert reversed_at(on(1, 31)) is None
    assert reversed_at(on(2, 3)) == on(2, 1)
    assert reversed_at(on(2, 6)) == on(2, 1)
    assert reversed_at(on(3, 2)) is None


def test_numbers_mean_the_same_activity_at_every_moment():
    other = replace(DEAL, external_id="D0", occurred_at=on(1, 1))
    history = History([Fact(DEAL, on(3, 1)), Fact(other, on(1, 2))])
    assert dict(history.external_ids) == {1: "D1", 2: "D0"}
    assert [c.activity_id for c in history.credits_before(on(2, 1))["ana"]] == [2]
    assert [c.activity_id for c in history.credits_before(on(4, 1))["ana"]] == [1, 2]
