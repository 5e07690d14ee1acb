"""Imports of the CRM export and of small files: first, second, changed, rehearsed, interrupted."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from incentives import create_app
from incentives.core.boards.privacy import Viewer
from incentives.errors import Invalid
from incentives.extensions import db
from incentives.operations import import_progress
from incentives.operations.import_file import readable_table
from incentives.operations.import_opportunities import Newcomers, import_opportunities
from incentives.operations.import_products import add_product_aliases, import_products
from incentives.operations.import_progress import SoFar
from incentives.operations.import_report import as_document, from_document
from incentives.operations.import_teams import import_teams
from incentives.operations.read_board import read_board
from incentives.store import products, teams
from incentives.store.activities import StoredActivity, count_activities
from incentives.store.companies import the_company
from incentives.store.transaction import writing
from tests.conftest import NOW, config_for
from tests.world import World

REP = Viewer("rep")

DATA = Path("incentives/demo/data")
HEADER = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
DEAL = "A1,Ana Silva,GTX Pro,Isdom,Won,2026-11-01,2026-11-11,4514"


def table(*rows):
    return readable_table("\n".join([HEADER, *rows]).encode())


def bring(world, *rows, **options):
    return import_opportunities(table(*rows), by=None, clock=lambda: world.now, **options)


def counts(report):
    return report.created, report.changed, report.unchanged, report.rejected


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


def test_a_first_import_creates_and_a_second_changes_nothing(world, ana):
    rows = [DEAL, DEAL.replace("A1", "A2").replace("Won", "Lost").replace("4514", "0")]
    assert counts(bring(world, *rows)) == (2, 0, 0, 0)
    assert counts(bring(world, *rows)) == (0, 0, 2, 0)


def test_a_changed_row_is_a_revision_and_a_missing_one_changes_nothing(world, ana):
    bring(world, DEAL, DEAL.replace("A1", "A2"))
    assert counts(bring(world, DEAL.replace("4514", "5000"))) == (0, 1, 0, 0)
    assert count_activities() == 2
    stored = db.session.query(StoredActivity).filter_by(external_id="A1").one()
    assert (stored.amount, stored.revision) == (Decimal(5000), 2)


def test_an_open_deal_that_is_won_is_the_same_deal(world, ana):
    bring(world, "A1,Ana Silva,GTX Pro,Isdom,Engaging,2026-11-01,,")
    assert counts(bring(world, DEAL)) == (0, 1, 0, 0)
    assert count_activities() == 1


def test_bad_rows_are_reported_and_the_good_ones_go_in(world, ana):
    report = bring(world, DEAL, "A2,Nobody,GTX Pro,,Won,,2016-13-40,-1", DEAL)
    assert counts(report) == (1, 0, 1, 1)
    assert {(issue.row, issue.field) for issue in report.issues} == {
        (3, "sales_agent"),
        (3, "close_date"),
        (3, "close_value"),
    }
    assert (report.won, report.total_won) == (1, Decimal(4514))


def test_a_dry_run_says_what_is_then_done_and_stores_nothing(world, ana):
    bring(world, DEAL)
    rows = [DEAL.replace("4514", "1"), DEAL.replace("A1", "A2"), "A3,Nobody,,,Won,,,"]
    rehearsed = bring(world, *rows, dry_run=True)
    assert count_activities() == 1
    applied = bring(world, *rows)
    assert as_document(applied) == {**as_document(rehearsed), "dry_run": False}
    assert counts(applied) == (1, 1, 0, 1)


def test_a_dry_run_knows_the_agents_and_products_that_come_with_it(world):
    newcomers = Newcomers(frozenset({"ana silva"}), frozenset({"GTX Pro"}))
    report = bring(world, DEAL, dry_run=True, newcomers=newcomers)
    assert counts(report) == (1, 0, 0, 0)


def test_chunks_answer_as_one(world, ana, monkeypatch):
    monkeypatch.setattr(import_progress, "CHUNK", 2)
    seen = []
    rows = [DEAL.replace("A1", f"A{n}") for n in range(5)]
    report = bring(world, *rows, progress=lambda so_far, total: seen.append((so_far.done, total)))
    assert counts(report) == (5, 0, 0, 0)
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_an_interrupted_import_goes_on_where_it_was(world, ana):
    rows = [DEAL.replace("A1", f"A{n}") for n in range(4)]
    bring(world, *rows[:2])
    report = bring(world, *rows, resume=SoFar(done=2, created=2))
    assert counts(report) == (4, 0, 0, 0)
    assert count_activities() == 4


def test_an_unknown_product_goes_in_by_its_alias(world, ana):
    catalogue = readable_table(b"product,series,sales_price\nGTX Pro,GTX,4821\n")
    import_products(catalogue, by=None, now=world.now)
    odd = DEAL.replace("GTX Pro", "Big box")
    assert counts(bring(world, odd)) == (0, 0, 0, 1)
    assert counts(bring(world, odd, aliases={"Big box": "GTX Pro"})) == (1, 0, 0, 0)
    add_product_aliases({"Big box": "GTX Pro"}, by=None, now=world.now)
    assert products.product_aliases() == {"Big box": "GTX Pro"}
    with pytest.raises(Invalid, match="not in the catalogue"):
        add_product_aliases({"Big box": "GTX Ultra"}, by=None, now=world.now)


def test_a_report_survives_being_stored(world, ana):
    report = bring(world, DEAL, "A2,Nobody,GTX Pro,,Won,,,1")
    assert from_document(json.loads(json.dumps(as_document(report)))) == report


def test_a_file_without_a_needed_column_is_refused(world):
    with pytest.raises(Invalid, match="which column holds the stage"):
        import_opportunities(
            readable_table(b"opportunity_id,sales_agent,close_date,close_value\n1,2,3,4"),
            by=None,
            clock=lambda: world.now,
        )


def test_teams_come_in_once_and_a_move_begins_on_the_day_of_the_import(world):
    first = readable_table(b"sales_agent,manager,regional_office\nAna,Mia,East\nBo,Mia,East\n")
    assert counts(import_teams(first, by=None, now=world.now)) == (2, 0, 0, 0)
    assert counts(import_teams(first, by=None, now=world.now)) == (0, 0, 2, 0)
    moved = readable_table(b"sales_agent,manager,regional_office\nAna,Leo,West\n")
    assert counts(import_teams(moved, by=None, now=world.now, dry_run=True)) == (0, 1, 0, 0)
    assert counts(import_teams(moved, by=None, now=world.now)) == (0, 1, 0, 0)
    today = the_company().calendar.day_of(world.now)
    ana = next(p for p in teams.team_members([teams.team_by_code("leo").id], today))
    before = teams.membership_on(ana.id, today - timedelta(days=1))
    after = teams.membership_on(ana.id, today)
    assert (before.team.name, after.team.name) == ("Mia", "Leo")
    assert (before.team.parent.colour, after.team.parent.colour) == (1, 2)


def test_a_second_team_for_one_agent_is_an_issue(world):
    twice = readable_table(b"sales_agent,manager,regional_office\nAna,Mia,East\nAna,Leo,West\n")
    report = import_teams(twice, by=None, now=world.now)
    assert counts(report) == (1, 0, 0, 1)
    assert report.issues[0].code == "two_teams"


def import_export(world):
    """The whole export, in the zone of the company it tells of."""
    with writing():
        the_company().time_zone = "America/Chicago"
    sheets = {name: readable_table((DATA / f"{name}.csv").read_bytes()) for name in FILES}
    import_teams(sheets["sales_teams"], by=None, now=world.now)
    import_products(sheets["products"], by=None, now=world.now)
    report = import_opportunities(sheets["sales_pipeline"], by=None, clock=lambda: world.now)
    world.refresh()
    return report


FILES = ("sales_teams", "products", "sales_pipeline")


def board(slug, period):
    reading = read_board(slug, viewer=REP, period=period, now=NOW)
    return [(row.entrant.name, row.standing.place, row.standing.score) for row in reading.rows]


@pytest.mark.slow
def test_the_whole_export_makes_the_boards_of_2017(world):
    report = import_export(world)
    assert counts(report) == (8800, 0, 0, 0)
    assert (report.won, report.total_won) == (4238, Decimal(10005534))
    revenue = board("revenue", "2017")
    assert revenue[0] == ("Darcel Schlecht", 1, Decimal(1153214))
    assert sum(score for _, _, score in revenue) == 10005534
    assert len(revenue) == 35
    assert {name for name, _, score in revenue if score == 0} == {
        "Mei-Mei Johns",
        "Elizabeth Anderson",
        "Natalya Ivanova",
        "Carol Thompson",
        "Carl Lin",
    }
    quarters = [sum(s for _, _, s in board("revenue", f"2017-Q{n}")) for n in (1, 2, 3, 4)]
    assert quarters == [1134672, 3086111, 2982255, 2802496]
    # Three pairs of agents won equally many deals: each pair shares a place.
    deals = board("deals", "2017")
    for won in (135, 122, 107):
        places = [place for _, place, score in deals if score == won]
        assert len(places) == 2
        assert len(set(places)) == 1


@pytest.mark.slow
@pytest.mark.postgres
def test_both_databases_give_the_same_bytes(sqlite_database, postgres_database, tmp_path):
    said = []
    for number, url in enumerate((sqlite_database, postgres_database)):
        app = create_app(config_for(tmp_path / str(number), url))
        with app.app_context():
            report = import_export(World(app, NOW))
            boards = [board(slug, "2017") for slug in ("revenue", "points", "deals", "win-rate")]
            said.append(json.dumps([as_document(report), boards], default=str).encode())
            db.session.remove()
            db.engine.dispose()
    assert said[0] == said[1]
