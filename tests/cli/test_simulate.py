"""`flask simulate` as somebody types it: files in, numbers out, bad rows named."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from incentives import create_app
from incentives.cli.simulate import command
from tests.conftest import config_for

# 5 % up to quota, 10 % above, over the quarter; a draw of 2,000 a month that is recovered.
PLAN = """
schema: 1
name: Field
currency: USD
draw: {kind: recoverable, amount: "2000"}
claw_back: {policy: at_rate_paid}
components:
  - key: commission
    name: Commission
    yields: money
    measure: revenue
    accumulates: quarter
    quota_span: whole
    rule:
      kind: marginal_rate
      tiers_by: attainment
      tiers: [{up_to: "1", rate: "0.05"}, {rate: "0.10"}]
"""
ACTIVITIES = """external_id,payee,amount,occurred_at,received_at
D1,ana,50000,2026-01-05,
D2,ana,30000,2026-02-10,
D3,ana,10000,2026-01-20,2026-02-15
"""
QUOTAS = "payee,period,amount\nana,2026-Q1,60000\n"


@pytest.fixture
def run(tmp_path):
    """Runs the command on these files, by their names as options."""

    def run(*options, plan=PLAN, activities=ACTIVITIES, quotas=QUOTAS, **others):
        (tmp_path / "plan.yaml").write_text(plan)
        files = {"activities": activities, "quotas": quotas, **others}
        arguments = [str(tmp_path / "plan.yaml")]
        for name, text in files.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text)
            arguments += [f"--{name}", str(path)]
        return CliRunner().invoke(command, [*arguments, *options])

    return run


def as_json(answer):
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def earned(payee):
    return {row["period"]: (row["amount"], row.get("attainment")) for row in payee["earned"]}


def test_json_says_earnings_attainment_draw_balance_and_payout(run):
    (ana,) = as_json(run("--format", "json"))["payees"]
    # January: 60,000 at 5 %. February: 30,000 above quota at 10 %.
    assert earned(ana) == {"2026-01": ("3000.00", "1"), "2026-02": ("3000.00", "1.5")}
    assert [
        (row["period"], row["earned"], row["draw"], row["owed"], row["payout"])
        for row in ana["settlements"]
    ] == [
        ("2026-01", "3000.00", "0.00", "0.00", "3000.00"),
        ("2026-02", "3000.00", "0.00", "0.00", "3000.00"),
    ]
    assert "lines" not in ana


def test_a_locked_month_keeps_what_was_known_and_the_difference_comes_later(run):
    (ana,) = as_json(run("--locked", "2026-01", "--explain", "--format", "json"))["payees"]
    # In January 50,000 at 5 % = 2,500.00 was known. D3 came late: 10,000 at 5 % = 500.00.
    assert earned(ana) == {"2026-01": ("2500.00", "1"), "2026-02": ("3500.00", "1.5")}
    late = next(line for line in ana["lines"] if line["reason"] == "late")
    assert (late["activity"], late["origin"], late["period"], late["amount"]) == (
        *("D3", "2026-01", "2026-02", "500.00"),
    )
    assert late["working"]["slices"][0]["base"] == "10000"


def test_a_period_may_be_locked_at_a_moment(run):
    (ana,) = as_json(run("--locked", "2026-01@2026-02-20", "--format", "json"))["payees"]
    assert earned(ana)["2026-01"] == ("3000.00", "1")


def test_as_of_leaves_out_what_came_in_later(run):
    (ana,) = as_json(run("--as-of", "2026-02-01", "--format", "json"))["payees"]
    assert earned(ana) == {"2026-01": ("2500.00", "0.833333")}


def test_only_the_pay_periods_asked_for_are_shown(run):
    (ana,) = as_json(run("--from", "2026-02", "--to", "2026-03-31", "--format", "json"))["payees"]
    assert list(earned(ana)) == ["2026-02", "2026-03"]
    assert [row["period"] for row in ana["settlements"]] == ["2026-02", "2026-03"]
    assert [row["draw"] for row in ana["settlements"]] == ["0.00", "2000.00"]


CAPPED = """
schema: 1
name: Capped
currency: USD
components:
  - key: commission
    name: Commission
    yields: money
    measure: revenue
    rule: {kind: flat_rate, rate: "0.10"}
    cap: {amount: "1000"}
    floor: {amount: "300"}
  - key: score
    name: Score
    yields: money
    measure: revenue
    accumulates: month
    rule:
      kind: scorecard
      target: "100"
      items:
        - {name: Sales, weight: "60", measure: revenue, maximum: "1"}
        - {name: Conduct, weight: "40", rating: Conduct, rated_by: mo}
"""


def test_a_working_says_amounts_as_lines_do_and_names_what_is_not_rated(run):
    # 10 % of 15,000 is 1,500.00, capped to 1,000.00. 10 % of 500 is 50.00, of a floor of 300.
    activities = (
        "external_id,payee,amount,occurred_at\nD1,ana,15000,2026-01-05\nD2,ana,500,2026-02-05\n"
    )
    quotas = "payee,period,amount\nana,2026-01,10000\nana,2026-02,10000\n"
    answer = run("--explain", plan=CAPPED, activities=activities, quotas=quotas)
    assert "15000 × 0.10; before cap 1500.00" in answer.stdout
    assert "floor 300; earned 50.00" in answer.stdout
    assert "missing Conduct" in answer.stdout


def test_the_table_leaves_out_what_nobody_has(run):
    table = run().stdout
    assert table == (
        "Payee  Period   Component        Earned  Attainment\n"
        "ana    2026-01  commission  3000.00 USD       100 %\n"
        "ana    2026-02  commission  3000.00 USD       150 %\n"
        "\n"
        "Payee  Period    Earned   Payout\n"
        "ana    2026-01  3000.00  3000.00\n"
        "ana    2026-02  3000.00  3000.00\n"
    )


def test_the_table_explains_every_line_when_asked(run):
    table = run("--explain").stdout
    assert "3000.00 USD  30000 × 0.10; quota 60000" in table


def test_csv_has_a_row_for_each_number(run):
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv", "--explain").stdout)))
    paid = [row["amount"] for row in rows if row["kind"] == "payout"]
    assert paid == ["3000.00", "3000.00"]
    lines = [row for row in rows if row["kind"] == "line"]
    assert [row["activity"] for row in lines] == ["D1", "D3", "D2"]
    assert json.loads(lines[0]["working"])["quota"] == "60000"


def test_bad_rows_are_all_named_and_the_others_are_calculated(run):
    answer = run(
        "--format",
        "json",
        activities=ACTIVITIES + "D4,ana,much,2026-02-11,\nD5,ana,1,11.2.2026,\n",
        quotas=QUOTAS + "ana,2026-Q7,5\n",
    )
    assert answer.exit_code == 1
    assert [line.partition(":")[0] for line in answer.stderr.splitlines()] == [
        "activities.csv, row 5, amount",
        "activities.csv, row 6, occurred_at",
        "quotas.csv, row 3, period",
    ]
    (ana,) = json.loads(answer.stdout)["payees"]
    assert earned(ana)["2026-02"] == ("3000.00", "1.5")


def test_what_is_missing_is_said_and_is_no_mistake_in_the_files(run):
    answer = run(quotas="payee,period,amount\n")
    assert answer.exit_code == 0
    assert "No quota is set for 2026-Q1" in answer.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--locked", "2026-Q1"], "2026-Q1 is no pay period: this plan pays by the month."),
        (["--locked", "2026-01@soon"], "soon is not a date as we read it."),
        (["--locked", "2026-03", "--as-of", "2026-02-01"], "2026-03 is locked later than --as-of."),
        (["--as-of", "1.2.2026"], "1.2.2026 is not a date as we read it."),
        (["--from", "January"], "January is no period."),
        (["--time-zone", "Mars"], "There is no time zone Mars."),
    ],
)
def test_an_option_that_says_nothing_clear_is_refused(run, options, sentence):
    answer = run(*options)
    assert answer.exit_code == 2
    assert sentence in " ".join(answer.stderr.split())


def test_a_plan_that_is_none_names_each_part(run):
    answer = run(plan=PLAN.replace("revenue", "profit"))
    assert answer.exit_code == 1
    assert "plan.yaml is no plan yet." in answer.stderr
    assert "components[0].measure:" in answer.stderr


def test_files_without_any_date_need_a_period(run):
    answer = run(activities="payee,amount,occurred_at\n")
    assert answer.exit_code == 2
    assert "Say up to which period" in answer.stderr
    assert run("--to", "2026-01", activities="payee,amount,occurred_at\n").exit_code == 0


def test_no_database_is_needed(run, tmp_path):
    run()
    app = create_app(config_for(tmp_path, f"sqlite:///{tmp_path / 'new.db'}"))
    answer = app.test_cli_runner().invoke(
        args=[
            *("simulate", str(tmp_path / "plan.yaml")),
            *("--activities", str(tmp_path / "activities.csv")),
        ]
    )
    assert answer.exit_code == 0


WEEKLY = """
schema: 1
name: Weekly
currency: USD
pays: week
components:
  - key: commission
    name: Commission
    yields: money
    measure: revenue
    accumulates: month
    rule:
      kind: retroactive_rate
      tiers_by: attainment
      tiers: [{up_to: "1", rate: "0.05"}, {rate: "0.10"}]
"""


def test_a_week_in_two_months_is_explained_by_the_quota_of_each(run):
    # Ana: 1,000 of 1,000 at 10 % and 500 of 2,000 at 5 %. Bo came on 1 February: 900 of 2,000.
    activities = (
        "external_id,payee,amount,occurred_at\n"
        "D1,ana,1000,2026-01-30\nD2,ana,500,2026-02-01\nD3,bo,900,2026-02-01\n"
    )
    goals = ((who, *goal) for who in ("ana", "bo") for goal in (("01", 1000), ("02", 2000)))
    quotas = "payee,period,amount\n" + "".join(f"{w},2026-{m},{a}\n" for w, m, a in goals)
    people = "payee,name,from\nana,Ana,2026-01-01\nbo,Bo,2026-02-01\n"
    table = run(
        *("--explain", "--from", "2026-W05", "--to", "2026-W05"),
        plan=WEEKLY,
        activities=activities,
        quotas=quotas,
        people=people,
    ).stdout
    assert "2026-01 (1000 × 0.10; quota 1000; reached 1000; attainment 1; given 100;" in table
    assert "2026-02 (500 × 0.05; quota 2000; reached 500; attainment 0.25; given 25;" in table
    (bo,) = (line for line in table.splitlines() if line.startswith("Bo ") and "%" in line)
    assert bo.split()[-3:] == ["USD", "45", "%"]
