"""Teams as the administrator sees them: where they are, who manages them, how many are in them."""

from dataclasses import dataclass
from datetime import date, datetime

from incentives.errors import NotFound
from incentives.store import teams
from incentives.store.companies import the_company
from incentives.store.teams import Membership, Team


@dataclass(frozen=True, slots=True)
class TeamReading:
    code: str
    name: str
    parent_code: str | None
    parent: str | None
    colour: int
    depth: int
    managers: list[Membership]
    members: list[Membership]
    retired_on: date | None
    today: date


def read_teams(*, now: datetime) -> list[TeamReading]:
    """Every team, each under the one it is inside."""
    today = the_company().calendar.day_of(now)
    inside: dict[int | None, list[Team]] = {}
    for team in teams.all_teams():
        inside.setdefault(team.parent_id, []).append(team)
    present = _present(today)

    def under(parent_id: int | None, depth: int) -> list[TeamReading]:
        found = []
        for team in inside.get(parent_id, []):
            found += [_reading(team, depth, present, today), *under(team.id, depth + 1)]
        return found

    return under(None, 0)


def read_team(code: str, *, now: datetime) -> TeamReading:
    team = teams.team_by_code(code)
    if team is None:
        raise NotFound("There is no team at this address.")
    today = the_company().calendar.day_of(now)
    return _reading(team, 0, _present(today), today)


def _present(today: date) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    for membership in teams.memberships_on(today):
        found.setdefault(membership.team_id, []).append(membership)
    return found


def _reading(
    team: Team, depth: int, present: dict[int, list[Membership]], today: date
) -> TeamReading:
    there = present.get(team.id, [])
    return TeamReading(
        code=team.code,
        name=team.name,
        parent_code=team.parent.code if team.parent else None,
        parent=team.parent.name if team.parent else None,
        colour=team.colour,
        depth=depth,
        managers=[each for each in there if each.role == teams.MANAGER],
        members=[each for each in there if each.role == teams.MEMBER and each.person.is_payee],
        retired_on=team.retired_on,
        today=today,
    )
