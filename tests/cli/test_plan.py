"""`flask plan` on files: what it says, and how it ends."""

import json

import pytest
from click.testing import CliRunner

from incentives import create_app
from incentives.cli.plan import command
from tests.conftest import config_for

PLAN = """
schema: 1
name: Inside Sales
currency: USD
components:
  - key: commission
    name: Commission
    yields: money
    measure: revenue
    accumulates: quarter
    rule:
      kind: retroactive_rate
      tiers_by: attainment
      tiers:
        - {up_to: "1.00", rate: "0.05"}
        - {rate: "0.06"}
"""
FALLING = PLAN.replace("0.06", "0.04")


@pytest.fixture
def run(tmp_path):
    def run(name, text, *more):
        file = tmp_path / "plan.yaml"
        file.write_text(text)
        return CliRunner().invoke(command, [name, str(file), *more])

    return run


def test_a_good_plan_passes(run):
    answer = run("lint", PLAN)
    assert answer.exit_code == 0
    assert answer.stdout == "plan.yaml: Inside Sales can be published as it is.\n"


def test_each_refusal_names_its_place_and_the_nearest_word(run):
    answer = run("lint", PLAN.replace("up_to", "upto").replace("revenue", "revenu"))
    assert answer.exit_code == 1
    assert "plan.yaml components[0].measure: Write one of revenue, " in answer.stderr
    assert "Did you mean revenue?" in answer.stderr
    assert (
        "plan.yaml components[0].rule.tiers[0].upto: Unknown field upto. Did you mean up_to?"
        in answer.stderr
    )


@pytest.mark.parametrize(("more", "ends_with"), [((), 0), (("--strict",), 1)])
def test_a_warning_fails_only_where_that_is_asked_for(run, more, ends_with):
    answer = run("lint", FALLING, *more)
    assert answer.exit_code == ends_with
    assert answer.stderr == (
        "plan.yaml components[0].rule: (warning) "
        "Commission: pay falls as sales rise, at 100 % of quota.\n"
    )


def test_what_is_no_document_at_all_is_refused_in_a_sentence(run):
    answer = run("lint", "rate: 0.5")
    assert answer.exit_code == 1
    assert "Put quotes around 0.5 in line 1" in answer.stderr


def test_a_plan_in_plain_words_with_its_hash(run):
    *told, hashed = run("describe", PLAN).stdout.splitlines()
    assert told[0] == "Inside Sales pays in USD, each month."
    assert told[1].startswith("Commission: for revenue, added up over each quarter, you earn 5 %")
    assert len(hashed.removeprefix("Hash of document and text: ")) == 64


def test_the_schema_is_json():
    answer = CliRunner().invoke(command, ["schema"])
    assert json.loads(answer.stdout)["title"] == "Incentives plan"


def test_it_is_found_among_the_commands_and_needs_no_tables(tmp_path):
    app = create_app(config_for(tmp_path, f"sqlite:///{tmp_path / 'new.db'}"))
    assert app.test_cli_runner().invoke(args=["plan", "schema"]).exit_code == 0
