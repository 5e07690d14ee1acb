"""Every worked figure of docs/semantics.md, by the engine itself."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import yaml

from incentives.core.activity import WON, Activity, Credit, Share
from incentives.core.calendar import PERIOD_KINDS, Calendar
from incentives.core.company_case import Company
from incentives.core.crediting import part_of, share_problem
from incentives.core.day_results import company_value
from incentives.core.exchange import NO_RATES, ExchangeRates, Rate
from incentives.core.history import Fact, History
from incentives.core.measures import KPIS, MEASURES
from incentives.core.money import divide, from_minor, to_minor
from incentives.core.pay_terms import DrawSchema, GuaranteeSchema, HoldbackSchema, Terms
from incentives.core.plans import read_plan
from incentives.core.prizes import award
from incentives.core.ranking import NEVER, Entry, around, rank
from incentives.core.roster import Roster, Stay
from incentives.core.settlement import PayPeriod, settle
from incentives.core.simulate import simulate
from incentives.core.standings import kpi_value
from incentives.core.streaks import weeks_in_a_row
from tests.docs.documents import PROJECT, blocks, document
from tests.docs.statements import Example
from tests.golden.statement import Statement, exact_yaml

SEMANTICS = "docs/semantics.md"
# Those about pay are told as golden statements are: a number that is not whole stays a text.
EXAMPLES = [
    (block.heading, read(block.text))
    for block in blocks(SEMANTICS, "yaml example")
    for read in [exact_yaml if re.search(r"^(pay|posted):", block.text, re.M) else yaml.safe_load]
]
NOVEMBER = date(2026, 11, 2)
STATES = ("Computed", "In part", "Later")


@pytest.mark.parametrize(
    ("kind", "told"),
    [pytest.param(*body.popitem(), id=heading) for heading, body in EXAMPLES],
)
def test_the_worked_figures_are_what_the_engine_gives(kind, told):
    CHECKS[kind](told)


def check_day(told):
    calendar = Calendar(ZoneInfo(told["zone"]))
    assert calendar.day_of(datetime.fromisoformat(told["instant"])).isoformat() == told["is"]


def check_periods(told):
    settings = {name: told[name] for name in told if name not in PERIOD_KINDS}
    calendar = Calendar(ZoneInfo("UTC"), **settings)
    day = date.fromisoformat(told["day"])
    for kind in [kind for kind in PERIOD_KINDS[1:] if kind in told]:
        assert calendar.period_of(day, kind).key == told[kind]


def check_round(told):
    for row in told:
        assert to_minor(Decimal(row["amount"]), row["currency"]) == row["minor"]


def check_shares(told):
    shares = [Share(str(number), Decimal(text)) for number, text in enumerate(told["of"])]
    assert bool(share_problem(shares)) == told["are_refused"]


def check_credits(told):
    shares = [
        Share(name, Decimal(percent), overlay=part == "overlays")
        for part in ("shares", "overlays")
        for name, percent in told[part].items()
    ]
    assert share_problem(shares) is None
    amount = Decimal(told["amount"])
    for name, credited in told["each"].items():
        own = [part_of(amount, share.percent) for share in shares if share.payee == name]
        assert sum(own) == Decimal(credited)
    revenue = [
        company_value(MEASURES["revenue"], _of_share(amount, share), NOVEMBER, "USD", NO_RATES)
        for share in shares
    ]
    assert sum(filter(None, revenue)) == Decimal(told["company"])


def _of_share(amount, share):
    credit = _deal(1, NOVEMBER.isoformat(), part_of(amount, share.percent))
    return replace(credit, overlay=share.overlay)


def check_rates(told):
    rates = ExchangeRates(
        Rate(row["currency"], row["to"], date.fromisoformat(row["date"]), Decimal(row["rate"]))
        for row in told["set"]
    )
    for day, worth in told["worth"].items():
        expected = None if worth is None else Decimal(worth)
        assert rates.worth("EUR", "USD", date.fromisoformat(day)) == expected


def check_divide(told):
    for row in told:
        assert divide(row["minor"], [Decimal(1)] * row["by"]) == row["into"]


def check_pay(told):
    """Who is paid what: a golden statement, whose plan may leave out what goes without saying."""
    parts = {part: told[part] for part in told if part not in ("plan", "components", "then")}
    versions = [{"from": "2026-01-01", "plan": _plan(told["components"], told.get("plan", {}))}]
    if "then" in told:
        later = _plan(told["then"]["components"], told.get("plan", {}))
        versions.append({"from": told["then"]["from"], "plan": later})
    Example("pay", {**parts, "versions": versions}).check()


def _plan(components, terms):
    named = [{**COMMISSION, **component} for component in components]
    return {"schema": 1, "name": "Plan", "currency": "USD", **terms, "components": named}


COMMISSION = {
    "key": "commission",
    "name": "Commission",
    "yields": "money",
    "measure": "revenue",
}


def check_posted(told):
    """Which lines one payee has, and in which period each is posted, with some periods locked."""
    statement = Statement("posted", {"plan": _plan(told["components"], {}), **told})
    facts = [
        Fact(
            Activity(
                source=row.source,
                external_id=row.deal,
                kind=row.kind,
                shares=(Share(row.payee),),
                occurred_at=row.occurred,
                amount=row.amount,
                currency=row.currency,
            ),
            row.received,
        )
        for row in statement.rows()
    ]
    roster = Roster(Stay(number, name) for number, name in enumerate(statement.people))
    company = Company(
        read_plan(statement.document["plan"]), statement.calendar, roster, History(facts)
    )
    as_of = statement.instant(told["as_of"], time())
    (payee,) = simulate(company, statement.locks, as_of)
    found = [
        {
            "in": line.draft.period,
            "of": line.draft.subject.origin,
            "deal": company.history.external_ids[line.draft.subject.activity_id],
            "amount": format(from_minor(line.draft.amount, "USD"), "f"),
            "reason": line.draft.reason,
        }
        for line in payee.lines
    ]
    assert found == told["lines"]


def _deal(number, day, value):
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
    return Credit(number, "crm", f"D{number}", WON, noon, noon, value, "USD", Decimal(1), {})


def check_settle(told):
    terms = [
        schema().load(told[name]) if name in told else None
        for name, schema in (
            ("draw", DrawSchema),
            ("guarantee", GuaranteeSchema),
            ("holdback", HoldbackSchema),
        )
    ]
    earned = [to_minor(Decimal(text), "USD") for text in told["earned"]]
    # Where cash is told of, all that is earned hangs on one deal.
    received = [Fraction(text) for text in told.get("cash_received", [])]
    settled = settle(
        [
            PayPeriod(
                key=f"2026-{number:02}",
                first_day=date(2026, number, 1),
                earned=amount,
                terms=Terms(number, *terms),
                on_deals={1: amount} if received else {},
                received={1: received[number - 1]} if received else {},
            )
            for number, amount in enumerate(earned, start=1)
        ],
        "USD",
    )
    for name, expected in told.items():
        if name in SETTLED:
            found = [SETTLED[name](row) for row in settled]
            assert found == [to_minor(Decimal(text), "USD") for text in expected], name


SETTLED = {
    "held_back": lambda row: row.held_back,
    "released": lambda row: row.released,
    "on_hold": lambda row: row.on_hold.closing,
    "guaranteed": lambda row: row.guaranteed,
    "draw_paid": lambda row: row.draw,
    "recovered": lambda row: row.recovered,
    "owed": lambda row: row.owed.closing,
    "carried": lambda row: row.carried.closing,
    "payout": lambda row: row.payout,
}


def check_rank(told):
    entries = _entries(told)
    ranked = rank(entries)
    if "order" in told:
        assert [row.name for row in ranked] == told["order"]
    for ties in ("competition", "dense", "ordinal"):
        if ties in told:
            assert [row.place for row in rank(entries, ties=ties)] == told[ties]


def check_around(told):
    ranked = rank(_entries(told))
    me = next(row.entrant_id for row in ranked if row.name == told["who"])
    assert [row.name for row in around(ranked, me, told["window"])] == told["rows"]


def check_kpi(told):
    values = {measure: Decimal(text) for measure, text in told["values"].items()}
    expected = None if told["is"] is None else Decimal(told["is"])
    assert kpi_value(KPIS[told["name"]], values) == expected


def check_prizes(told):
    ranked = rank(_entries(told))
    reserve = Decimal(told["reserve"]) if "reserve" in told else None
    names = {row.entrant_id: row.name for row in ranked}
    won = award(ranked, told["minor_by_place"], reserve=reserve)
    assert {names[entrant]: minor for entrant, minor in won.items()} == told["won"]


def check_streak(told):
    weeks = {date.fromisoformat(text) for text in told["weeks"]}
    today = date.fromisoformat(told["today"])
    monday = date.fromisocalendar(*today.isocalendar()[:2], 1)
    assert weeks_in_a_row(weeks, monday) == told["is"]


def _entries(told):
    reached = told.get("reached", {})
    return [
        Entry(number, name, Decimal(text), reached.get(name, NEVER))
        for number, (name, text) in enumerate(told["scores"].items())
    ]


CHECKS = {
    name.removeprefix("check_"): check
    for name, check in list(globals().items())
    if name.startswith("check_")
}


def _rules():
    """What each rule says, by its number."""
    text = document(SEMANTICS).partition("\n## What is computed today")[0]
    parts = re.split(r"^### (\d+)\. .+$", text, flags=re.MULTILINE)
    return {int(number): body for number, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_the_rules_are_numbered_from_1_to_40():
    assert list(_rules()) == list(range(1, 41))


def test_every_rule_says_what_this_version_computes_and_the_table_agrees():
    said = {
        number: next(state for state in STATES if re.search(rf"^{state}[.,]", body, re.MULTILINE))
        for number, body in _rules().items()
    }
    table = document(SEMANTICS).partition("\n## What is computed today")[2]
    listed = {
        int(number): state
        for numbers, state in re.findall(r"^\| ([\d, ]+) \| ([\w ]+) \|$", table, re.MULTILINE)
        for number in numbers.split(",")
    }
    assert said == dict(sorted(listed.items()))


def test_what_the_code_refers_to_is_a_rule():
    for path in PROJECT.glob("incentives/**/*.py"):
        for words in re.findall(r"\(semantics ([^)]*)\)", path.read_text()):
            for number in re.findall(r"\d+", words):
                assert 1 <= int(number) <= 40, f"{path}: semantics {number}"
