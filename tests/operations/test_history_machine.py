"""Whatever is told, in whatever order: the ledger sums to what a model by hand says, nothing that
was posted changes, and every correction says why.

Random histories through the real operations. A quick run tries a few; `EXAMPLES=500` more.
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from incentives.cli.shown_boards import shown_boards
from incentives.cli.verify import checks_called
from incentives.core.activity import WON, Activity, Share
from incentives.core.exchange import Rate
from incentives.errors import Refused
from incentives.extensions import db
from incentives.operations import refresh_payees
from incentives.operations.adjust_pay import adjust_pay
from incentives.operations.call_due import call_due
from incentives.operations.change_people import join_team
from incentives.operations.correction_causes import NOT_SAID
from incentives.operations.export_statement import statement_file
from incentives.operations.lock_period import lock_period
from incentives.operations.pay_months import hindrances, next_to_lock
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.read_corrections import read_corrections
from incentives.operations.read_statement import read_statement, statement_payee
from incentives.operations.recalculate import recalculate
from incentives.operations.record_activities import record_activities
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.operations.turn_day import turn_day
from incentives.store import ledger, markers, people, teams
from incentives.store.calculation_issues import issues_of
from incentives.store.companies import the_company
from incentives.store.snapshot import one_moment
from incentives.store.transaction import writing
from incentives.verify.book import Book
from incentives.verify.report import as_document, run
from tests.conftest import NOW, copy_sqlite
from tests.operations.model_of_history import MANAGER, POINTS, Deal, History, Subject, Version
from tests.world import World

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))

NAMES = {"ana": "Ana", "bo": "Bo", "cy": "Cy", MANAGER: "Mo"}
SELLERS = ("ana", "bo", "cy")
FIRST_DAY, DAYS = date(2026, 9, 1), 150
STARTS = datetime(2026, 12, 10, 15, 0, tzinfo=UTC)
MONTHS = ("2026-09", "2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04")

days = st.integers(0, DAYS).map(lambda number: FIRST_DAY + timedelta(days=number))
# Few hours, so that deals happen at the same moment now and then.
moments = st.builds(
    lambda day, hour: datetime.combine(day, time(hour), UTC), days, st.sampled_from([9, 12])
)
amounts = (st.integers(10_000, 900_000) | st.integers(-50_000, 1_000)).map(
    lambda cents: Decimal(cents).scaleb(-2)
)
rates = st.integers(10, 200).map(lambda tenths: Decimal(tenths).scaleb(-3))
PARTS = (
    (Decimal(100),),
    (Decimal(60), Decimal(40)),
    (*[Decimal("33.333333")] * 2, Decimal("33.333334")),
)
shares = st.tuples(st.permutations(SELLERS), st.sampled_from(PARTS)).map(
    lambda drawn: tuple(zip(drawn[0], drawn[1], strict=False))
)
told = st.fixed_dictionaries(
    {
        "occurred": moments,
        "amount": amounts,
        "currency": st.sampled_from(["USD", "USD", "EUR"]),
        "shares": shares,
    }
)
versions = st.builds(
    Version, days, flat=rates, below=rates, above=rates, points=st.integers(0, 50), override=rates
)


def document(version: Version):
    """The model's plan as the product reads it."""

    def component(key, kind, *, yields="money", measure="revenue", rule, **more):
        return {
            "key": key,
            "name": key,
            "yields": yields,
            "measure": measure,
            "rule": {"kind": kind, **rule},
            **more,
        }

    tiers = [{"up_to": "1", "rate": str(version.below)}, {"rate": str(version.above)}]
    return {
        "schema": 1,
        "name": "History",
        "currency": "USD",
        "components": [
            component("flat", "flat_rate", rule={"rate": str(version.flat)}),
            component(
                "tiers",
                "marginal_rate",
                accumulates="year",
                quota_span="whole",
                rule={"tiers_by": "attainment", "tiers": tiers},
            ),
            component(
                "points",
                "per_unit",
                yields="points",
                measure="deals_won",
                rule={"amount": str(version.points)},
            ),
            component(
                "override", "flat_rate", credited="team", rule={"rate": str(version.override)}
            ),
        ],
    }


class HistoryMachine(RuleBasedStateMachine):
    deals = Bundle("deals")

    def __init__(self, fresh_world):
        super().__init__()
        self.world: World = fresh_world()
        self.world.now = STARTS
        self.model = History()
        self.lines = {}
        self.corrections_seen = set()
        self.frozen = {}

    @initialize(version=versions, first_deals=st.lists(told, min_size=6, max_size=6))
    def a_company(self, version, first_deals):
        world = self.world
        self.ids = {code: world.payee(name) for code, name in NAMES.items()}
        self.codes = {payee_id: code for code, payee_id in self.ids.items()}
        world.team("West")
        self._move(MANAGER, "west", FIRST_DAY)
        self.model.homes = {code: {date(2020, 1, 1): "east"} for code in SELLERS}
        with writing() as session:
            mo = session.get(people.Person, self.ids[MANAGER])
            east = teams.team_by_code("east")
            join_team(session, mo, east, role=teams.MANAGER, by=None, now=world.now)
        first = replace(version, first_day=date(2020, 1, 1))
        world.plan(document(first))
        self.model.versions.append(first)
        for code in SELLERS:
            self.set_quota(code, 2026, 5000)
        self.an_exchange_rate(FIRST_DAY, Decimal("1.10"))
        self._tell(first_deals)

    # What is told

    @rule(target=deals, told=told)
    def a_deal(self, told):
        return self._tell([told])[0]

    @rule(target=deals, told=told, hours=st.integers(1, 40))
    def a_deal_dated_ahead(self, told, hours):
        ahead = self.world.now + timedelta(hours=hours)
        return self._tell([{**told, "occurred": ahead}])[0]

    @rule(told=st.lists(told, min_size=2, max_size=4))
    def several_at_once(self, told):
        self._tell(told)

    @rule(name=deals, told=told)
    def a_deal_is_told_anew(self, name, told):
        """Another amount, day, owner or currency; one dated ahead; one that is open again."""
        self._record(replace(self.model.deals[name], **told, reversed=False))

    @rule(name=deals, amount=amounts)
    def an_amount_changes(self, name, amount):
        self._record(replace(self.model.deals[name], amount=amount))

    @rule(name=deals, shares=shares)
    def the_owner_changes(self, name, shares):
        self._record(replace(self.model.deals[name], shares=shares))

    @rule(name=deals)
    def a_deal_is_reversed(self, name):
        self._record(replace(self.model.deals[name], reversed=True))

    @rule(name=deals)
    def a_deal_comes_again(self, name):
        (answer,) = self._record(self.model.deals[name])
        assert answer.status == "unchanged"

    # What holds

    @rule(code=st.sampled_from(SELLERS), team=st.sampled_from(["east", "west"]), day=days)
    def a_move(self, code, team, day):
        self._move(code, team, day)
        homes = {first: at for first, at in self.model.homes[code].items() if first < day}
        self.model.homes[code] = {**homes, day: team}

    @rule(
        code=st.sampled_from(SELLERS),
        year=st.sampled_from([2026, 2027]),
        amount=st.sampled_from([None, 0, 1000, 2500, 5000, 9999]),
    )
    def set_quota(self, code, year, amount):
        self.world.quota(self.ids[code], amount, period=str(year))
        self.model.quotas[code, year] = Decimal(amount) if amount else None

    @rule(version=versions)
    def a_plan_version(self, version):
        newest = self.model.versions[-1]
        version = replace(version, first_day=max(version.first_day, newest.first_day))
        publish_plan_version(
            document(version),
            first_day=version.first_day,
            slug="history",
            by=None,
            now=self.world.now,
        )
        self.model.versions.append(version)

    @rule(day=days, worth=st.integers(1, 300).map(lambda cents: Decimal(cents).scaleb(-2)))
    def an_exchange_rate(self, day, worth):
        rate = Rate("EUR", "USD", day, worth, "ECB")
        set_exchange_rates([rate], by=None, now=self.world.now)
        self.model.euro[day] = worth

    @rule(hours=st.integers(1, 30) | st.integers(1, 30 * 24))
    def time_goes_by(self, hours):
        self.world.now += timedelta(hours=hours)
        turn_day(now=self.world.now)
        call_due(now=self.world.now)

    # What is closed

    @rule()
    def a_month_is_locked(self):
        """The next one, where it is over and everything in it is paid."""
        self.refresh()
        month = next_to_lock(now=self.world.now)
        if month is None:
            return
        is_over = month.end_day <= self.world.now.date()
        hindered = [found.code for found in hindrances(month, now=self.world.now)]
        if hindered:
            assert ("not_over" in hindered) == (not is_over)
            assert ("in_the_way" in hindered) <= bool(issues_of())
            with pytest.raises(Refused):
                lock_period(month.key, by=None, now=self.world.now)
            return
        assert is_over
        lock_period(month.key, by=None, now=self.world.now)
        self.model.locked_until = month.key
        self.frozen |= self._files(month.key)

    @rule(
        code=st.sampled_from(SELLERS),
        cents=st.integers(-50_000, 50_000).filter(bool),
        month=st.sampled_from(MONTHS),
    )
    def an_adjustment(self, code, cents, month):
        month = min(month, f"{self.world.now:%Y-%m}")
        said = {"amount": Decimal(cents).scaleb(-2), "reason": "As agreed", "period": month}
        if self.model.is_closed(month):
            with pytest.raises(Refused):
                adjust_pay(self.ids[code], **said, by=None, now=self.world.now)
        else:
            adjust_pay(self.ids[code], **said, by=None, now=self.world.now)
            self.model.adjusted[code, month] += cents

    # What is worked in

    @rule()
    def refresh(self):
        self.world.refresh()
        self._compare()

    @rule()
    def two_refreshes_at_once(self):
        """One reads, the other does it all; what the first would write is thrown away."""
        behind = markers.stale_payees()
        due = refresh_payees._work_out(behind, self.world.now)
        self.world.refresh()
        assert sorted(refresh_payees._store(due, self.world.now)) == sorted(behind)
        self._compare()

    @rule()
    def everything_is_calculated_anew(self):
        self.world.refresh()
        self._compare()
        posted = recalculate(sorted(self.codes), clock=lambda: self.world.now)
        assert posted == 0

    @invariant()
    def what_is_posted_stays(self):
        lines = self._posted_lines()
        assert self.lines.items() <= lines.items()
        self.lines = lines

    def teardown(self):
        self.refresh()
        with one_moment() as snapshot:
            book = Book(snapshot, self.world.now, settled=True, acknowledged=None)
            book.boards = shown_boards(book)
            found = as_document(book, run(book, checks_called(())))
        assert found["differences"] == 0, found

    # How it is told and compared

    def _tell(self, several):
        self.world.now += timedelta(minutes=1)
        names = [f"D{len(self.model.deals) + number:04}" for number in range(len(several))]
        self._record(
            *(
                Deal(name, received=self.world.now, **told)
                for name, told in zip(names, several, strict=True)
            )
        )
        return names

    def _record(self, *told):
        self.world.now += timedelta(minutes=1)
        self.model.deals |= {deal.name: deal for deal in told}
        answers = record_activities(list(enumerate(map(_activity, told))), now=self.world.now)
        assert not any(answer.issues for answer in answers), answers
        return answers

    def _move(self, code, team, day):
        with writing() as session:
            person = session.get(people.Person, self.ids[code])
            home = teams.team_by_code(team)
            join_team(session, person, home, first_day=day, by=None, now=self.world.now)

    def _compare(self):
        moved = self.model.refresh(self.world.now)
        assert self._posted_sums() == {key: sum_ for key, sum_ in self.model.posted.items() if sum_}
        assert self._adjusted_sums() == {k: sum_ for k, sum_ in self.model.adjusted.items() if sum_}
        self._compare_corrections(moved)
        for month in {month for month, _ in self.frozen}:
            assert self._files(month).items() <= self.frozen.items()
        assert markers.stale_payees() == []

    def _compare_corrections(self, moved):
        """Each correction says what was and is now as the model does, and why."""
        said = {}
        for payee_id in self.ids.values():
            subjects = {
                line.sequence: self._subject(line)
                for line in ledger.lines_from(payee_id, MONTHS, ["money"])
            }
            for period in MONTHS:
                for each in read_corrections(payee_id, [period]):
                    if (payee_id, each.sequence) not in self.corrections_seen:
                        self.corrections_seen.add((payee_id, each.sequence))
                        said[subjects[each.sequence]] = (each.before_minor, each.after_minor)
                        assert each.because not in ("", NOT_SAID)
        paid = {subject: move for subject, move in moved.items() if subject.component != POINTS}
        assert said.items() <= paid.items()
        assert said.keys() >= {
            subject
            for subject, move in paid.items()
            if move.before or self.model.is_closed(subject.origin)
        }

    def _subject(self, line):
        name = db.session.scalar(
            text("SELECT external_id FROM activity WHERE id = :id"), {"id": line.activity_id}
        )
        payee = self.codes[line.payee_id]
        return Subject(payee, line.component.key, name, line.origin_period)

    def _posted_sums(self):
        query = text(
            "SELECT payee_id, component.key, external_id, origin_period, period, "
            "posted_line.amount FROM posted_line JOIN component ON component.id = component_id "
            "JOIN activity ON activity.id = activity_id"
        )
        sums = Counter()
        for payee_id, component, name, origin, period, amount in db.session.execute(query):
            sums[Subject(self.codes[payee_id], component, name, origin), period] += amount
        return {key: amount for key, amount in sums.items() if amount}

    def _adjusted_sums(self):
        query = text(
            "SELECT payee_id, period, sum(amount) FROM posted_line WHERE activity_id = 0 "
            "GROUP BY payee_id, period"
        )
        found = db.session.execute(query)
        return {(self.codes[payee], period): int(cents) for payee, period, cents in found if cents}

    def _files(self, month):
        """What a locked month hands over, to the byte."""
        calendar = the_company().calendar
        period = calendar.period_named(month)
        return {
            (month, code): statement_file(
                read_statement(
                    statement_payee(code), period, now=self.world.now, may_see=lambda day: True
                )
            )
            for code in self.ids
        }

    def _posted_lines(self):
        db.session.rollback()
        rows = db.session.execute(text("SELECT * FROM posted_line")).mappings()
        return {(row["payee_id"], row["sequence"]): tuple(row.values()) for row in rows}


def _activity(deal):
    return Activity(
        source="crm",
        external_id=deal.name,
        kind=WON,
        shares=tuple(Share(payee, percent) for payee, percent in deal.shares),
        occurred_at=deal.occurred,
        amount=deal.amount,
        currency=deal.currency,
        reversed=deal.reversed,
    )


@pytest.fixture
def fresh_world(app, fresh_copy):
    """A new company each time, in a database that is empty again."""

    def make():
        db.session.remove()
        db.engine.dispose()
        fresh_copy()
        return World(app, NOW)

    return make


@pytest.fixture
def fresh_copy(request, database_url, sqlite_template, sqlite_file):
    if database_url.startswith("sqlite"):
        return lambda: copy_sqlite(sqlite_template, sqlite_file)
    return request.getfixturevalue("copy_postgres")


def test_any_history_gives_what_the_model_says(fresh_world, database_url):
    quick, steps = (5, 25) if database_url.startswith("sqlite") else (2, 20)
    run_state_machine_as_test(
        lambda: HistoryMachine(fresh_world),
        settings=settings(
            max_examples=EXAMPLES or quick,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
