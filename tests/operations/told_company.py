"""A small company that random histories are told to, and what it should have by the model."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import text

from incentives.core.activity import WON, Activity, Share
from incentives.extensions import db
from incentives.operations.change_people import join_team
from incentives.operations.correction_causes import NOT_SAID
from incentives.operations.export_statement import statement_file
from incentives.operations.read_corrections import read_corrections
from incentives.operations.read_statement import read_statement, statement_payee
from incentives.operations.record_activities import record_activities
from incentives.store import ledger, markers, people, teams
from incentives.store.companies import the_company
from incentives.store.transaction import writing
from tests.operations.drawn_histories import MONTHS, STARTS
from tests.operations.model_of_history import POINTS, Deal, History, Subject
from tests.world import World


class ToldCompany:
    """A company that is told things, beside the model that is told the same, and compared."""

    def __init__(self, fresh_world):
        super().__init__()
        self.world: World = fresh_world()
        self.world.now = STARTS
        self.model = History()
        self.lines = {}
        self.corrections_seen = set()
        self.frozen = {}

    def tell(self, several):
        self.world.now += timedelta(minutes=1)
        names = [f"D{len(self.model.deals) + number:04}" for number in range(len(several))]
        self.record(
            *(
                Deal(name, received=self.world.now, **told)
                for name, told in zip(names, several, strict=True)
            )
        )
        return names

    def record(self, *told):
        self.world.now += timedelta(minutes=1)
        self.model.deals |= {deal.name: deal for deal in told}
        answers = record_activities(list(enumerate(map(_activity, told))), now=self.world.now)
        assert not any(answer.issues for answer in answers), answers
        return answers

    def move(self, code, team, day):
        with writing() as session:
            person = session.get(people.Person, self.ids[code])
            home = teams.team_by_code(team)
            join_team(session, person, home, first_day=day, by=None, now=self.world.now)

    def compare(self):
        moved = self.model.refresh(self.world.now)
        assert self._posted_sums() == {key: sum_ for key, sum_ in self.model.posted.items() if sum_}
        assert self._adjusted_sums() == {k: sum_ for k, sum_ in self.model.adjusted.items() if sum_}
        self._compare_corrections(moved)
        for month in {month for month, _ in self.frozen}:
            assert self.files(month).items() <= self.frozen.items()
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

    def files(self, month):
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

    def posted_lines(self):
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
