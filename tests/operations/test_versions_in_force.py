"""Versions that were published before something was refused go on being read, by everybody."""

from decimal import Decimal

import pytest

from incentives.core.plans import read_plan
from incentives.operations import check_plan
from incentives.store.base import to_millionths
from incentives.store.plans import versions_by_plan

RATE = {"kind": "flat_rate", "rate": "0.10"}
SCORECARD = {
    "kind": "scorecard",
    "target": "100",
    "items": [{"name": "Sales", "weight": "100", "measure": "revenue"}],
}


def document(rule, **more):
    component = {
        "key": "extra",
        "name": "Extra",
        "yields": "money",
        "measure": "revenue",
        "rule": rule,
    }
    return {"schema": 1, "name": "Old", "currency": "USD", "components": [component], **more}


OLD = {
    "a currency that nobody knows": document(RATE, currency="XYZ"),
    "a scorecard of each deal by itself": document(SCORECARD),
    "an amount that the currency cannot pay": document({**SCORECARD, "target": "0.005"}),
}


@pytest.mark.parametrize("said", OLD.values(), ids=OLD)
def test_an_old_version_holds_nobody_up(world, monkeypatch, said):
    ana = world.payee("Ana Silva")
    world.login("Ana Silva", "rep", person_id=ana)
    world.plan()
    world.quota(ana, "1000")
    with monkeypatch.context() as earlier:
        earlier.setattr(check_plan, "read_new_plan", read_plan)
        world.plan(said)
    world.deal(ana, "400", day="2026-11-10")
    world.refresh()
    assert len(versions_by_plan()) == 2
    # 400 at 4 % by the other plan; there is no rate for XYZ, and a deal alone scores nothing.
    assert world.total(ana, "money") == 1600
    page = world.sign_in("Ana Silva").get("/earnings/ana-silva/2026-11")
    assert page.status_code == 200


def test_a_number_with_a_digit_too_many_is_never_cut_off():
    assert to_millionths(Decimal("33.333333")) == 33333333
    with pytest.raises(ValueError, match="more than 6 decimals"):
        to_millionths(Decimal("33.3333333"))
