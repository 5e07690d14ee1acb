"""Make the demo company, through the same imports and operations that a real company uses."""

import csv
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import yaml

from incentives.access import ADMINISTRATOR, FINANCE, MANAGER, REP
from incentives.clock import now as clock
from incentives.core.calendar import Period
from incentives.demo.accounts import DemoAccount, save_demo_accounts
from incentives.demo.history import DATA, History, history_until
from incentives.demo.replay import keep_for_replay
from incentives.errors import Refused
from incentives.operations.change_contests import create_contest
from incentives.operations.change_people import add_person, give_login
from incentives.operations.contest_rules import ContestRules
from incentives.operations.import_file import readable_table
from incentives.operations.import_opportunities import import_opportunities
from incentives.operations.import_products import import_products
from incentives.operations.import_teams import import_teams
from incentives.operations.publish_plan_version import assign_to_plan, publish_plan_version
from incentives.operations.refresh_stale import refresh_stale
from incentives.operations.set_quota import set_quota
from incentives.store import people, plans
from incentives.store.activities import count_activities
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.transaction import writing

HERE = Path(__file__).parent
COMPANY, ZONE, CURRENCY = "Halyard Hardware", "America/Chicago", "USD"

# In cents, by place.
PRIZES = {1: 150_000, 2: 70_000, 3: 30_000}
GRACE_HOURS = 14 * 24

# Label, name, role. Reps and managers are people of the export, the other two are made up.
ACCOUNTS = (
    ("Rep", "Reed Clapper", REP),
    ("Manager", "Rocco Neubert", MANAGER),
    ("Finance", "Dana Ortiz", FINANCE),
    ("Administrator", "Sam Okafor", ADMINISTRATOR),
)


def build_demo(data_dir: Path, *, now: datetime) -> None:
    """Fill an empty company. Raises Refused where there is anybody or anything already."""
    if people.everyone() or count_activities():
        raise Refused("not_empty", "There are people or activities already: nothing was changed.")
    _name_company(now)
    company = the_company()
    history = history_until(company.calendar.day_of(now), company.calendar)
    _import_all(history)
    _publish_plan(history, now)
    _set_quotas(history.quarters, now)
    save_demo_accounts(data_dir, _give_logins(now))
    _hold_contests(now)
    keep_for_replay(data_dir, history.held_back)
    refresh_stale(clock=clock)


def _name_company(now: datetime) -> None:
    with writing() as session:
        company = the_company()
        company.name, company.time_zone, company.currency = COMPANY, ZONE, CURRENCY
        record(session, "company set up", COMPANY, by=None, now=now, after={"zone": ZONE})


def _import_all(history: History) -> None:
    teams, products = (
        readable_table((DATA / name).read_bytes()) for name in ("sales_teams.csv", "products.csv")
    )
    import_teams(teams, by=None, now=clock())
    import_products(products, by=None, now=clock())
    report = import_opportunities(readable_table(history.known), by=None, clock=clock)
    assert report.is_clean, f"the demo's own data is in order: {report.issues[:3]}"


def _publish_plan(history: History, now: datetime) -> None:
    document = yaml.safe_load((HERE / "plan.yaml").read_text())
    slug, _ = publish_plan_version(document, first_day=history.first_day, by=None, now=now)
    with writing() as session:
        plan = plans.plan_by_slug(slug)
        assert plan is not None, "it was published a moment ago"
        everybody = people.payee_ids()
        assign_to_plan(session, plan, everybody, first_day=history.first_day, by=None, now=now)


def _set_quotas(quarters: Sequence[Period], now: datetime) -> None:
    with (HERE / "quotas.csv").open(newline="") as file:
        amounts = {row["sales_agent"]: Decimal(row["quota"]) for row in csv.DictReader(file)}
    with writing() as session:
        for payee in people.payees():
            for quarter in quarters:
                amount = amounts[payee.name]
                set_quota(session, payee, "revenue", quarter.key, amount, by=None, now=now)


def _give_logins(now: datetime) -> list[DemoAccount]:
    accounts = []
    with writing() as session:
        known = {person.name: person for person in people.everyone()}
        for label, name, role in ACCOUNTS:
            person = known.get(name) or add_person(session, name, is_payee=False, by=None, now=now)
            email = f"{name.replace(' ', '.').lower()}@halyard.example"
            password = secrets.token_urlsafe(12)
            give_login(session, person, email=email, password=password, role=role, by=None, now=now)
            accounts.append(DemoAccount(label, name, email, password))
    return accounts


def _hold_contests(now: datetime) -> None:
    """Two contests for everybody: one that ends in a few days, and last week's."""
    calendar = the_company().calendar
    today = calendar.day_of(now)
    week = calendar.before(calendar.period_of(today, "week"))
    spans = [
        ("Eleven-day sprint", today - timedelta(days=6), today + timedelta(days=5)),
        ("Best of last week", week.first_day, week.end_day),
    ]
    for name, first_day, end_day in spans:
        rules = ContestRules(
            name=name,
            kpi="revenue",
            starts_at=calendar.start_of(first_day),
            ends_at=calendar.start_of(end_day),
            prizes=PRIZES,
            # The whole history came in a moment ago: late, but not too late for last week's.
            grace_hours=GRACE_HOURS,
        )
        create_contest(rules, by=None, now=now)
