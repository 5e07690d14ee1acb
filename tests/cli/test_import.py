"""`flask import opportunities` as somebody types it."""

import json
from pathlib import Path

import pytest

DATA = Path("incentives/demo/data")
HEADER = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"


@pytest.fixture
def run(app, tmp_path):
    """Runs the command on these rows with the demo's teams and products."""

    def run(*rows, options=()):
        path = tmp_path / "pipeline.csv"
        path.write_text("\n".join([HEADER, *rows]))
        return app.test_cli_runner().invoke(
            args=[
                *("import", "opportunities", str(path)),
                *("--teams", str(DATA / "sales_teams.csv")),
                *("--products", str(DATA / "products.csv")),
                *("--format", "json", *options),
            ]
        )

    return run


DEAL = "A1,Reed Clapper,GTXPro,Isdom,Won,2026-11-01,2026-11-11,4514"


def test_json_says_what_was_done_and_the_numbers_are_there(run, world):
    answer = run(DEAL, "A2,Nobody,GTX Pro,,Won,,10/20/2016,5")
    assert answer.exit_code == 0
    report = json.loads(answer.stdout)
    assert [report[n] for n in ("created", "changed", "unchanged", "rejected")] == [1, 0, 0, 1]
    assert report["issues"][0] == {
        "row": 3,
        "field": "sales_agent",
        "code": "unknown_agent",
        "message": "Nobody who can earn is called Nobody. Write the name as the team list does.",
        "value": "Nobody",
    }
    assert report["aliases"][0]["written"] == "GTXPro"
    assert report["teams"]["created"] == 35
    assert world.refresh() == 0


def test_a_dry_run_reports_as_if_teams_and_products_were_there(run, world):
    rehearsed = json.loads(run(DEAL, options=["--dry-run"]).stdout)
    assert rehearsed["created"] == 1
    applied = json.loads(run(DEAL).stdout)
    for report in (rehearsed, applied):
        for part in (report, report["teams"], report["products"]):
            part.pop("dry_run")
    assert rehearsed == applied


def test_an_alias_is_remembered(run, world):
    odd = DEAL.replace("GTXPro", "Big box")
    assert json.loads(run(odd, options=["--alias", "Big box=GTX Pro"]).stdout)["created"] == 1
    assert json.loads(run(odd).stdout)["unchanged"] == 1


def test_a_file_that_cannot_be_read_ends_with_1_and_changes_nothing(app, world, tmp_path):
    path = tmp_path / "pipeline.csv"
    path.write_bytes(b"PK\x03\x04")
    command = ["import", "opportunities", str(path), "--teams", str(DATA / "sales_teams.csv")]
    answer = app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 1
    assert "Save it as CSV" in answer.stderr
    answer = app.test_cli_runner().invoke(args=[*command[:2], str(DATA / "sales_teams.csv")])
    assert answer.exit_code == 1
    assert "Say which column holds" in answer.stderr
