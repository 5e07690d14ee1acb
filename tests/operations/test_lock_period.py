"""Locked pay periods: what was paid stays as it was paid, and what comes later is told apart
(semantics 18 to 20 and 24)."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incentives.core.activity import CASH, Activity
from incentives.core.fiscal_years import FiscalYears
from incentives.errors import Invalid, NotFound, Refused
from incentives.extensions import db
from incentives.operations import lock_period as lock_period_module
from incentives.operations.adjust_pay import adjust_pay
from incentives.operations.change_company import change_company
from incentives.operations.export_payouts import LINES, PAYEES, export_payouts
from incentives.operations.export_statement import statement_file
from incentives.operations.freeze_month import freeze_month
from incentives.operations.lock_period import lock_period
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.read_payouts import read_payouts
from incentives.operations.read_statement import read_statement
from incentives.store import people
from incentives.store.audit import entries_of
from incentives.store.companies import the_company
from incentives.store.locked_statements import locked_statement, statement_hash
from incentives.store.locks import lock_of, locks_of
from tests.operations.test_read_settlement import COMMISSION, document
from tests.world import noon


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


@pytest.fixture
def bo(world):
    return world.payee("Bo Lind")


@pytest.fixture
def fay(world):
    return world.login("Fay Berg", "finance")


def lock(world, key, by=None):
    lock_period(key, by=by, now=world.now)


def month(key):
    return the_company().calendar.period_named(key)


def statement(world, payee_id, key):
    return read_statement(
        people.person(payee_id), month(key), now=world.now, may_see=lambda day: True
    )


def payout(world, payee_id, key):
    """Whole dollars paid in a month."""
    return dict(statement(world, payee_id, key).payable)["USD"] / 100


def files(world, key, fay, *payee_ids):
    """Every file of a month, as bytes."""
    payouts = [
        export_payouts(
            read_payouts(month(key), now=world.now), kind, with_mark=False, by=fay, now=world.now
        ).content
        for kind in (PAYEES, LINES)
    ]
    return [*payouts, *(statement_file(statement(world, each, key)) for each in payee_ids)]


def posted(world, payee_id):
    return [
        (line.period, line.origin_period, line.amount, line.reason)
        for line in world.lines(payee_id, "money")
        if line.amount
    ]


def refusal(refused=Refused):
    return pytest.raises(refused)


# What may be locked, and when


def test_a_lock_names_the_month_and_all_pay_periods_that_end_in_it(world, ana, fay):
    world.plan(document())
    world.deal(ana, "1000", day="2026-09-10")
    world.refresh()
    lock_period("2026-09", by=fay, now=world.now, note="paid on the 3rd")
    # The week of 28 September goes on into October.
    weeks = ["2026-W36", "2026-W37", "2026-W38", "2026-W39"]
    assert sorted(locks_of(db.session())) == ["2026-09", "2026-Q3", *weeks]
    [entry] = entries_of("pay period locked", 5)
    assert (entry.actor_id, entry.subject) == (fay, "2026-09")
    assert entry.after["note"] == "paid on the 3rd"


def test_a_month_is_locked_once_and_in_its_turn(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-08-10")
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    for key, code in (
        ("2026-11", "not_over"),
        ("2026-10", "earlier_open"),
        ("2026-07", "closed_already"),
    ):
        with refusal() as refused:
            lock(world, key)
        assert refused.value.code == code
    for key in ("2026-Q3", "2026-13", "nonsense"):
        with refusal(NotFound):
            lock(world, key)
    # September has no pay of its own, and yet carries August's balances to October.
    for key in ("2026-08", "2026-09", "2026-10"):
        lock(world, key)
        world.refresh()
    with refusal() as refused:
        lock(world, "2026-10")
    assert refused.value.code == "locked_already"
    assert "nothing unlocks it" in refused.value.message


def test_the_month_ends_when_it_ends_where_the_company_is(world, ana):
    change_company(
        name="Acme",
        time_zone="America/Chicago",
        currency="USD",
        years=FiscalYears(),
        by=None,
        now=world.now,
    )
    world.plan(document())
    world.deal(ana, "1000", day="2026-11-10")
    world.refresh()
    # Six hours behind UTC: at 05:59 it is still the last of November.
    with refusal() as refused:
        lock_period("2026-11", by=None, now=datetime(2026, 12, 1, 5, 59, tzinfo=UTC))
    assert refused.value.code == "not_over"
    lock_period("2026-11", by=None, now=datetime(2026, 12, 1, 6, 0, tzinfo=UTC))


def test_nobody_may_be_behind(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    with refusal() as refused:
        lock(world, "2026-10")
    assert refused.value.message == (
        "News is being worked in for Ana Silva. Try again in a moment."
    )


def test_a_quota_that_is_missing_is_named_with_whose_it_is(world, ana):
    world.plan()
    world.deal(ana, "1000", day="2026-10-10")
    for number in range(11):
        other = world.payee(f"Payee {number:02}")
        world.plan(slug="field-sales") if number == 10 else None
        world.deal(other, "1000", day="2026-10-10")
    world.refresh()
    with refusal() as refused:
        lock(world, "2026-10")
    assert refused.value.code == "in_the_way"
    assert "Ana Silva" in refused.value.message
    assert "No quota is set" in refused.value.message
    assert "and 2 more" in refused.value.message


# What a lock keeps


def test_what_comes_after_the_lock_is_posted_in_the_open_month_for_the_locked_one(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    world.deal(ana, "500", day="2026-10-20")
    world.deal(ana, "300", day="2026-03-20")
    world.refresh()
    # 10 % each; March ended before anything was locked, and is closed with October.
    assert posted(world, ana) == [
        ("2026-10", "2026-10", 10000, "earned"),
        ("2026-11", "2026-03", 3000, "late"),
        ("2026-11", "2026-10", 5000, "late"),
    ]
    assert (payout(world, ana, "2026-10"), payout(world, ana, "2026-11")) == (100, 80)


def test_nothing_that_happens_later_changes_a_byte_of_a_locked_month(world, ana, bo, fay):
    world.plan(document(), slug=None)
    world.deal(ana, "1000", day="2026-09-10", external_id="S1")
    world.deal(ana, "1000", day="2026-10-10", external_id="O1")
    world.deal(bo, "2000", day="2026-10-12", external_id="O2")
    world.refresh()
    lock(world, "2026-09")
    world.refresh()
    lock(world, "2026-10")
    world.refresh()
    before = files(world, "2026-10", fay, ana, bo)
    said = statement(world, ana, "2026-10")
    kept = [locked_statement(each, "2026-10").sha256 for each in (ana, bo)]
    # A plan from September on that pays double and a draw, a late deal, a revised one, a reversal,
    # another name, another team.
    publish_plan_version(
        document(
            components=[{**COMMISSION, "rule": {"kind": "flat_rate", "rate": "0.20"}}],
            draw={"kind": "recoverable", "amount": "2000", "from": "2026-09-01"},
        ),
        first_day=date(2020, 1, 1),
        slug="advance",
        by=None,
        now=world.now,
    )
    world.deal(ana, "700", day="2026-10-11")
    world.deal(ana, "900", day="2026-10-10", external_id="O1")
    world.deal(bo, "2000", day="2026-10-12", external_id="O2", reversed=True)
    people.person(ana).name = "Ana Souza"
    db.session.commit()
    world.payee("Cy Moss")
    world.refresh()
    db.session.expire_all()
    assert files(world, "2026-10", fay, ana, bo) == before
    assert statement(world, ana, "2026-10") == said
    assert [locked_statement(each, "2026-10").sha256 for each in (ana, bo)] == kept
    # 20 % of 1,000 + 900 + 700 are 520, of which 200 were paid in September and October.
    assert sum(amount for *_, amount, _ in posted(world, ana)) == 52000
    assert statement(world, ana, "2026-11").settled[0].settlement.earned == 32000
    # November's draw fills up to 2,000: those of September and October are not paid any more.
    assert payout(world, ana, "2026-11") == 2000


def test_a_frozen_statement_is_found_by_its_hash(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    kept = locked_statement(ana, "2026-10")
    said = f"{kept.payout}\n{kept.statement}".encode()
    assert kept.sha256 == hashlib.sha256(said).hexdigest()
    assert kept.sha256 == statement_hash(kept.payout, kept.statement)


def test_balances_go_on_from_what_was_frozen(world, ana):
    # September: 1,500 earned and a draw of 500. It is owed, whatever becomes of September.
    world.plan(document(draw={"kind": "recoverable", "amount": "2000", "from": "2026-09-01"}))
    world.deal(ana, "15000", day="2026-09-10", external_id="S1")
    world.deal(ana, "25000", day="2026-10-10", external_id="O1")
    world.refresh()
    lock(world, "2026-09")
    world.refresh()
    # 3,000 more for September: they are earned in October, with 2,500 there. 500 are recovered.
    world.deal(ana, "30000", day="2026-09-11")
    world.refresh()
    [settled] = [each.settlement for each in statement(world, ana, "2026-10").settled]
    assert (settled.earned, settled.owed.opening, settled.recovered) == (550000, 50000, 50000)
    assert payout(world, ana, "2026-09") == 2000
    assert payout(world, ana, "2026-10") == 5000


def test_a_holdback_is_released_as_it_was_held(world, ana):
    # 20 % of September's 1,000 are released two months later, though the plan now holds nothing.
    world.plan(document(holdback={"percent": "20", "released": {"after": 2}}))
    world.deal(ana, "10000", day="2026-09-10")
    world.refresh()
    lock(world, "2026-09")
    publish_plan_version(
        document(), first_day=date(2020, 1, 1), slug="advance", by=None, now=world.now
    )
    world.refresh()
    assert [payout(world, ana, key) for key in ("2026-09", "2026-10", "2026-11")] == [800, 0, 200]


def test_cash_that_is_learnt_of_after_the_lock_is_released_in_the_open_month(world, ana):
    # Half of 1,000 waits for cash. 5,000 of 10,000 came in October, and were told in November.
    world.plan(document(holdback={"percent": "50", "released": {"with": "cash"}}))
    world.deal(ana, "10000", day="2026-10-10", external_id="O1")
    world.refresh()
    lock(world, "2026-10")
    world.now += timedelta(hours=1)
    world.record(
        Activity(
            source="crm",
            external_id="C1",
            kind=CASH,
            shares=(),
            occurred_at=noon("2026-10-20"),
            amount=Decimal(5000),
            currency="USD",
            attributes={"deal": "O1"},
        )
    )
    world.refresh()
    assert (payout(world, ana, "2026-10"), payout(world, ana, "2026-11")) == (500, 250)


def test_a_deal_cancelled_after_the_lock_is_taken_back_as_the_plan_says(world, ana):
    world.plan(document(claw_back={"policy": "at_rate_paid"}))
    world.deal(ana, "1000", day="2026-10-10", external_id="O1")
    world.refresh()
    lock(world, "2026-10")
    world.now += timedelta(hours=1)
    world.deal(ana, "1000", day="2026-10-10", external_id="O1", reversed=True)
    world.refresh()
    assert posted(world, ana) == [
        ("2026-10", "2026-10", 10000, "earned"),
        ("2026-11", "2026-11", -10000, "taken_back"),
    ]
    assert b",taken_back," in statement_file(statement(world, ana, "2026-11"))
    # Nothing is paid, and 100 are carried.
    settled = statement(world, ana, "2026-11").settled[0].settlement
    assert (settled.payout, settled.carried.closing) == (0, -10000)


def test_a_correction_of_a_locked_month_says_what_it_was_and_why(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10", external_id="O1")
    world.refresh()
    lock(world, "2026-10")
    world.deal(ana, "1500", day="2026-10-10", external_id="O1")
    world.refresh()
    [found] = statement(world, ana, "2026-11").corrections
    assert (found.before_minor, found.after_minor, found.origin) == (10000, 15000, "2026-10")
    assert "1000" in found.because.replace(",", "")
    assert "1500" in found.because.replace(",", "")


def test_who_becomes_a_payee_later_has_an_empty_locked_month(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    late = world.payee("Cy Moss")
    world.refresh()
    assert payout(world, late, "2026-10") == 0
    assert {row.payee.name for row in read_payouts(month("2026-10"), now=world.now).rows} == {
        "Ana Silva"
    }


def test_a_payout_of_a_locked_month_agrees_with_its_lines(world, ana, bo):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.deal(bo, "3000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    found = read_payouts(month("2026-10"), now=world.now)
    assert found.lock is not None
    assert [(row.payee.name, row.total_minor) for row in found.rows] == [
        ("Ana Silva", 10000),
        ("Bo Lind", 30000),
    ]
    [control] = found.controls
    assert control.agrees
    assert control.paid_minor == 40000


# What the database and the settings refuse


@pytest.mark.parametrize(
    "statement_",
    [
        "UPDATE period_lock SET note = 'x'",
        "DELETE FROM period_lock",
        "UPDATE locked_statement SET sha256 = 'x'",
        "DELETE FROM locked_statement",
        "INSERT INTO posted_line SELECT payee_id, component_id, activity_id, 'x', aspect, amends, "
        "99, period, day, amount, terms_id, steps FROM posted_line WHERE period = '2026-10'",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_locked(world, ana, statement_):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    with pytest.raises(DBAPIError, match="closed to everyone"):
        db.session.execute(text(statement_))
    db.session.rollback()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"years": FiscalYears(weeks_pattern="4-4-5")}, "weeks_pattern"),
        ({"years": FiscalYears(start_month=4)}, "fiscal_start_month"),
        ({"time_zone": "America/Chicago"}, "time_zone"),
    ],
)
def test_settings_that_would_move_a_locked_period_stay(world, ana, changed, field):
    world.plan(document())
    world.deal(ana, "1000", day="2026-09-10")
    world.refresh()
    lock(world, "2026-09")
    said = {"name": "Acme", "time_zone": "UTC", "currency": "USD", "years": FiscalYears()}
    with refusal(Invalid) as refused:
        change_company(**{**said, **changed}, by=None, now=world.now)
    assert list(refused.value.fields) == [field]
    change_company(**{**said, "name": "Acme and sons"}, by=None, now=world.now)


def test_a_plan_keeps_its_pay_period_once_pay_is_locked(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    with refusal() as refused:
        publish_plan_version(
            document(pays="quarter"),
            first_day=date(2026, 11, 1),
            slug="advance",
            by=None,
            now=world.now,
        )
    assert refused.value.code == "pay_period_changed"


def test_an_adjustment_is_refused_in_a_locked_month(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    with refusal() as refused:
        adjust_pay(ana, period="2026-10", amount=Decimal(5), reason="Late", by=None, now=world.now)
    assert refused.value.code == "locked"
    assert "Post it in 2026-11" in refused.value.message


# Several at once


def at_once(app, *verbs):
    """Do all of them at the same moment, each in a thread and a session of its own. Returns what
    each of them answered or raised."""
    gate = threading.Barrier(len(verbs))

    def run(verb):
        with app.app_context():
            gate.wait()
            try:
                return verb()
            except Refused as refused:
                return refused.code
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(verbs)) as threads:
        return [each.result() for each in [threads.submit(run, verb) for verb in verbs]]


def test_of_several_locks_one_is_kept(app, world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    answers = at_once(app, *[lambda: lock(world, "2026-10")] * 5)
    assert sorted(answers, key=str) == [None, *["locked_already"] * 4]


def test_whatever_is_posted_while_a_month_is_locked_is_in_its_statement_or_in_the_next(
    app, world, ana
):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()

    def adjust():
        return adjust_pay(
            ana, period="2026-10", amount=Decimal(1), reason="Agreed", by=None, now=world.now
        )

    def late():
        world.deal(ana, "10", day="2026-10-12")
        world.refresh()

    answers = at_once(app, *[adjust] * 4, lambda: lock(world, "2026-10"), late)
    world.refresh()
    if lock_of("2026-10") is None:
        # The late deal was being worked in.
        assert "in_the_way" in answers
        lock(world, "2026-10")
        world.refresh()
    kept = statement(world, ana, "2026-10").settled[0].settlement.earned
    assert kept == sum(line.amount for line in world.lines(ana) if line.period == "2026-10")
    assert sum(line.amount for line in world.lines(ana)) == 10000 + 100 + 100 * sum(
        isinstance(answer, int) for answer in answers
    )


def test_what_happens_while_statements_are_made_is_in_them(world, ana, bo, monkeypatch):
    world.plan(document())
    for payee in (ana, bo):
        world.deal(payee, "1000", day="2026-10-10")
    world.refresh()
    made = []

    def make(month, *, now, payee_ids=None):
        made.append(payee_ids)
        found = freeze_month(month, now=now, payee_ids=payee_ids)
        if payee_ids is None:
            world.deal(ana, "500", day="2026-10-12")
            world.refresh()
        return found

    monkeypatch.setattr(lock_period_module, "freeze_month", make)
    lock(world, "2026-10")
    world.refresh()
    # Only Ana's statement is made again.
    assert made == [None, [ana]]
    assert [payout(world, each, "2026-10") for each in (ana, bo)] == [150, 100]
