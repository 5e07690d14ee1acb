"""A statement explains every kind of line: what a period gives, gates, factors, caps and floors."""

import html
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from incentives.core.exchange import Rate
from incentives.core.working import Slice, Working, read_working
from incentives.operations.line_working import EarnedLine
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.store import people
from incentives.store.companies import the_company
from incentives.web import earnings
from incentives.web.line_words import own_words, terms_in_words

TIERS = [{"up_to": "1000", "rate": "0.05"}, {"rate": "0.10"}]
RETROACTIVE = {"kind": "retroactive_rate", "tiers_by": "amount", "tiers": TIERS}


@pytest.fixture(autouse=True)
def today(monkeypatch, world):
    monkeypatch.setattr(earnings, "now", lambda: world.now)


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.login("Ana Silva", "rep", person_id=ana)
    return ana


def component(rule, **more):
    return {
        "key": "extra",
        "name": "Extra",
        "yields": "money",
        "measure": "revenue",
        "accumulates": "month",
        "rule": rule,
        **more,
    }


@pytest.fixture
def statement(world, ana):
    """The words of Ana's statement for a month, under a plan of one component."""

    def read(*deals, month="2026-11", plan=(), **said):
        document = {"schema": 1, "name": "Extra", "currency": "USD", **dict(plan)}
        rule = said.pop("rule", RETROACTIVE)
        world.plan(document | {"components": [component(rule, **said)]})
        for amount, day in deals:
            world.deal(ana, amount, day=day)
        world.refresh()
        return words_of(world.sign_in("Ana Silva").get(f"/earnings/ana-silva/{month}"))

    return read


def words_of(answer):
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.text)
    return " ".join(html.unescape(text).replace("\u202f", " ").split())


def test_what_a_period_gives_is_one_line_with_its_table(statement):
    text = statement(("600", "2026-11-03"), ("600", "2026-11-10"))
    assert "1 line, the rate reached on everything" in text
    assert "Reached: 1,200." in text
    # 1,200 at 10 %, though 1,000 of it lies below the bound.
    assert "2, from 1,000.00 1,000.00 no top 1,200.00 10 % 120.00" in text
    assert "Period to 30 Nov 30 Nov 1,200.00 2 1,200.00 10 % 120.00 120.00" in text


def test_what_was_paid_in_earlier_months_is_taken_off(statement):
    text = statement(("600", "2026-10-03"), ("600", "2026-11-10"), accumulates="quarter")
    # To date 1,200 at 10 % are 120; October was paid 600 at 5 % = 30.
    assert "Due to date 120.00, of which 30.00 was paid in earlier periods." in text
    assert "Extra 1 line, the rate reached on everything, quarter to date" in text
    assert "90.00" in text


def test_a_week_in_two_months_is_told_by_the_quota_of_each(statement, world, ana):
    world.quota(ana, "1000", period="2026-10")
    world.quota(ana, "2000", period="2026-11")
    rule = RETROACTIVE | {
        "tiers_by": "attainment",
        "tiers": [{"up_to": "1", "rate": "0.05"}, {"rate": "0.10"}],
    }
    # The week ends on 1 November: 1,000 of 1,000 at 10 %, and 500 of 2,000 at 5 %.
    deals = ("1000", "2026-10-30"), ("500", "2026-11-01")
    text = statement(*deals, rule=rule, plan={"pays": "week"})
    assert "2026-10: 100.00. Reached: 1,000 of a quota of 1,000, that is 100 %." in text
    assert "2026-11: 25.00. Reached: 500 of a quota of 2,000, that is 25 %." in text
    # Each tier has what it paid in either month.
    assert "1, below 100 %" in text
    assert "500.00 5 % 25.00" in text
    assert "1,000.00 10 % 100.00" in text
    assert "125.00" in text
    file = world.sign_in("Ana Silva").get("/earnings/ana-silva/2026-11.csv").text
    assert "2026-10, quota 1000: 1000.00 at 0.10; 2026-11, quota 2000: 500.00 at 0.05" in file


@pytest.mark.parametrize(
    ("least", "holds", "paid"), [("1000", "yes", "120.00"), ("2000", "no", "0.00")]
)
def test_a_gate_says_what_it_asks_and_whether_it_holds(statement, least, holds, paid):
    test = {"measure": "revenue", "over": "month", "at_least": least}
    text = statement(("1200", "2026-11-03"), gate={"all": [test]})
    assert f"Gate: revenue in the month reaches {least}: {holds}." in text
    assert f"1,200.00 10 % {paid} {paid}" in text


def test_a_multiplier_is_named(statement):
    text = statement(("1200", "2026-11-03"), multiplier={"factor": "1.5"})
    assert "Multiplied by 1.5." in text
    assert "Before rounding the lines came to the same 180.00." in text


def test_a_capped_line_says_what_it_was_before_the_cap(statement):
    text = statement(("1200", "2026-11-03"), cap={"amount": "91"})
    assert "before the cap 120.00" in text
    assert "91.00" in text
    assert "Exactly it is" not in text  # the cap, not rounding, made the difference


def test_a_floor_pays_where_nothing_was_sold(statement):
    text = statement(floor={"amount": "500"})
    assert "The floor is 500.00, and 0.00 was earned." in text
    assert "Floor up to the floor" in text


def test_a_bonus_names_what_was_reached(statement):
    bonuses = [{"at_least": "1000", "amount": "50"}, {"at_least": "5000", "amount": "400"}]
    rule = {"kind": "bonus", "by": "amount", "bonuses": bonuses}
    text = statement(("1200", "2026-11-03"), rule=rule)
    assert "at least 1,000" in text
    assert "Reached: 1,200." in text
    assert "50.00" in text


def test_a_milestone_is_named_by_the_deal_that_reached_it(statement):
    milestones = [{"name": "First thousand", "at_least": "1000", "amount": "75"}]
    rule = {"kind": "milestone", "by": "amount", "milestones": milestones}
    text = statement(("600", "2026-11-03"), ("600", "2026-11-10"), rule=rule)
    assert "GTX Pro First thousand" in text
    assert "75.00" in text


def test_a_share_of_a_target_says_which_share_of_which_target(statement, world, ana):
    world.quota(ana, "1000", period="2026-11")
    points = [{"at": "0.5", "pays": "0.5"}, {"at": "1", "pays": "1"}]
    rule = {"kind": "payout_curve", "target": "800", "points": points, "slope_above": "2"}
    text = statement(("1050", "2026-11-03"), rule=rule)
    assert "Reached: 1,050 of a quota of 1,000, that is 105 %." in text
    assert "That pays 110 % of the target of 800." in text
    assert "880.00" in text


def test_a_scorecard_shows_its_items(statement, world, ana):
    world.quota(ana, "1000", period="2026-11")
    world.quota(ana, "4", period="2026-11", measure="deals_won")
    items = [
        {"name": "Revenue", "weight": "60", "measure": "revenue"},
        {"name": "Deals", "weight": "40", "measure": "deals_won"},
    ]
    rule = {"kind": "scorecard", "target": "500", "items": items}
    text = statement(("1000", "2026-11-03"), rule=rule)
    # 60 × 1 + 40 × 1/4 = 70
    assert "Score 70 of 100: Revenue 60 of 60, Deals 10 of 40. It pays that share of 500." in text
    assert "350.00" in text


def test_a_converted_deal_names_rate_day_and_provider(world, statement, ana):
    rate = Rate("EUR", "USD", date(2026, 11, 1), Decimal("1.0834"), "ECB")
    set_exchange_rates([rate], by=None, now=world.now)
    world.deal(ana, "100", currency="EUR")
    text = statement(rule={"kind": "flat_rate", "rate": "0.10"}, accumulates="deal")
    assert "1 EUR is 1.0834 USD by ECB, since 2026-11-01" in text
    assert "108.34" in text
    assert "10.83" in text


def test_a_budget_says_what_the_last_one_would_have_had(statement):
    rule = {"kind": "spif", "rate": "0.10", "budget": "100"}
    window = {"from": "2026-11-01", "until": "2026-12-01"}
    text = statement(("600", "2026-11-03"), ("600", "2026-11-10"), rule=rule, window=window)
    assert "before the budget 60.00" in text
    assert "40.00" in text


def test_a_pool_shows_the_team_s_amount_and_the_own_part(world, statement, ana):
    bo = world.payee("Bo Lind")
    world.deal(bo, "1000", day="2026-11-04")
    text = statement(
        ("1000", "2026-11-03"), rule={"kind": "flat_rate", "rate": "0.10"}, credited="pool"
    )
    assert "The team's amount is 200.00, divided among 2 people." in text
    assert "100.00" in text


def test_units_in_tiers_show_how_many_lie_in_each(statement):
    tiers = [{"up_to": "1", "amount": "10"}, {"amount": "25", "flat": "5"}]
    rule = {"kind": "unit_tiers", "tiers_by": "amount", "reading": "marginal", "tiers": tiers}
    text = statement(("600", "2026-11-03"), ("600", "2026-11-10"), rule=rule, measure="deals_won")
    assert "1, below 1 0 1 1 10.00 10.00" in text
    assert "2, from 1 1 no top 1 25.00 30.00" in text


def a_line(aspect, amount_minor, **notes):
    slices = [Slice(2, Fraction(400), {"rate": "0.05"})]
    return EarnedLine(
        activity_id=7,
        label="GTX Pro",
        day=date(2026, 11, 3),
        origin="2026-11",
        aspect=aspect,
        amount_minor=amount_minor,
        is_late=False,
        is_whole=True,
        working=Working(slices, notes),
    )


def test_what_is_taken_back_names_its_origin_and_share():
    line = a_line("taken_back", -833, origin="2026-09", share_taken_back="5/12")
    assert list(own_words(line, "USD")) == ["taken back of 2026-09, 5 of 12 parts"]
    rest = a_line("taken_back", -40000, origin="2026-01", left="40000")
    assert list(own_words(rest, "USD"))[1] == "400.00 was left of what the period was paid"
    assert line.exact is None  # it is a part of what was posted, not of what a rate gives


def test_what_is_exact_knows_gate_factor_and_what_was_paid():
    assert a_line("earned", 2000).exact == 20  # 400 at 5 %
    assert a_line("earned", 2400, multiplier="1.2").exact == 24
    assert a_line("earned", 0, gate="calls in the month reaches 20: no").exact == 0
    assert a_line("earned", 1400, paid_before="6", due_to_date="20").exact == 14


def test_a_week_in_two_months_says_how_each_was_judged():
    gate = "revenue reaches 1000: "
    parts = [
        {"span": "2026-01", "rows": "1", "given": "20", "gate": f"{gate}yes", "times": "2"},
        {"span": "2026-02", "rows": "1", "given": "50", "gate": f"{gate}no", "times": "0"},
    ]
    rows = [{"rate": "0.1"}, {"rate": "0.1"}]
    working = read_working({"rows": rows, "parts": parts}, "1:200,2:500")
    line = replace(a_line("earned", 4000), working=working)
    assert line.exact == 40  # 20 × 2 and 50 × 0
    assert list(terms_in_words(line, "USD")) == [
        "2026-01: 20.00 times 2. Gate: revenue reaches 1000: yes.",
        "2026-02: 50.00 times 0. Gate: revenue reaches 1000: no.",
    ]


def test_a_correction_of_a_period_says_what_was_reached(world, statement, ana):
    statement(("600", "2026-11-03"))
    world.deal(ana, "600", day="2026-11-05")
    world.refresh()
    text = words_of(world.sign_in("Ana Silva").get("/earnings/ana-silva/2026-11"))
    assert "was 30.00, is now 120.00 +90.00" in text
    assert "What was paid on changed from 600 to 1200." in text


def test_a_correction_of_a_week_in_two_months_names_the_quota_of_each(statement, world, ana):
    world.quota(ana, "1000", period="2026-10")
    world.quota(ana, "2000", period="2026-11")
    rule = RETROACTIVE | {"tiers_by": "attainment"}
    rule["tiers"] = [{"up_to": "1", "rate": "0.05"}, {"rate": "0.10"}]
    deals = ("1000", "2026-10-30"), ("500", "2026-11-01")
    statement(*deals, rule=rule, plan={"pays": "week"})
    world.quota(ana, "500", period="2026-11")
    world.refresh()
    text = words_of(world.sign_in("Ana Silva").get("/earnings/ana-silva/2026-11"))
    assert "was 125.00, is now 150.00 +25.00" in text
    assert "The quota changed from 1000 and 2000 to 1000 and 500." in text


def test_the_file_has_a_row_for_a_period_as_well(world, statement, ana):
    statement(("1200", "2026-11-03"))
    text = world.sign_in("Ana Silva").get("/earnings/ana-silva/2026-11.csv").text
    assert "1200.00 at 0.10" in text
    assert people.person(ana).code in text
    assert the_company().currency in text
