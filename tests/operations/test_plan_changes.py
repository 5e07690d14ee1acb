"""Plan versions, their effect before they count, and who is on a plan."""

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from incentives.errors import Invalid, NotFound, Refused
from incentives.operations.change_assignments import assign_payees, change_assignment
from incentives.operations.preview_plan import preview_plan
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.retire_plan import restore_plan, retire_plan
from incentives.store.audit import entries_of
from incentives.store.plans import assignments_of_plan, plan_by_slug

DEMO = yaml.safe_load(Path("incentives/demo/plan.yaml").read_text())
SLUG = "field-sales"


@pytest.fixture
def ana(world):
    """400 of a quota of 1,000: 400 at 4 % is 16.00, and a GTX Pro gives 48 points."""
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    world.deal(ana, "400", day="2026-11-10", product="GTX Pro")
    world.refresh()
    return ana


def draft(rate="0.05", points="50"):
    document = copy.deepcopy(DEMO)
    document["components"][1]["rule"]["tiers"][0]["rate"] = rate
    document["components"][0]["rule"]["amounts"]["GTX Pro"] = points
    return document


def effect(world, document, first_day):
    return preview_plan(SLUG, document, first_day=first_day, now=world.now)


def test_a_draft_that_starts_tomorrow_changes_nothing_that_happened(world, ana):
    found = effect(world, draft(), date(2026, 11, 19))
    assert found.total("now").money == found.total("published").money == 1600
    assert found.total("all_quarter").money == 2000  # 400 at 5 %, had it been in force
    assert found.total("all_quarter").points == 50
    assert not found.is_past


def test_a_draft_from_a_day_in_the_past_recalculates_what_came_after(world, ana):
    world.deal(ana, "100", day="2026-11-16")
    world.refresh()
    found = effect(world, draft(), date(2026, 11, 15))
    # 400 at 4 % = 16.00 by version 1; then 100 by the draft: inside the first 500, at 5 % = 5.00
    assert found.total("now").money == 2000
    assert found.total("published").money == 2100
    assert found.total("all_quarter").money == 2500
    assert found.is_past


def test_a_preview_saves_nothing(world, ana):
    before = len(world.lines(ana))
    effect(world, draft(), date(2026, 1, 1))
    world.refresh()
    assert len(world.lines(ana)) == before
    assert len(plan_by_slug(SLUG).versions) == 1


def test_publishing_does_what_the_preview_said(world, ana):
    found = effect(world, draft(), date(2026, 11, 1))
    publish_plan_version(draft(), first_day=date(2026, 11, 1), slug=SLUG, by=None, now=world.now)
    world.refresh()
    assert world.total(ana, "money") == found.total("published").money == 2000
    assert world.total(ana, "points") == found.total("published").points == 50
    assert [line.amount for line in world.lines(ana, "money")] == [1600, 400]


def test_the_biggest_changes_come_first_and_who_has_none_is_left_out(world, ana):
    bo, cy = world.payee("Bo Lind"), world.payee("Cy Young")
    world.plan(slug=SLUG)
    for payee in (bo, cy):
        world.quota(payee, "1000")
    world.deal(bo, "500", day="2026-11-10", product="MG Special")
    world.refresh()
    found = effect(world, draft(points="48"), date(2026, 11, 19))
    names = [each.payee.name for each in found.biggest_changes(8)]
    assert names == ["Bo Lind", "Ana Silva"]  # +5.00 and +4.00; Cy sold nothing


def test_a_plan_keeps_its_currency_and_a_component_what_it_yields(world, ana):
    def publish(document):
        day = date(2026, 12, 1)
        return publish_plan_version(document, first_day=day, slug=SLUG, by=None, now=world.now)

    with pytest.raises(Refused, match="keeps its currency"):
        publish({**draft(), "currency": "EUR"})
    other = draft()
    other["components"][0]["yields"] = "money"
    with pytest.raises(Refused, match="gave points"):
        publish(other)


def test_a_draft_that_cannot_be_read_names_its_tier(world, ana):
    document = draft()
    document["components"][1]["rule"]["tiers"][1]["up_to"] = "0.40"
    with pytest.raises(Invalid) as refusal:
        effect(world, document, date(2026, 12, 1))
    assert refusal.value.fields == {
        "components": {1: {"rule": {"tiers": ["Tier 2 must end above 0.50."]}}}
    }


def test_a_payee_earns_from_the_day_of_the_assignment_on(world, ana):
    bo = world.payee("Bo Lind")
    world.quota(bo, "1000")
    world.deal(bo, "100", day="2026-11-05")
    world.deal(bo, "100", day="2026-11-06")
    world.refresh()
    assert world.total(bo, "money") == 0
    day = date(2026, 11, 6)
    assert assign_payees(SLUG, [ana, bo], first_day=day, by=None, now=world.now) == ["Bo Lind"]
    world.refresh()
    assert world.total(bo, "money") == 400  # the second deal only, 100 at 4 %
    assert assign_payees(SLUG, [bo], first_day=day, by=None, now=world.now) == []


def test_an_ended_assignment_takes_back_what_was_earned_after_it(world, ana):
    (assignment,) = assignments_of_plan(plan_by_slug(SLUG).id)
    end = date(2026, 11, 10)
    on_plan(world, assignment, until=end)
    world.refresh()
    assert world.total(ana, "money") == 0
    again = assign_payees(SLUG, [ana], first_day=end, by=None, now=world.now)
    world.refresh()
    assert again == ["Ana Silva"]
    assert world.total(ana, "money") == 1600


def on_plan(world, assignment, first=date(2020, 1, 1), until=None, slug=SLUG):
    change_assignment(slug, assignment.id, first_day=first, end_day=until, by=None, now=world.now)


def test_a_later_first_day_takes_back_what_was_earned_before_it(world, ana):
    (assignment,) = assignments_of_plan(plan_by_slug(SLUG).id)
    on_plan(world, assignment, first=date(2026, 11, 11))
    world.refresh()
    assert world.total(ana, "money") == 0
    on_plan(world, assignment, first=date(2026, 11, 10))
    world.refresh()
    assert world.total(ana, "money") == 1600
    changes = [entry.after["from"] for entry in entries_of("assignment changed", 5)]
    assert changes == ["2026-11-10", "2026-11-11"]


def test_assignments_that_make_no_sense_are_refused(world, ana):
    (assignment,) = assignments_of_plan(plan_by_slug(SLUG).id)
    with pytest.raises(Invalid, match="Write a day after 2020-01-01"):
        on_plan(world, assignment, until=date(2020, 1, 1))
    with pytest.raises(NotFound):
        on_plan(world, assignment, slug="none")
    with pytest.raises(Invalid):
        assign_payees(SLUG, [], first_day=date(2027, 1, 1), by=None, now=world.now)
    with pytest.raises(NotFound):
        preview_plan("none", draft(), first_day=date(2027, 1, 1), now=world.now)


def test_two_assignments_of_one_person_never_meet(world, ana):
    (first,) = assignments_of_plan(plan_by_slug(SLUG).id)
    on_plan(world, first, until=date(2026, 11, 1))
    assign_payees(SLUG, [ana], first_day=date(2026, 12, 1), by=None, now=world.now)
    with pytest.raises(Invalid, match="Ana Silva is on the plan from 2026-12-01 as well"):
        on_plan(world, first, until=date(2026, 12, 2))
    on_plan(world, first, until=date(2026, 12, 1))


def test_a_retired_plan_ends_for_everybody_and_takes_nobody_on(world, ana):
    world.deal(ana, "100", day="2026-11-12")
    world.refresh()
    bo = world.payee("Bo Lind")
    assert retire_plan(SLUG, end_day=date(2026, 11, 12), by=None, now=world.now) == 1
    world.refresh()
    assert world.total(ana, "money") == 1600  # what came before the day stays
    with pytest.raises(Refused, match="is retired"):
        assign_payees(SLUG, [bo], first_day=date(2026, 12, 1), by=None, now=world.now)
    with pytest.raises(Refused, match="is retired"):
        publish_plan_version(
            draft(), first_day=date(2026, 12, 1), slug=SLUG, by=None, now=world.now
        )
    restore_plan(SLUG, by=None, now=world.now)
    assign_payees(SLUG, [ana], first_day=date(2026, 11, 12), by=None, now=world.now)
    world.refresh()
    assert world.total(ana, "money") == 2000  # and 100 at 4 %


def test_a_plan_is_not_retired_before_somebody_begins_on_it(world, ana):
    with pytest.raises(Refused, match="Ana Silva begins on the plan on 2020-01-01"):
        retire_plan(SLUG, end_day=date(2020, 1, 1), by=None, now=world.now)
    assert plan_by_slug(SLUG).retired_at is None


def test_quarters_of_another_year_are_left_out(world, ana):
    world.quota(ana, "1000", period="2025-Q4")
    world.deal(ana, "500", day="2025-11-10")
    world.refresh()
    found = effect(world, draft(), date(2026, 11, 19))
    assert found.total("now").money == 1600
    assert found.deals == 1
    assert found.total("now").money / 100 == Decimal("16.00")
