"""Many quotas at once, as a table of people or teams and periods is filled in: all, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from incentives.errors import Invalid
from incentives.operations.set_quota import quota_problem, set_quota, set_team_quota
from incentives.queue import ask_for_refresh
from incentives.store.people import Person
from incentives.store.teams import Team
from incentives.store.transaction import writing


@dataclass(frozen=True, slots=True)
class WantedQuota:
    """Of a payee or a team, by its id. `amount` None takes the quota away; `cell` names it in
    refusals."""

    holder_id: int
    period: str
    amount: Decimal | None
    cell: str


def change_quotas(
    measure: str,
    wanted: Sequence[WantedQuota],
    *,
    of_teams: bool = False,
    by: int | None,
    now: datetime,
) -> int:
    """Set these quotas of payees, or of teams. Returns how many were asked for. Raises Invalid
    naming each cell."""
    problems = {w.cell: [said] for w in wanted if (said := quota_problem(measure, w.amount))}
    if problems:
        raise Invalid("quota", "No quota was saved. Look at the marked cells.", fields=problems)
    with writing() as session:
        for each in wanted:
            _set(session, each, measure, of_teams, by, now)
    ask_for_refresh()
    return len(wanted)


def _set(
    session: Session,
    wanted: WantedQuota,
    measure: str,
    of_teams: bool,
    by: int | None,
    now: datetime,
) -> None:
    said = (measure, wanted.period, wanted.amount)
    if of_teams:
        set_team_quota(session, session.get_one(Team, wanted.holder_id), *said, by=by, now=now)
    else:
        set_quota(session, session.get_one(Person, wanted.holder_id), *said, by=by, now=now)
