"""Whatever is told, in whatever order: the ledger sums to what a model by hand says, nothing that
was posted changes, and every correction says why.

Random histories through the real operations. A quick run tries a few; `EXAMPLES=500` more.
"""

import os
from dataclasses import replace
from datetime import date, timedelta
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

from incentives.cli.shown_boards import shown_boards
from incentives.cli.verify import checks_called
from incentives.core.exchange import Rate
from incentives.errors import Refused
from incentives.extensions import db
from incentives.operations import refresh_payees
from incentives.operations.adjust_pay import adjust_pay
from incentives.operations.call_due import call_due
from incentives.operations.change_people import join_team
from incentives.operations.lock_period import lock_period
from incentives.operations.pay_months import hindrances, next_to_lock
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.recalculate import recalculate
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.operations.turn_day import turn_day
from incentives.store import markers, people, teams
from incentives.store.calculation_issues import issues_of
from incentives.store.snapshot import one_moment
from incentives.store.transaction import writing
from incentives.verify.book import Book
from incentives.verify.report import as_document, run
from tests.conftest import NOW, copy_sqlite
from tests.operations.drawn_histories import (
    FIRST_DAY,
    MONTHS,
    NAMES,
    SELLERS,
    amounts,
    days,
    document,
    shares,
    told,
    versions,
)
from tests.operations.model_of_history import MANAGER
from tests.operations.told_company import ToldCompany
from tests.world import World

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))


class HistoryMachine(ToldCompany, RuleBasedStateMachine):
    deals = Bundle("deals")

    @initialize(version=versions, first_deals=st.lists(told, min_size=6, max_size=6))
    def a_company(self, version, first_deals):
        world = self.world
        self.ids = {code: world.payee(name) for code, name in NAMES.items()}
        self.codes = {payee_id: code for code, payee_id in self.ids.items()}
        world.team("West")
        self.move(MANAGER, "west", FIRST_DAY)
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
        self.tell(first_deals)

    # What is told

    @rule(target=deals, told=told)
    def a_deal(self, told):
        return self.tell([told])[0]

    @rule(target=deals, told=told, hours=st.integers(1, 40))
    def a_deal_dated_ahead(self, told, hours):
        ahead = self.world.now + timedelta(hours=hours)
        return self.tell([{**told, "occurred": ahead}])[0]

    @rule(told=st.lists(told, min_size=2, max_size=4))
    def several_at_once(self, told):
        self.tell(told)

    @rule(name=deals, told=told)
    def a_deal_is_told_anew(self, name, told):
        """Another amount, day, owner or currency; one dated ahead; one that is open again."""
        self.record(replace(self.model.deals[name], **told, reversed=False))

    @rule(name=deals, amount=amounts)
    def an_amount_changes(self, name, amount):
        self.record(replace(self.model.deals[name], amount=amount))

    @rule(name=deals, shares=shares)
    def the_owner_changes(self, name, shares):
        self.record(replace(self.model.deals[name], shares=shares))

    @rule(name=deals)
    def a_deal_is_reversed(self, name):
        self.record(replace(self.model.deals[name], reversed=True))

    @rule(name=deals)
    def a_deal_comes_again(self, name):
        (answer,) = self.record(self.model.deals[name])
        assert answer.status == "unchanged"

    # What holds

    @rule(code=st.sampled_from(SELLERS), team=st.sampled_from(["east", "west"]), day=days)
    def a_move(self, code, team, day):
        self.move(code, team, day)
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
        self.frozen |= self.files(month.key)

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
        self.compare()

    @rule()
    def two_refreshes_at_once(self):
        """One reads, the other does it all; what the first would write is thrown away."""
        behind = markers.stale_payees()
        due = refresh_payees._work_out(behind, self.world.now)
        self.world.refresh()
        assert sorted(refresh_payees._store(due)) == sorted(behind)
        self.compare()

    @rule()
    def everything_is_calculated_anew(self):
        self.world.refresh()
        self.compare()
        posted = recalculate(sorted(self.codes), clock=lambda: self.world.now)
        assert posted == 0

    @invariant()
    def what_is_posted_stays(self):
        lines = self.posted_lines()
        assert self.lines.items() <= lines.items()
        self.lines = lines

    def teardown(self):
        self.refresh()
        with one_moment() as snapshot:
            book = Book(snapshot, self.world.now, settled=True, acknowledged=None)
            book.boards = shown_boards(book)
            found = as_document(book, run(book, checks_called(())))
        assert found["differences"] == 0, found


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


@pytest.mark.slow
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
