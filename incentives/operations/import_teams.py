"""Bring offices, teams, managers and agents up to date from a list of sales teams."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from incentives.core.calendar import ALWAYS
from incentives.ingest.csv_reading import Table
from incentives.ingest.sales_teams import FIELDS, Agent, read_sales_teams
from incentives.operations.change_people import add_person, add_team, join_team
from incentives.operations.import_file import columns_of
from incentives.operations.import_progress import (
    Progress,
    SoFar,
    Taken,
    report_of_rows,
    stored_in_chunks,
)
from incentives.operations.import_report import ImportReport, audit_report
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.companies import keep_people_as_they_are, the_company
from incentives.store.markers import mark_stale
from incentives.store.people import Person
from incentives.store.teams import MANAGER, Membership, Team, all_teams, membership_on

TEAM_COLOURS = 6


def import_teams(
    table: Table,
    *,
    columns: Mapping[str, str] | None = None,
    by: int | None,
    now: datetime,
    dry_run: bool = False,
    resume: SoFar | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Add new agents to their teams since always; move known ones on the day of the import.

    A team is called after its manager and belongs to an office. A move never moves history
    (semantics 4), and whoever the file leaves out stays where they are. Done again, or resumed,
    it changes nothing twice. Raises Invalid where the file as a whole cannot be used.
    """
    agents, issues = read_sales_teams(table, columns_of(table, FIELDS, columns))

    def take(session: Session, chunk: Sequence[Agent]) -> Taken:
        # Two files at once wait here for each other, so that nobody is added twice.
        keep_people_as_they_are(session)
        intake = _Intake(session, by, now)
        return Taken([intake.bring_in(agent) for agent in chunk], intake.made)

    so_far = stored_in_chunks(agents, take, dry_run=dry_run, resume=resume, progress=progress)
    if not dry_run:
        ask_for_refresh()
    report = report_of_rows(table, so_far, issues, dry_run=dry_run)
    audit_report("teams imported", "teams and people", report, by=by, now=now)
    return report


class _Intake:
    """One transaction of teams: who and what is known, and what was made."""

    def __init__(self, session: Session, by: int | None, now: datetime) -> None:
        self.session = session
        self.by = by
        self.now = now
        self.today = the_company().calendar.day_of(now)
        self.teams = {(team.name.casefold(), team.parent_id): team for team in all_teams()}
        self.people = _people_by_name(session)
        self.made: dict[str, list[str]] = {}

    def bring_in(self, agent: Agent) -> str:
        team = self._team(agent)
        person = self.people.get(agent.name.casefold())
        if person is None:
            person = self._add(agent.name, is_payee=True)
            self._join(person, team, ALWAYS)
            return CREATED
        if person.has_left(self.today):
            self._note("Gone, and not brought back", person.name)
            return UNCHANGED
        moved = self._move(person, team)
        return CHANGED if self._lets_earn(person) else moved

    def _lets_earn(self, person: Person) -> bool:
        """A manager who also sells, or somebody who could only sign in until now."""
        if person.is_payee:
            return False
        person.is_payee = True
        mark_stale(self.session, [person.id], self.now)
        record(
            self.session,
            "person changed",
            person.name,
            by=self.by,
            now=self.now,
            before={"earns": False},
            after={"earns": True},
        )
        return True

    def _note(self, sort: str, name: str) -> None:
        self.made.setdefault(sort, []).append(name)

    def _move(self, person: Person, team: Team) -> str:
        current = membership_on(person.id, self.today)
        if current is not None and current.team_id == team.id:
            return UNCHANGED
        was_somewhere = self.session.scalar(
            select(func.count()).where(Membership.person_id == person.id)
        )
        self._join(person, team, self.today if was_somewhere else ALWAYS)
        return CHANGED

    def _team(self, agent: Agent) -> Team:
        office = self._named(agent.office, None)
        team = self._named(agent.manager, office)
        manager = self.people.get(agent.manager.casefold())
        if manager is None:
            manager = self._add(agent.manager, is_payee=False)
            self._note("New managers", manager.name)
        if not self._manages(manager, team):
            join_team(
                self.session,
                manager,
                team,
                role=MANAGER,
                first_day=ALWAYS,
                by=self.by,
                now=self.now,
            )
        return team

    def _manages(self, manager: Person, team: Team) -> bool:
        query = select(func.count()).where(
            Membership.person_id == manager.id,
            Membership.team_id == team.id,
            Membership.role == MANAGER,
        )
        return bool(self.session.scalar(query))

    def _named(self, name: str, parent: Team | None) -> Team:
        key = name.casefold(), parent.id if parent else None
        if key not in self.teams:
            offices = sum(1 for _, parent_id in self.teams if parent_id is None)
            colour = parent.colour if parent else offices % TEAM_COLOURS + 1
            self.teams[key] = add_team(
                self.session, name, parent=parent, colour=colour, by=self.by, now=self.now
            )
            self._note("New teams" if parent else "New offices", name)
        return self.teams[key]

    def _add(self, name: str, *, is_payee: bool) -> Person:
        person = add_person(self.session, name, is_payee=is_payee, by=self.by, now=self.now)
        self.people[name.casefold()] = person
        return person

    def _join(self, person: Person, team: Team, first_day: date) -> None:
        join_team(self.session, person, team, first_day=first_day, by=self.by, now=self.now)


def _people_by_name(session: Session) -> dict[str, Person]:
    """People by name; of two with one name the payee, else the one who came first."""
    everybody: Sequence[Person] = session.scalars(
        select(Person).order_by(Person.is_payee, Person.id.desc())
    ).all()
    return {person.name.casefold(): person for person in everybody}
