"""A small company to tell stories about: people by first name, deals by amount."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import yaml

from incentives.core.activity import WON, Activity, Share
from incentives.core.recognition import WINS
from incentives.extensions import db
from incentives.operations.change_contests import create_contest
from incentives.operations.change_people import add_person, add_team, give_login, join_team
from incentives.operations.change_recognition import Settings, change_recognition
from incentives.operations.contest_rules import ContestRules
from incentives.operations.publish_plan_version import assign_to_plan, publish_plan_version
from incentives.operations.record_activities import record_activities
from incentives.operations.refresh_stale import refresh_stale
from incentives.operations.set_quota import set_quota
from incentives.store import parking, people, plans, teams
from incentives.store.ledger import PostedLine
from incentives.store.transaction import writing

PASSWORD = "correct horse battery"
FIELD_SALES = Path("incentives/demo/plan.yaml")


class World:
    def __init__(self, app, now):
        self.app = app
        self.now = now
        self.ids = count(1)

    # People

    def team(self, name, parent=None):
        with writing() as session:
            found = teams.team_by_code(name.lower())
            team = found or add_team(session, name, parent=parent, by=None, now=self.now)
            return team.id

    def payee(self, name, team="East", since=date(2020, 1, 1)):
        """A person who earns, in a team; returns the id."""
        team_id = self.team(team)
        with writing() as session:
            person = add_person(session, name, is_payee=True, by=None, now=self.now)
            home = session.get(teams.Team, team_id)
            join_team(session, person, home, first_day=since, by=None, now=self.now)
            return person.id

    def move(self, payee_id, team, first_day):
        team_id = self.team(team)
        with writing() as session:
            person = session.get(people.Person, payee_id)
            home = session.get(teams.Team, team_id)
            join_team(session, person, home, first_day=first_day, by=None, now=self.now)

    def login(self, name, role, *, manages=None, person_id=None):
        """Somebody who signs in as `name@example.com`; returns the person's id."""
        team_id = self.team(manages) if manages else None
        with writing() as session:
            if person_id is None:
                person = add_person(session, name, is_payee=False, by=None, now=self.now)
            else:
                person = session.get(people.Person, person_id)
            give_login(
                session,
                person,
                email=f"{name.split()[0].lower()}@example.com",
                password=PASSWORD,
                role=role,
                by=None,
                now=self.now,
            )
            if team_id:
                team = session.get(teams.Team, team_id)
                join_team(session, person, team, role=teams.MANAGER, by=None, now=self.now)
            return person.id

    def sign_in(self, name):
        """A browser in which this person is signed in."""
        client = self.app.test_client()
        answer = client.post(
            "/sign-in",
            data={"email": f"{name.split()[0].lower()}@example.com", "password": PASSWORD},
        )
        assert answer.status_code == 302, answer.text
        return client

    # Plans and quotas

    def plan(self, document=None, first_day=date(2020, 1, 1), slug=None):
        """Publish a document (the demo's plan if none is given) and put everybody on it."""
        if document is None:
            document = yaml.safe_load(FIELD_SALES.read_text())
        slug, number = publish_plan_version(
            document, first_day=first_day, slug=slug, by=None, now=self.now
        )
        with writing() as session:
            plan = plans.plan_by_slug(slug)
            payees = people.payee_ids()
            assign_to_plan(session, plan, payees, first_day=first_day, by=None, now=self.now)
        return slug, number

    def quota(self, payee_id, amount, period="2026-Q4", measure="revenue"):
        with writing() as session:
            payee = session.get(people.Person, payee_id)
            value = None if amount is None else Decimal(amount)
            set_quota(session, payee, measure, period, value, by=None, now=self.now)

    # Facts

    def deal(self, payee, amount, day="2026-11-10", product="GTX Pro", **more):
        """A won deal of a payee (id), at noon UTC of a day. Returns what became of it."""
        return self.record(
            Activity(
                source=more.pop("source", "crm"),
                external_id=more.pop("external_id", f"D{next(self.ids)}"),
                kind=more.pop("kind", WON),
                shares=more.pop("shares", (Share(self.code(payee)),)),
                occurred_at=more.pop("at", None) or noon(day),
                amount=Decimal(amount),
                currency=more.pop("currency", "USD"),
                attributes={"product": product, **more.pop("attributes", {})},
                **more,
            )
        )

    def record(self, *activities):
        answers = record_activities(list(enumerate(activities)), now=self.now)
        return answers[0] if len(answers) == 1 else answers

    def code(self, payee_id):
        return db.session.get(people.Person, payee_id).code

    # Contests

    def contest(self, name, **rules):
        """A running contest for everybody with three prizes, or one with these rules."""
        return create_contest(
            ContestRules(
                name=name,
                kpi=rules.pop("kpi", "revenue"),
                starts_at=rules.pop("starts_at", self.now - timedelta(days=3)),
                ends_at=rules.pop("ends_at", self.now + timedelta(days=3)),
                prizes=rules.pop("prizes", {1: 50000, 2: 30000, 3: 10000}),
                **rules,
            ),
            by=None,
            now=self.now,
        )

    def recognition(self, by, **said):
        """What the company sets about feed and thanks: as it begins, but for what is said."""
        said = {
            "wins": list(WINS),
            "deal_floor": Decimal(0),
            "kudos_allowance": 5,
            "kudos_labels": ["Teamwork"],
            "quiet": None,
            **said,
        }
        change_recognition(Settings(**said), by=by, now=self.now)

    # Workers

    def refresh(self):
        """What the workers would do next."""
        refreshed = refresh_stale(clock=lambda: self.now)
        assert parking.parked() == {}, parking.parked()
        return refreshed

    def lines(self, payee_id, yields=None):
        query = db.session.query(PostedLine).filter_by(payee_id=payee_id)
        if yields:
            query = query.filter_by(yields=yields)
        return query.order_by(PostedLine.sequence).all()

    def total(self, payee_id, yields):
        return sum(line.amount for line in self.lines(payee_id, yields))


def noon(day):
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
