"""A deal comes in while an administrator says that its payee earns no more: whoever is first, no
deal is credited to somebody who does not earn."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from incentives.core.activity import Share
from incentives.errors import Invalid
from incentives.extensions import db
from incentives.operations import administer_people
from incentives.operations.administer_people import change_person
from incentives.operations.record_activities import CREATED, REJECTED
from incentives.store import people
from incentives.store.activities import StoredCredit

REFUSED = "This person has activities. Retire them instead."


@pytest.fixture
def meanwhile(world, monkeypatch):
    """Does one thing while another stands still, just after it has looked at something. Returns
    what both came to."""

    def do(module, look, thing, other):
        has_looked, looked = Event(), getattr(module, look)
        is_done = Event()

        def stand_still(*args, **kwargs):
            found = looked(*args, **kwargs)
            has_looked.set()
            # Whoever is kept waiting by this one is not done before it goes on.
            is_done.wait(timeout=1)
            return found

        monkeypatch.setattr(module, look, stand_still)

        def first():
            with world.app.app_context():
                return thing()

        def second():
            assert has_looked.wait(timeout=10)
            with world.app.app_context():
                try:
                    return other()
                finally:
                    is_done.set()

        with ThreadPoolExecutor(2) as pool:
            came_to = [each.result() for each in (pool.submit(first), pool.submit(second))]
        db.session.rollback()
        return came_to

    return do


@pytest.fixture
def earns_no_more(world):
    fay = world.login("Fay", "administrator")

    def change():
        try:
            change_person(
                "ana-silva", name="Ana Silva", email="", is_payee=False, by=fay, now=world.now
            )
        except Invalid as error:
            return error.fields["is_payee"]
        return None

    return change


@pytest.mark.parametrize("called", ["ana-silva", "Ana Silva"])
def test_a_deal_that_has_found_its_payee_is_seen_before_they_earn_no_more(
    world, meanwhile, earns_no_more, called
):
    ana = world.payee("Ana Silva")
    deal, refused = meanwhile(
        *(people, "payees_called"),
        lambda: world.deal(ana, "100", shares=(Share(called),)),
        earns_no_more,
    )
    assert deal.status == CREATED
    assert refused == [REFUSED]
    assert people.payee_ids() == [ana]


@pytest.mark.parametrize("called", ["ana-silva", "Ana Silva"])
def test_a_deal_that_comes_while_somebody_is_made_to_earn_no_more_is_refused(
    world, meanwhile, earns_no_more, called
):
    ana = world.payee("Ana Silva")
    refused, deal = meanwhile(
        *(administer_people, "_has_earned"),
        earns_no_more,
        lambda: world.deal(ana, "100", shares=(Share(called),)),
    )
    assert refused is None
    assert deal.status == REJECTED
    assert [issue.code for issue in deal.issues] == ["unknown_payee"]
    assert not db.session.query(StoredCredit).filter_by(payee_id=ana).count()
