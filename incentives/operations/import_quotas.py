"""Take a list of quotas in, of payees and of teams: all good rows, and a report on the others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from incentives.core.activity import Issue
from incentives.core.case import TARGET_INCENTIVE
from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.quota_table import QuotaRow, read_quotas
from incentives.operations.import_file import unreadable
from incentives.operations.import_report import ImportReport, in_order
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED
from incentives.operations.set_quota import quota_problem, set_quota, set_team_quota
from incentives.queue import ask_for_refresh
from incentives.store import people, teams
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.store.teams import Team
from incentives.store.transaction import writing


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose quotas somebody may set, by id, and whether target incentives too."""

    payees: Collection[int]
    teams: Collection[int]
    targets: bool


def everybody() -> Reach:
    """The reach of whoever runs the company."""
    every_team = [team.id for team in teams.all_teams()]
    return Reach(people.payee_ids(), every_team, targets=True)


@dataclass(frozen=True, slots=True)
class _Known:
    """The people and teams within reach, by what a list calls them."""

    payees: dict[str, int]
    teams: dict[str, int]
    targets: bool


def import_quotas(content: bytes, *, reach: Reach, by: int | None, now: datetime) -> ImportReport:
    """Set every good quota of a CSV or JSON list. The same list again changes nothing. Raises
    Invalid where it cannot be read as a whole."""
    try:
        rows, issues = read_quotas(content, the_company().calendar)
    except Unreadable as error:
        raise unreadable(error) from error
    known = _known(rows, reach)
    refusals = [issue for row in rows for issue in _problems(row, known)]
    refusals += _said_again(rows, known)
    refused = {issue.row for issue in refusals}
    with writing() as session:
        statuses = [_set(session, row, known, by, now) for row in rows if row.row not in refused]
    if statuses.count(UNCHANGED) < len(statuses):
        ask_for_refresh()
    found = in_order([*issues, *refusals])
    rejected = len({issue.row for issue in found})
    return ImportReport(
        rows=len(statuses) + rejected,
        created=statuses.count(CREATED),
        changed=statuses.count(CHANGED),
        unchanged=statuses.count(UNCHANGED),
        rejected=rejected,
        issues=found,
    )


def _known(rows: Sequence[QuotaRow], reach: Reach) -> _Known:
    payees = people.payees_called({row.payee for row in rows if row.payee})
    by_name = teams.teams_called({row.team for row in rows if row.team})
    return _Known(
        {name: found for name, found in payees.items() if found in reach.payees},
        {name: found for name, found in by_name.items() if found in reach.teams},
        reach.targets,
    )


def _problems(row: QuotaRow, known: _Known) -> list[Issue]:
    """What the list alone does not show: who is meant, and what may be set for them."""
    found = []
    if row.payee and row.payee not in known.payees:
        message = f"Nobody whose quota you set is called {row.payee}. Write a code or a full name."
        found.append(Issue(row.row, "payee", "unknown_payee", message, row.payee))
    if row.team and row.team not in known.teams:
        message = f"No team whose quota you set is called {row.team}. Write its code or name."
        found.append(Issue(row.row, "team", "unknown_team", message, row.team))
    if row.measure == TARGET_INCENTIVE and row.team:
        message = "A target incentive is a person's. Write a payee."
        found.append(Issue(row.row, "team", "target_of_team", message, row.team))
    elif row.measure == TARGET_INCENTIVE and not known.targets:
        message = "A target incentive tells of pay. A manager of the person sets it."
        found.append(Issue(row.row, "measure", "not_yours", message, row.measure))
    if problem := quota_problem(row.measure, row.amount):
        found.append(Issue(row.row, "amount", "bad_amount", problem, format(row.amount, "f")))
    return found


def _said_again(rows: Sequence[QuotaRow], known: _Known) -> list[Issue]:
    """Rows about a quota that an earlier row is about, under another name of the same person or
    team."""
    found, seen = [], set()
    for row in rows:
        holder = known.payees.get(row.payee), known.teams.get(row.team)
        key = (*holder, row.measure, row.period.key)
        if key in seen and any(holder):
            message = "An earlier row says this quota under another name. Keep one of the two."
            found.append(Issue(row.row, "period", "twice", message, row.period.key))
        seen.add(key)
    return found


def _set(session: Session, row: QuotaRow, known: _Known, by: int | None, now: datetime) -> str:
    said = (row.measure, row.period.key, row.amount)
    if row.team:
        team = session.get_one(Team, known.teams[row.team])
        return set_team_quota(session, team, *said, by=by, now=now)
    payee = session.get_one(Person, known.payees[row.payee])
    return set_quota(session, payee, *said, by=by, now=now)
