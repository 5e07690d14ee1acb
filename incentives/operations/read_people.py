"""People as the administrator sees them: who they are, where they are, what they may do."""

from dataclasses import dataclass
from datetime import date, datetime

from incentives.store import people, teams
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.store.teams import Stay

ACTIVE, RETIRED, EVERYBODY = "active", "retired", "all"
# For filters: those who cannot sign in.
NO_SIGN_IN = "none"


@dataclass(frozen=True, slots=True)
class PersonRow:
    code: str
    name: str
    email: str | None
    is_payee: bool
    role: str | None
    team: str | None
    manages: str
    team_code: str | None
    colour: int
    retired_on: date | None
    is_retired: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    rows: list[PersonRow]
    found: int
    total: int


def read_people(
    *,
    words: str = "",
    role: str = "",
    team: str = "",
    state: str = ACTIVE,
    offset: int = 0,
    limit: int = 100,
    now: datetime,
) -> PeoplePage:
    """The people who fit, by name, a page of them."""
    today = the_company().calendar.day_of(now)
    stays = _stays_on(today)
    codes = {each.id: each.code for each in teams.all_teams()}
    managed = _managed_on(today)
    rows = [
        _row(person, stays.get(person.id), codes, ", ".join(managed.get(person.id, [])), now, today)
        for person in people.everyone()
    ]
    inside = _codes_inside(team, codes) if team else None
    found = [
        row
        for row in rows
        if (state == EVERYBODY or row.is_retired == (state == RETIRED))
        and (not role or (row.role or NO_SIGN_IN) == role)
        and (inside is None or row.team_code in inside)
        and _has_words(row, words)
    ]
    return PeoplePage(found[offset : offset + limit], len(found), len(rows))


def _stays_on(day: date) -> dict[int, Stay]:
    span = the_company().calendar.period_of(day, "day")
    return {stay.payee_id: stay for stay in teams.stays(span)}


def _managed_on(day: date) -> dict[int, list[str]]:
    """The names of the teams each person manages."""
    found: dict[int, list[str]] = {}
    for membership in teams.memberships_on(day):
        if membership.role == teams.MANAGER:
            found.setdefault(membership.person_id, []).append(membership.team.name)
    return found


def _row(
    person: Person,
    stay: Stay | None,
    codes: dict[int, str],
    manages: str,
    now: datetime,
    today: date,
) -> PersonRow:
    login = person.login
    return PersonRow(
        code=person.code,
        name=person.name,
        email=person.email or (login.email if login else None),
        is_payee=person.is_payee,
        role=login.role if login and login.may_sign_in(now) else None,
        team=stay.team if stay else None,
        manages=manages,
        team_code=codes[stay.team_id] if stay else None,
        colour=stay.colour if stay else 0,
        retired_on=person.retired_on,
        is_retired=person.has_left(today),
    )


def _codes_inside(team: str, codes: dict[int, str]) -> set[str]:
    found = teams.team_by_code(team)
    return {codes[each] for each in teams.with_teams_inside([found.id])} if found else set()


def _has_words(row: PersonRow, words: str) -> bool:
    text = f"{row.name} {row.email or ''} {row.code}".casefold()
    return all(word in text for word in words.casefold().split())
