"""Activities become lines; recalculating posts only what differs."""

from datetime import date
from decimal import Decimal

import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incentives.core.activity import Share
from incentives.core.ledger_lines import NewLines
from incentives.extensions import db
from incentives.operations import refresh_payees
from incentives.operations.recalculate import recalculate
from incentives.operations.refresh_stale import refresh_stale
from incentives.store import markers, parking, plans
from incentives.store.ledger import Posting
from incentives.store.posting_hash import as_texts, first_changed, posting_hash
from incentives.store.snapshot import refusal_of
from incentives.store.transaction import writing
from tests.world import FIELD_SALES


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    return ana


def test_a_deal_gives_points_and_commission(world, ana):
    world.deal(ana, "400", product="GTX Pro")
    world.refresh()
    assert world.total(ana, "points") == 48
    assert world.total(ana, "money") == 1600  # 400.00 at 4 %


def test_the_same_inputs_post_nothing(world, ana):
    world.deal(ana, "400")
    world.refresh()
    before = len(world.lines(ana))
    with writing() as session:
        markers.mark_stale(session, [ana], world.now)
    assert world.refresh() == 1
    assert len(world.lines(ana)) == before


def test_a_late_deal_re_slices_the_later_ones(world, ana):
    world.deal(ana, "600", day="2026-11-10")  # 500 at 4 % and 100 at 5 %
    world.refresh()
    assert world.total(ana, "money") == 2500
    world.deal(ana, "500", day="2026-11-02")  # takes the first tier; the other slides up
    world.refresh()
    lines = world.lines(ana, "money")
    # 500 at 4 % = 20.00; then 250 at 5 %, 250 at 6 %, 100 at 8 % = 35.50
    assert world.total(ana, "money") == 5550
    assert [(line.amount, line.reason) for line in lines] == [
        (2500, "earned"),
        (1050, "recalculated"),
        (2000, "earned"),
    ]
    assert lines[1].amends == lines[0].sequence


def test_a_reversed_deal_takes_everything_back(world, ana):
    world.deal(ana, "400", external_id="D")
    world.refresh()
    answer = world.deal(ana, "400", external_id="D", reversed=True)
    assert answer.status == "changed"
    world.refresh()
    assert world.total(ana, "points") == world.total(ana, "money") == 0
    assert [line.reason for line in world.lines(ana, "money")] == ["earned", "withdrawn"]


def test_a_deal_that_changes_hands_moves_its_yields(world, ana):
    bo = world.payee("Bo Lind")
    world.plan(first_day=date(2020, 1, 1), slug="field-sales")
    world.quota(bo, "1000")
    world.deal(ana, "400", external_id="D")
    world.refresh()
    world.deal(bo, "400", external_id="D")
    world.refresh()
    assert world.total(ana, "money") == 0
    assert world.total(bo, "money") == 1600


def test_a_split_deal_gives_each_their_share(world, ana):
    bo = world.payee("Bo Lind")
    world.plan(first_day=date(2020, 1, 1), slug="field-sales")
    world.quota(bo, "1000")
    world.deal(
        ana,
        "100",
        shares=(Share("ana-silva", percent=Decimal(60)), Share("bo-lind", percent=Decimal(40))),
    )
    world.refresh()
    assert world.total(ana, "money") == 240
    assert world.total(bo, "money") == 160


def test_a_missing_quota_blocks_the_commission_and_nothing_else(world):
    bo = world.payee("Bo Lind")
    world.plan()
    world.deal(bo, "400")
    world.refresh()
    assert world.total(bo, "points") == 48
    assert world.lines(bo, "money") == []


def test_three_deals_on_a_day_are_a_hat_trick_until_one_is_reversed(world, ana):
    for name in ("A", "B", "C"):
        world.deal(ana, "100", external_id=name)
    world.refresh()
    assert world.total(ana, "badge") == 1
    world.deal(ana, "100", external_id="B", reversed=True)
    world.refresh()
    assert world.total(ana, "badge") == 0


@pytest.mark.parametrize("change", ["UPDATE posted_line SET amount = 1", "DELETE FROM posted_line"])
def test_the_database_itself_refuses_to_change_a_line(world, ana, change):
    world.deal(ana, "400")
    world.refresh()
    with pytest.raises(DBAPIError, match="never changed"), writing() as session:
        session.execute(text(change))
    db.session.rollback()
    assert world.total(ana, "money") == 1600


REPLACEMENTS = {
    "sqlite": [
        "REPLACE INTO posted_line SELECT * FROM posted_line",
        "INSERT OR REPLACE INTO posting SELECT * FROM posting",
        "REPLACE INTO line_terms SELECT * FROM line_terms",
        "REPLACE INTO line_terms (component_id, content, hash) "
        "SELECT component_id, '{}', hash FROM line_terms",
        "REPLACE INTO line_terms (id, component_id, content, hash) "
        "SELECT id, component_id, '{}', 'another' FROM line_terms",
    ],
    "postgresql": [
        "INSERT INTO posted_line SELECT * FROM posted_line ON CONFLICT ON CONSTRAINT "
        "pk_posted_line DO UPDATE SET amount = 1",
        "INSERT INTO line_terms (component_id, content, hash) "
        "SELECT component_id, '{}', hash FROM line_terms ON CONFLICT (hash) "
        "DO UPDATE SET content = excluded.content",
    ],
}


def test_the_database_itself_refuses_to_replace_a_line(world, ana):
    """By which SQLite deletes without asking who refuses to delete."""
    world.deal(ana, "400")
    world.refresh()
    db.session.rollback()
    for replacement in REPLACEMENTS[db.engine.dialect.name]:
        assert "never changed" in (refusal_of(replacement) or ""), replacement


def test_a_deal_moved_to_another_day_of_the_month_is_posted_on_that_day(world, ana):
    world.deal(ana, "400", day="2026-11-03", external_id="D")
    world.refresh()
    world.deal(ana, "400", day="2026-11-10", external_id="D")
    world.refresh()
    lines = world.lines(ana, "money")
    assert [(line.amount, line.day) for line in lines] == [
        (1600, date(2026, 11, 3)),
        (0, date(2026, 11, 10)),
    ]


def test_a_finer_share_explains_no_other_line_anew(world, ana):
    """A third of a deal is kept over a finer scale; what is posted of the others stays."""
    bo = world.payee("Bo Lind")
    world.deal(ana, "400")
    world.refresh()
    third = (
        Share("ana-silva", percent=Decimal("33.333333")),
        Share("bo-lind", percent=Decimal("66.666667")),
    )
    world.deal(ana, "0.01", day="2026-11-12", shares=third)
    world.refresh()
    assert [line.reason for line in world.lines(ana, "money")] == ["earned", "earned"]
    assert world.total(bo, "money") == 0


def test_two_assignments_in_one_month_each_have_their_line(world):
    """A bonus for the month pays for each time on the plan; neither replaces the other."""
    ana = world.payee("Ana Silva")
    document = {
        "schema": 1,
        "name": "Monthly bonus",
        "currency": "USD",
        "components": [
            {
                "key": "bonus",
                "name": "Bonus",
                "yields": "money",
                "measure": "revenue",
                "accumulates": "month",
                "rule": {
                    "kind": "bonus",
                    "by": "amount",
                    "bonuses": [{"at_least": "100", "amount": "50"}],
                },
            }
        ],
    }
    slug, _ = world.plan(document, first_day=date(2026, 11, 1))
    with writing() as session:
        plan = plans.plan_by_slug(slug)
        plans.assignments_of_plan(plan.id)[0].end_day = date(2026, 11, 10)
        again = plans.Assignment(payee_id=ana, plan_id=plan.id, first_day=date(2026, 11, 15))
        session.add(again)
    world.deal(ana, "100", day="2026-11-05")
    world.deal(ana, "200", day="2026-11-16")
    world.refresh()
    assert [(line.amount, line.aspect, line.reason) for line in world.lines(ana, "money")] == [
        (5000, "earned", "earned"),
        (5000, "earned-2", "earned"),
    ]
    assert world.refresh() == 0


def test_a_late_deal_rewrites_only_the_days_that_it_changes(world, ana):
    world.deal(ana, "100", day="2026-08-03")
    world.deal(ana, "200", day="2026-11-10")
    world.refresh()
    # What nobody asks for again is not looked at: a mark in the other quarter stays.
    with writing() as session:
        session.execute(text("UPDATE day_result SET value = 1 WHERE day = '2026-08-03'"))
    world.deal(ana, "300", day="2026-11-10")
    world.refresh()
    query = text("SELECT day, value FROM day_result WHERE measure = 'revenue' ORDER BY day")
    assert [(str(day), value) for day, value in db.session.execute(query)] == [
        ("2026-08-03", 1),
        ("2026-11-10", 500_000_000),
    ]


def test_a_version_that_gives_other_points_rewrites_their_days(world, ana):
    """What happened on the day is the same; what it gave is not."""
    world.deal(ana, "100", product="GTX Pro")
    world.refresh()
    document = yaml.safe_load(FIELD_SALES.read_text())
    document["components"][0]["rule"]["amounts"]["GTX Pro"] = "96"
    world.plan(document, first_day=date(2020, 1, 1), slug="field-sales")
    world.refresh()
    query = text("SELECT value FROM day_result WHERE measure = 'points'")
    assert db.session.scalars(query).all() == [96_000_000]


def test_a_deal_that_is_gone_takes_its_day_with_it(world, ana):
    world.deal(ana, "100", day="2026-08-03", external_id="D")
    world.refresh()
    world.deal(ana, "100", day="2026-11-10", external_id="D")
    world.refresh()
    query = text("SELECT DISTINCT day FROM day_result")
    assert [str(day) for day in db.session.scalars(query)] == ["2026-11-10"]


def test_one_that_cannot_be_calculated_does_not_keep_the_others_from_it(world, ana, monkeypatch):
    bo = world.payee("Bo Lind")
    world.plan(slug="field-sales")
    world.quota(bo, "1000")
    world.deal(ana, "400")
    world.deal(bo, "400")
    calculate_each = refresh_payees.calculate_each

    def fails_for_ana(cases, columns):
        if ana in [case.payee for case in cases]:
            raise ZeroDivisionError("a bug")
        return calculate_each(cases, columns)

    monkeypatch.setattr(refresh_payees, "calculate_each", fails_for_ana)
    assert refresh_stale(clock=lambda: world.now) == 1
    assert world.total(bo, "money") == 1600
    assert "ZeroDivisionError: a bug" in parking.parked()[ana].problem


def test_postings_are_chained_and_count_their_lines(world, ana):
    world.deal(ana, "600", day="2026-11-10")
    world.refresh()
    world.deal(ana, "500", day="2026-11-02")
    world.refresh()
    first, second = db.session.query(Posting).filter_by(payee_id=ana).order_by(Posting.number)
    assert first.first_sequence == 1
    assert second.first_sequence == 1 + first.lines
    assert first.lines + second.lines == len(world.lines(ana))
    assert first.hash != second.hash
    assert {line.posting.number for line in world.lines(ana)} == {1, 2}


def test_a_whole_recalculation_gives_what_single_ones_gave(world, ana):
    bo = world.payee("Bo Lind")
    world.plan(slug="field-sales")
    for payee in (ana, bo):
        world.quota(payee, "1000")
        for day in range(1, 10):
            world.deal(payee, "150", day=f"2026-11-{day:02}")
    world.refresh()
    posted = [(line.amount, line.steps, line.day) for line in world.lines(ana)]
    assert recalculate([ana, bo], clock=lambda: world.now) == 0
    assert [(line.amount, line.steps, line.day) for line in world.lines(ana)] == posted


def test_a_line_that_is_changed_behind_our_back_can_be_named(world, ana):
    """The hash says that something was changed, the checks say in which line."""
    for amount in ("100", "200", "300"):
        world.deal(ana, amount)
    world.refresh()
    posting = db.session.query(Posting).filter_by(payee_id=ana).one()
    texts = [as_text(line) for line in world.lines(ana)]
    said = {
        "payee_id": ana,
        "number": 1,
        "first_sequence": 1,
        "posted_at": posting.posted_at,
    }
    assert posting_hash("", texts, **said) == posting.hash
    assert first_changed(texts, posting.checks) is None
    texts[2] = texts[2].replace("earned", "floor")
    assert posting_hash("", texts, **said) != posting.hash
    assert first_changed(texts, posting.checks) == 2
    assert first_changed(texts[:2], posting.checks) == 2


def as_text(line):
    columns = NewLines(
        components=[line.component_id],
        activity_ids=[line.activity_id],
        origins=[line.origin_period],
        aspects=[line.aspect],
        amends=[line.amends],
        periods=[line.period],
        days=[line.day.isoformat()],
        amounts=[line.amount],
        terms=[line.terms.hash],
        steps=[line.steps],
    )
    return as_texts(columns)[0]
