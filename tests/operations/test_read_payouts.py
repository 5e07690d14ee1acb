"""A month's pay: lines, statements and teams add up to one and the same sum."""

import csv
import hashlib
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest

from incentives.operations.change_contests import create_contest
from incentives.operations.change_people import retire_person
from incentives.operations.contest_rules import ContestRules
from incentives.operations.export_payouts import EXPORTED, LINES, PAYEES, export_payouts
from incentives.operations.read_payouts import read_payouts
from incentives.operations.settle_contests import settle_contests
from incentives.store import markers, parking, people
from incentives.store.audit import entries_of
from incentives.store.companies import the_company
from incentives.store.transaction import writing


@pytest.fixture
def team(world):
    """Ana and Bo in the East, Cy in the West; Bo has no quota."""
    ids = {
        "Ana": world.payee("Ana Silva"),
        "Bo": world.payee("Bo Lind"),
        "Cy": world.payee("Cy Young", team="West"),
    }
    world.plan()
    world.quota(ids["Ana"], "1000")
    world.quota(ids["Cy"], "1000")
    world.deal(ids["Ana"], "333.33", day="2026-10-10")
    world.deal(ids["Ana"], "600.01")
    world.deal(ids["Bo"], "50")
    world.deal(ids["Cy"], "99.99")
    world.refresh()
    return ids


def november(world, **asked):
    month = the_company().calendar.period_named("2026-11")
    return read_payouts(month, now=world.now, **asked)


def row_of(payouts, payee_id):
    return next(row for row in payouts.rows if row.payee.id == payee_id)


def test_lines_statements_and_teams_agree(world, team):
    (control,) = november(world).controls
    # Ana stood at 333.33: 166.67 at 4 %, 250 at 5 %, 183.34 at 6 % = 6.6668 + 12.50 + 11.0004
    # is 30.17; Cy 99.99 at 4 % is 4.00
    assert control.lines == 2
    assert control.lines_minor == control.statements_minor == control.teams_minor == 3017 + 400
    assert control.agrees


def test_teams_are_sums_of_their_people(world, team):
    assert [(row.team, row.payees, row.total_minor) for row in november(world).by_team] == [
        ("East", 2, 3017),
        ("West", 1, 400),
    ]


def test_the_change_is_against_the_month_before(world, team):
    row = row_of(november(world), team["Ana"])
    assert row.before_minor == 1333  # 333.33 at 4 %
    assert row.change_minor == 3017 - 1333


def test_an_issue_needs_a_look_and_zero_stands_in_the_table(world, team):
    row = row_of(november(world), team["Bo"])
    assert row.total_minor == 0
    assert row.notes == ("No quota is set for 2026-Q4, so nothing is paid yet.",)
    assert not row_of(november(world), team["Ana"]).needs_a_look


def test_a_parked_payee_needs_a_look(world, team):
    with writing() as session:
        markers.mark_stale(session, [team["Cy"]], world.now)
        parking.park(session, [team["Cy"]], "A secret detail", world.now, holds_up=False)
    row = row_of(november(world), team["Cy"])
    assert row.is_parked
    assert "secret" not in " ".join(row.notes)
    assert november(world).behind == 1


def test_prizes_stand_apart_from_commission(world, team):
    rules = ContestRules(
        name="Sprint",
        kpi="revenue",
        starts_at=world.now - timedelta(days=15),
        ends_at=world.now - timedelta(days=1),
        prizes={1: 50_000},
    )
    create_contest(rules, by=None, now=world.now - timedelta(days=16))
    settle_contests(now=world.now)
    payouts = november(world)
    row = row_of(payouts, team["Ana"])
    assert (row.commission_minor, row.prizes_minor, row.total_minor) == (3017, 50_000, 53_017)
    assert payouts.controls[0].agrees


def test_for_some_payees_only_they_are_read(world, team):
    payouts = november(world, payee_ids=[team["Ana"]], before_ids=[])
    assert [row.payee.id for row in payouts.rows] == [team["Ana"]]
    assert payouts.rows[0].before_minor is None
    assert payouts.before_minor("USD") is None
    assert payouts.controls == ()


def test_who_left_long_ago_is_not_in_the_month(world, team):
    with writing() as session:
        bo = session.get(people.Person, team["Bo"])
        retire_person(session, bo, on=date(2026, 9, 1), by=None, now=world.now)
    assert team["Bo"] not in {row.payee.id for row in november(world).rows}


@pytest.fixture
def dana(world):
    return world.login("Dana Ortiz", "finance")


def exported(world, kind, by, *, with_mark=False):
    return export_payouts(november(world), kind, with_mark=with_mark, by=by, now=world.now)


def read_csv(export):
    return list(csv.DictReader(io.StringIO(export.content.decode())))


@pytest.mark.parametrize(("kind", "column"), [(PAYEES, "payout"), (LINES, "amount")])
def test_a_file_adds_up_to_the_control_total_in_its_name(world, team, dana, kind, column):
    export = exported(world, kind, dana)
    assert sum(Decimal(row[column]) for row in read_csv(export)) == Decimal("34.17")
    assert export.name == f"payouts-2026-11-{kind}-34.17-USD.csv"


def test_the_same_ledger_gives_the_same_bytes(world, team, dana):
    once, again = exported(world, LINES, dana), exported(world, LINES, dana)
    assert once.content == again.content


def test_a_file_may_begin_with_the_mark_that_spreadsheets_need(world, team, dana):
    plain = exported(world, PAYEES, dana)
    marked = exported(world, PAYEES, dana, with_mark=True)
    assert marked.content == b"\xef\xbb\xbf" + plain.content


def test_each_export_is_in_the_audit_log_with_its_sum_and_hash(world, team, dana):
    export = exported(world, PAYEES, dana)
    (entry,) = entries_of(EXPORTED, 5)
    assert entry.after == {
        "file": export.name,
        "rows": 3,
        "control_total": {"USD": "34.17"},
        "sha256": hashlib.sha256(export.content).hexdigest(),
    }
    assert entry.actor.name == "Dana Ortiz"


def test_a_name_that_looks_like_a_formula_stays_text(world, dana):
    world.payee("=HYPERLINK(1)")
    world.plan()
    world.refresh()
    (row,) = read_csv(exported(world, PAYEES, dana))
    assert row["name"] == "'=HYPERLINK(1)"
