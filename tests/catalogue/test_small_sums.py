"""Small sums that go wrong easily, each to be redone on paper: what the other tests leave out of
docs/calculation-catalogue.md, by its numbers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.calculate import calculate
from incentives.core.calendar import Calendar
from incentives.core.crediting import part_of
from incentives.core.money import divide
from incentives.ingest.values import Unclear, amount_of, instant_of
from incentives.operations.change_people import join_team
from incentives.operations.read_contest import read_contest
from incentives.store import people, teams
from incentives.store.transaction import writing
from tests.golden.statement import Statement, case_of

THIRDS = [Decimal("33.333333"), Decimal("33.333333"), Decimal("33.333334")]


def paid(component, *activities, quotas=None):
    """What Ana is paid in January 2026 by one component, in cents, line by line."""
    said = {"key": "pay", "name": "Pay", "yields": "money", "measure": "revenue", **component}
    document = {
        "plan": {"schema": 1, "name": "Plan", "currency": "USD", "components": [said]},
        "people": {"ana": {"quotas": quotas or {}}},
        "activities": [{"payee": "ana", **activity} for activity in activities],
        "as_of": "2026-01-31",
    }
    return [line.amount for line in calculate(case_of(Statement("", document), "ana")).lines]


# C3: 0.01 to 10,000,000.00 in three.
@given(st.integers(1, 10**9))
def test_a_third_and_a_third_and_a_third_are_the_whole(cents):
    amount = Decimal(cents).scaleb(-2)
    assert sum(part_of(amount, share) for share in THIRDS) == amount
    parts = divide(cents, [Decimal(1)] * 3)
    assert sum(parts) == cents
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


# C5: the quota is 1,000.00.
@pytest.mark.parametrize(
    ("sold", "marginal", "retroactive"),
    [
        ("999.99", 5000, 5000),  # 999.99 × 5 % = 49.9995
        ("1000.00", 5000, 10000),  # marginal the same either way; retroactive all at 10 %
        ("1000.01", 5000, 10000),  # 50.00 + 0.01 × 10 % = 50.001; 1,000.01 × 10 % = 100.001
    ],
)
def test_a_cent_below_the_quota_on_it_and_above(sold, marginal, retroactive):
    tiers = [{"up_to": "1", "rate": "0.05"}, {"rate": "0.10"}]
    quotas = {"revenue": {"2026-01": "1000"}}
    for kind, cents in (("marginal_rate", marginal), ("retroactive_rate", retroactive)):
        rule = {"kind": kind, "tiers_by": "attainment", "tiers": tiers}
        component = {"accumulates": "month", "rule": rule}
        deal = {"on": "2026-01-05", "amount": sold}
        assert paid(component, deal, quotas=quotas) == [cents]


# C9
@pytest.mark.parametrize(
    ("written", "utc"),
    [
        # Chicago, 1 November 2026: 01:30 comes twice. Without an offset the first is meant.
        ("2026-11-01T01:30", "06:30"),
        ("2026-11-01T01:30-05:00", "06:30"),
        ("2026-11-01T01:30-06:00", "07:30"),
        # 8 March 2026: 02:30 never was. It is taken as half an hour after what would be 2:00.
        ("2026-03-08T02:30", "08:30"),
        # A day alone is its first moment.
        ("2026-11-01", "05:00"),
        ("2026-11-02", "06:00"),
    ],
)
def test_an_hour_that_comes_twice_or_never(written, utc):
    found = instant_of(written, Calendar(ZoneInfo("America/Chicago")))
    assert f"{found:%H:%M}" == utc
    assert Calendar(ZoneInfo("America/Chicago")).day_of(found) == date.fromisoformat(written[:10])


def test_lord_howe_puts_its_clocks_on_by_half_an_hour():
    calendar = Calendar(ZoneInfo("Australia/Lord_Howe"))
    for day, hours in [(date(2026, 10, 4), 23.5), (date(2026, 4, 5), 24.5)]:
        start, end = calendar.span(calendar.period_of(day, "day"))
        assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "America/Chicago", "Pacific/Apia"])
@given(day=st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_a_day_without_a_time_never_shifts(zone, day):
    calendar = Calendar(ZoneInfo(zone))
    # Samoa went over the date line: 30 December 2011 never was there.
    if (zone, day) != ("Pacific/Apia", date(2011, 12, 30)):
        assert calendar.day_of(instant_of(day.isoformat(), calendar)) == day


# C10
def test_29_february_belongs_to_its_month_and_a_year_has_a_53rd_week():
    calendar = Calendar(ZoneInfo("UTC"))
    leap = date(2028, 2, 29)
    assert calendar.period_of(leap, "month").key == "2028-02"
    assert calendar.period_of(leap + timedelta(days=1), "month").key == "2028-03"
    assert calendar.period_of(date(2027, 1, 3), "week").key == "2026-W53"


def test_from_friday_17_00_to_monday_9_00_over_a_change_of_clocks(world):
    """Berlin puts its clocks on in the night to Sunday, 29 March 2026: 63 hours, not 64."""
    berlin = ZoneInfo("Europe/Berlin")
    starts = datetime(2026, 3, 27, 17, tzinfo=berlin).astimezone(UTC)
    ends = datetime(2026, 3, 30, 9, tzinfo=berlin).astimezone(UTC)
    assert ends - starts == timedelta(hours=63)
    ana = world.payee("Ana Silva")
    world.now = ends - timedelta(minutes=1)
    slug = world.contest("Weekend", starts_at=starts, ends_at=ends)
    minute = timedelta(minutes=1)
    for amount, at in [("1", starts - minute), ("2", starts), ("4", ends - minute), ("8", ends)]:
        world.deal(ana, amount, at=at)
    assert read_contest(slug, now=ends + minute).rows[0].standing.score == 6


# C12
def test_a_badge_that_is_lost_and_won_again_is_held_once(world):
    """Three deals on a day are a hat-trick. One is lowered, given away and cancelled."""
    ana, bo = world.payee("Ana Silva"), world.payee("Bo Lind")
    world.plan()
    for name in ("A", "B", "C"):
        world.deal(ana, "100", external_id=name)
    held = []
    changes = [
        lambda: None,
        lambda: world.deal(ana, "50", external_id="C"),
        lambda: world.deal(bo, "50", external_id="C"),
        lambda: world.deal(ana, "50", external_id="C"),
        lambda: world.deal(ana, "50", external_id="C", reversed=True),
        lambda: world.deal(ana, "50", external_id="C"),
    ]
    for change in changes:
        change()
        world.refresh()
        held.append((world.total(ana, "badge"), world.total(ana, "points")))
    # 48 points for each GTX Pro
    assert held == [(1, 144), (1, 144), (0, 96), (1, 144), (0, 96), (1, 144)]
    assert sum(line.amount for line in world.lines(ana, "badge") if line.amount > 0) == 3
    assert [line.amount for line in world.lines(bo, "points")] == [48, -48]


def test_two_deals_that_are_merged_pay_once(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    world.deal(ana, "300", external_id="A")
    world.deal(ana, "100", external_id="B")
    world.refresh()
    world.deal(ana, "400", external_id="A")
    world.deal(ana, "100", external_id="B", reversed=True)
    world.refresh()
    assert world.total(ana, "money") == 1600  # 400 at 4 %
    assert world.total(ana, "points") == 48


# C13
@pytest.mark.parametrize(
    "written", ["1.234,56", "1,234.56", "(120.00)", "1E5", "1e5", "12 000", "$5", "٣", "1_000", ""]
)
def test_an_amount_that_could_mean_two_things_is_never_guessed(written):
    with pytest.raises(Unclear) as refusal:
        amount_of(written)
    assert "Write" in refusal.value.message


def test_zeros_before_an_id_stay(world):
    ana = world.payee("Ana Silva")
    first, second = (world.deal(ana, "1", external_id=name).id for name in ("007", "7"))
    assert first != second


# C8
def test_two_managers_of_one_team_each_have_their_override(world):
    """1 % of 1,000.00 for each, on the days on which they managed it: Mia until the 15th, Zoe from
    the 1st. Ana leaves on the 20th and comes back on the 25th."""
    ana = world.payee("Ana Silva")
    mia, zoe = (world.payee(name, team="Managers") for name in ("Mia Costa", "Zoe Holm"))
    manages(world, mia, date(2026, 11, 1), until=date(2026, 11, 15))
    manages(world, zoe, date(2026, 11, 1))
    for team, day in (("West", 20), ("East", 25)):
        move(world, ana, team, date(2026, 11, day))
    world.now += timedelta(days=12)
    world.plan(OVERRIDE)
    for day in (10, 15, 20, 25):
        world.deal(ana, "1000", day=f"2026-11-{day}")
    world.refresh()
    assert days_paid(world, mia) == [10]
    assert days_paid(world, zoe) == [10, 15, 25]


OVERRIDE = {
    "schema": 1,
    "name": "Override",
    "currency": "USD",
    "components": [
        {
            "key": "override",
            "name": "Override",
            "yields": "money",
            "measure": "revenue",
            "credited": "team",
            "rule": {"kind": "flat_rate", "rate": "0.01"},
        }
    ],
}


def manages(world, person_id, first_day, until=None):
    move(world, person_id, "East", first_day, role=teams.MANAGER)
    with writing() as session:
        (stay,) = session.query(teams.Membership).filter_by(person_id=person_id, role=teams.MANAGER)
        stay.end_day = until


def move(world, person_id, team, day, role=teams.MEMBER):
    team_id = world.team(team)
    with writing() as session:
        person, home = session.get(people.Person, person_id), session.get(teams.Team, team_id)
        join_team(session, person, home, role=role, first_day=day, by=None, now=world.now)


def days_paid(world, payee_id):
    lines = world.lines(payee_id, "money")
    assert {line.amount for line in lines} == {1000}
    return [line.day.day for line in lines]
