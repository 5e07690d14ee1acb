"""Draw, guarantee and holdback as a plan document writes them."""

from datetime import date
from decimal import Decimal

import pytest
from marshmallow import RAISE, ValidationError

from incentives.core.pay_terms import (
    Draw,
    DrawSchema,
    Guarantee,
    GuaranteeSchema,
    Holdback,
    HoldbackSchema,
    describe_draw,
    describe_guarantee,
    describe_holdback,
)


def test_a_draw_is_read_with_all_it_says():
    draw = DrawSchema(unknown=RAISE).load(
        {
            "kind": "recoverable",
            "amount": "2000",
            "from": "2026-01-01",
            "until": "2026-07-01",
            "recover_after": 2,
            "recover_at_most": "0.5",
        }
    )
    first_day, end_day = date(2026, 1, 1), date(2026, 7, 1)
    assert draw == Draw("recoverable", Decimal(2000), first_day, end_day, 2, Decimal("0.5"))


def test_a_draw_needs_only_its_kind_and_amount():
    draw = DrawSchema(unknown=RAISE).load({"kind": "non_recoverable", "amount": "500.50"})
    assert draw == Draw("non_recoverable", Decimal("500.50"))


def test_a_guarantee_and_both_holdbacks_are_read():
    read = GuaranteeSchema(unknown=RAISE).load({"amount": "3000", "periods": 3})
    assert read == Guarantee(Decimal(3000), 3)
    later = HoldbackSchema(unknown=RAISE).load({"percent": "20", "released": {"after": 3}})
    assert later == Holdback(Decimal(20), after=3)
    cash = HoldbackSchema(unknown=RAISE).load({"percent": "50", "released": {"with": "cash"}})
    assert cash == Holdback(Decimal(50))
    assert cash.waits_for_cash


@pytest.mark.parametrize(
    ("schema", "document", "field"),
    [
        (DrawSchema, {"kind": "loan", "amount": "1"}, "kind"),
        (DrawSchema, {"kind": "recoverable", "amount": "-1"}, "amount"),
        (DrawSchema, {"kind": "recoverable", "amount": "1", "from": "January"}, "from"),
        (
            DrawSchema,
            {"kind": "recoverable", "amount": "1", "from": "2026-02-01", "until": "2026-02-01"},
            "until",
        ),
        (DrawSchema, {"kind": "recoverable", "amount": "1", "recover_after": -1}, "recover_after"),
        (
            DrawSchema,
            {"kind": "recoverable", "amount": "1", "recover_at_most": "1.01"},
            "recover_at_most",
        ),
        (
            DrawSchema,
            {"kind": "recoverable", "amount": "1", "recover_at_most": "0"},
            "recover_at_most",
        ),
        (
            DrawSchema,
            {"kind": "non_recoverable", "amount": "1", "recover_after": 1},
            "recover_after",
        ),
        (GuaranteeSchema, {"amount": "1", "periods": 0}, "periods"),
        (HoldbackSchema, {"percent": "0", "released": {"after": 1}}, "percent"),
        (HoldbackSchema, {"percent": "101", "released": {"after": 1}}, "percent"),
        (HoldbackSchema, {"percent": "20"}, "released"),
        (HoldbackSchema, {"percent": "20", "released": {}}, "released"),
        (HoldbackSchema, {"percent": "20", "released": {"after": 1, "with": "cash"}}, "released"),
        (HoldbackSchema, {"percent": "20", "released": {"with": "luck"}}, "released"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(schema, document, field):
    with pytest.raises(ValidationError) as refused:
        schema(unknown=RAISE).load(document)
    assert list(refused.value.messages) == [field]


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (
            Draw("recoverable", Decimal(2000)),
            "Each pay period has a recoverable draw of 2,000 USD, recovered from what is earned "
            "above it.",
        ),
        (
            Draw(
                "recoverable",
                Decimal(2000),
                date(2026, 1, 1),
                date(2026, 7, 1),
                recover_after=2,
                recover_at_most=Decimal("0.5"),
            ),
            "Each pay period that begins from 2026-01-01 until before 2026-07-01 has a recoverable "
            "draw of 2,000 USD, recovered from at most 50 % of what is earned above it, beginning "
            "2 pay periods after its first.",
        ),
        (
            Draw("non_recoverable", Decimal("99.50"), first_day=date(2026, 1, 1)),
            "Each pay period that begins from 2026-01-01 has a non-recoverable draw of 99.5 USD, "
            "which is not paid back.",
        ),
    ],
)
def test_a_draw_is_said_in_one_sentence(draw, sentence):
    assert describe_draw(draw, "USD") == sentence


def test_a_guarantee_is_said_in_one_sentence():
    assert describe_guarantee(Guarantee(Decimal(3000), 3), "USD") == (
        "In the first 3 pay periods on the plan, pay is at least 3,000 USD, and the top-up is kept."
    )
    assert "In the first pay period on" in describe_guarantee(Guarantee(Decimal(1), 1), "USD")


def test_a_holdback_is_said_in_one_sentence():
    assert describe_holdback(Holdback(Decimal("20"), 3)) == (
        "20 % of earnings is held back and released 3 pay periods later."
    )
    assert describe_holdback(Holdback(Decimal("12.50"))) == (
        "12.5 % of earnings is held back and released as the cash of each deal comes in."
    )
