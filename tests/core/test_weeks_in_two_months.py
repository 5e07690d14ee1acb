"""A week in two months tells of each month what paid it, and of no other (semantics 25)."""

from fractions import Fraction

from incentives.core.attainment import attained
from incentives.core.calculate import calculate
from tests.golden.statement import Statement, case_of, exact_yaml

TIERS = '[{up_to: "1", rate: "0.05"}, {rate: "0.10"}]'
RETROACTIVE = f"{{kind: retroactive_rate, tiers_by: attainment, tiers: {TIERS}}}"
BOTH_QUOTAS = '{2026-01: "1000", 2026-02: "2000"}'


def case(
    *deals,
    rule=RETROACTIVE,
    assigned="{from: 2026-01-01}",
    more="",
    pays="week",
    until="2026-02-28",
):
    """Ana's part of a statement; `deals` are days and amounts."""
    listed = "".join(
        f'\n  - {{on: {day}, payee: ana, amount: "{amount}"}}' for day, amount in deals
    )
    said = f"""
plan:
  schema: 1
  name: P
  currency: USD
  pays: {pays}
  components:
    - {{key: commission, name: C, yields: money, measure: revenue, accumulates: month,
       rule: {rule}{more}}}
people:
  ana: {{assigned: {assigned}, quotas: {{revenue: {BOTH_QUOTAS}}}}}
activities:{listed}
as_of: {until}
"""
    return case_of(Statement("week", exact_yaml(said)), "ana")


def line(*deals, period="2026-W05", **said):
    (found,) = (each for each in calculate(case(*deals, **said)).lines if each.period == period)
    return found


ALL_OF_JANUARY, A_QUARTER = ("2026-01-30", 1000), ("2026-02-01", 500)


def test_each_month_is_told_with_its_own_quota():
    # 1,000 of 1,000 at 10 % and 500 of 2,000 at 5 %.
    week = line(ALL_OF_JANUARY, A_QUARTER)
    assert week.amount == 12500
    january, february = week.working.notes["parts"]
    assert january == {
        "span": "2026-01",
        "rows": "2",
        "quota": "1000",
        "reached": "1000",
        "attainment": "1",
        "given": "100",
        "times": "1",
    }
    assert february == {
        "span": "2026-02",
        "rows": "2",
        "quota": "2000",
        "reached": "500",
        "attainment": "0.25",
        "given": "25",
        "times": "1",
    }
    assert week.working.notes.keys() == {"parts"}


def test_each_slice_lies_in_a_tier_of_its_own_months_table():
    working = line(ALL_OF_JANUARY, A_QUARTER).working
    assert [(part.row, part.base) for part in working.slices] == [(2, 1000), (1, 500)]
    assert [
        [(part.row, part.base, str(part.rate)) for part in month.slices] for month in working.parts
    ] == [[(2, 1000, "0.10")], [(1, 500, "0.05")]]
    assert (working.quota, working.reached) == (2000, 500)  # where the payee stands now


def test_what_was_paid_before_is_told_of_its_month_alone():
    # Week 4: 800 of 1,000 at 5 % are 40.00. Then 1,100 at 10 % are 110.00 less 40.00.
    deals = ("2026-01-20", 800), ("2026-01-30", 300), A_QUARTER
    week = line(*deals)
    assert week.amount == 7000 + 2500
    january, february = week.working.notes["parts"]
    assert (january["due_to_date"], january["paid_before"], january["given"]) == ("110", "40", "70")
    assert "paid_before" not in february


def test_what_a_month_did_not_reach_is_told_of_that_month():
    tiers = (
        '[{up_to: "1", rate: "0.05"}, '
        '{rate: "0.10", only_if: {measure: deals_won, over: month, at_least: 2}}]'
    )
    rule = f"{{kind: retroactive_rate, tiers_by: attainment, tiers: {tiers}}}"
    # January has one deal, so its 1,000 pay 5 %; February has two, and 2,000 of 2,000 pay 10 %.
    week = line(ALL_OF_JANUARY, ("2026-02-01", 1500), ("2026-02-01", 500), rule=rule)
    assert week.amount == 5000 + 20000
    january, february = week.working.notes["parts"]
    assert "deals won" in january["not_reached"]
    assert "not_reached" not in february
    assert [str(part.rate) for part in week.working.slices] == ["0.05", "0.10"]


def test_a_gate_and_a_factor_are_told_of_their_month():
    gate = ', gate: {judged: to_date, all: [{measure: revenue, over: month, at_least: "1000"}]}'
    week = line(ALL_OF_JANUARY, A_QUARTER, more=gate + ', multiplier: {factor: "2"}')
    assert week.amount == 20000
    january, february = week.working.notes["parts"]
    assert (january["gate"][-5:], january["given"], january["times"]) == (": yes", "100", "2")
    assert (february["gate"][-4:], february["given"], february["times"]) == (": no", "25", "0")


def test_a_week_in_one_month_is_told_as_before():
    week = line(ALL_OF_JANUARY, ("2026-01-20", 500), period="2026-W04")
    assert week.working.notes == {"quota": "1000", "reached": "500", "attainment": "0.5"}


def told(*deals, assigned):
    """Week 5 of Ana, month by month."""
    found = attained(case(*deals, assigned=assigned))
    return [(each.span, each.attainment) for each in found if each.period == "2026-W05"]


def test_a_month_before_the_plan_is_not_told():
    first_day = ("2026-02-01", 900)
    assert told(first_day, assigned="{from: 2026-02-01}") == [("2026-02", Fraction(900, 2000))]
    until = "{from: 2026-01-01, until: 2026-02-01}"
    assert told(ALL_OF_JANUARY, assigned=until) == [("2026-01", 1)]
    assert [span for span, _ in told(ALL_OF_JANUARY, assigned="{from: 2026-01-31}")] == [
        "2026-01",
        "2026-02",
    ]


def test_months_of_a_quarter_that_were_judged_differently_have_all_their_slices():
    gate = ', gate: {judged: to_date, all: [{measure: revenue, over: month, at_least: "1000"}]}'
    quarter = line(ALL_OF_JANUARY, A_QUARTER, more=gate, pays="quarter", period="2026-Q1")
    assert quarter.amount == 10000
    spans = [(month["span"], month["times"]) for month in quarter.working.notes["parts"]]
    assert spans[:2] == [("2026-01", "1"), ("2026-02", "0")]
    months = [[(part.row, part.base) for part in month.slices] for month in quarter.working.parts]
    assert months[:2] == [[(2, 1000)], [(1, 500)]]


def test_months_before_somebody_was_on_the_plan_are_not_paid():
    """A month without a deal is paid 50; of this quarter only March is on the plan."""
    rule = '{kind: interpolated_amount, by: amount, points: [{at: "0", amount: "50"}]}'
    found = calculate(
        case(pays="quarter", rule=rule, assigned="{from: 2026-03-01}", until="2026-03-31")
    )
    assert [(each.period, each.amount) for each in found.lines] == [("2026-Q1", 5000)]
