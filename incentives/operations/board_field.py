"""Who stands on a board, whose results count for them, and on which days (semantics 4, 29)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from incentives.core.boards.definition import TEAMS, Definition
from incentives.core.boards.parts import PEOPLE, ROLES
from incentives.core.boards.parts import TEAMS as OF_TEAMS
from incentives.core.calendar import Period
from incentives.core.standings import Entrant
from incentives.store import people, teams
from incentives.store.teams import Stay, Team


@dataclass(frozen=True, slots=True)
class Spell:
    """The days [first_day, end_day) on which what a payee does counts for an entrant."""

    entrant_id: int
    first_day: date
    end_day: date | None

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.end_day is None or day < self.end_day)


@dataclass(frozen=True)
class Field:
    """`spells` are by payee. Where `takes_all`, whatever an entrant does counts, on whichever day:
    a board of everybody asks for no team. `is_part` says that others stand on the board, too."""

    entrants: Sequence[Entrant]
    spells: Mapping[int, Sequence[Spell]]
    takes_all: bool
    is_part: bool = False

    @property
    def payee_ids(self) -> Collection[int]:
        return self.spells.keys()

    def entrant_of(self, payee_id: int, day: date) -> int | None:
        """For whom it counts what a payee does on a day."""
        if self.takes_all:
            return payee_id if payee_id in self.spells else None
        spells = self.spells.get(payee_id, ())
        return next((spell.entrant_id for spell in spells if spell.covers(day)), None)

    @cached_property
    def _by_id(self) -> Mapping[int, Entrant]:
        return {entrant.id: entrant for entrant in self.entrants}

    @property
    def ids(self) -> Collection[int]:
        """Those of the entrants."""
        return self._by_id.keys()

    def counting(self, payee_ids: Iterable[int]) -> set[int]:
        """The entrants for whom these payees count on some day."""
        known = self._by_id
        if self.takes_all:
            return {payee_id for payee_id in payee_ids if payee_id in known}
        return {
            spell.entrant_id for payee_id in payee_ids for spell in self.spells.get(payee_id, ())
        } & known.keys()

    def only(self, entrant_ids: Collection[int]) -> "Field":
        """Some of the entrants, with all who count for them."""
        if self.takes_all:
            spells = {each: self.spells[each] for each in entrant_ids if each in self.spells}
        else:
            spells = {
                payee_id: own
                for payee_id, all_own in self.spells.items()
                if (own := [spell for spell in all_own if spell.entrant_id in entrant_ids])
            }
        known = self._by_id
        entrants = [known[each] for each in entrant_ids if each in known]
        return Field(entrants, spells, self.takes_all, is_part=True)

    def members_of(self, entrant_id: int) -> list[int]:
        """Whose results count for an entrant."""
        if self.takes_all:
            return [entrant_id] if entrant_id in self.spells else []
        return [
            payee_id
            for payee_id, spells in self.spells.items()
            if any(spell.entrant_id == entrant_id for spell in spells)
        ]


def the_field(definition: Definition, span: Period, team: Team | None) -> Field:
    """Everybody in the audience during a span, with 0 if nothing came; the hidden are not there.

    `team` narrows the board to what was done in it.
    """
    stays = teams.stays(span, _teams_inside(definition, team))
    if definition.entrants == TEAMS:
        return _of_teams(definition, stays)
    takes_all = definition.audience.of != OF_TEAMS and team is None
    wanted = _audience(definition)
    entrants = _people(stays, wanted, with_the_rest=takes_all)
    spells: dict[int, list[Spell]] = {each.id: [] for each in entrants}
    for stay in stays:
        if stay.payee_id in spells:
            spells[stay.payee_id].append(Spell(stay.payee_id, stay.first_day, stay.end_day))
    return without_hidden(definition, Field(entrants, spells, takes_all))


def without_hidden(definition: Definition, field: Field) -> Field:
    """The field without the people who do not stand on the board: nobody is behind them."""
    if not definition.hidden:
        return field
    hidden = _ids_of(definition.hidden)
    return Field(
        [entrant for entrant in field.entrants if entrant.id not in hidden],
        {payee_id: spells for payee_id, spells in field.spells.items() if payee_id not in hidden},
        field.takes_all,
    )


def _teams_inside(definition: Definition, team: Team | None) -> set[int] | None:
    """The teams in which a stay counts; None for all."""
    inside = None
    if definition.audience.of == OF_TEAMS:
        named = {each.code: each.id for each in teams.all_teams()}
        ids = [named[code] for code in definition.audience.named if code in named]
        inside = teams.with_teams_inside(ids)
    if team is not None:
        narrowed = teams.with_teams_inside([team.id])
        inside = narrowed if inside is None else inside & narrowed
    return inside


def _audience(definition: Definition) -> set[int] | None:
    """The payees whom the board names, by themselves or by their role; None for all."""
    if definition.audience.of == ROLES:
        return people.payees_with_roles(definition.audience.named)
    return _ids_of(definition.audience.named) if definition.audience.of == PEOPLE else None


def _ids_of(codes: Iterable[str]) -> set[int]:
    return set(people.ids_by_code(codes).values())


def _people(
    stays: Sequence[Stay], wanted: set[int] | None, *, with_the_rest: bool
) -> list[Entrant]:
    """Everybody who was there, each in the team they were in last. Who is named stands there also
    without a team."""
    last = {stay.payee_id: stay for stay in stays if wanted is None or stay.payee_id in wanted}
    found = [Entrant(stay.payee_id, stay.name, stay.office, stay.colour) for stay in last.values()]
    if wanted and with_the_rest:
        names = people.names_of(wanted - last.keys())
        found += [Entrant(payee_id, name) for payee_id, name in names.items()]
    return found


def _of_teams(definition: Definition, stays: Sequence[Stay]) -> Field:
    """Teams as entrants: those that are named, with all inside them, or each that has people."""
    team_of = _entrant_teams(definition)
    by_id = {team.id: team for team in teams.all_teams() if team.code not in definition.hidden}
    wanted = _audience(definition)
    spells: dict[int, list[Spell]] = defaultdict(list)
    for stay in stays:
        team_id = stay.team_id if team_of is None else team_of.get(stay.team_id)
        if team_id in by_id and (wanted is None or stay.payee_id in wanted):
            spells[stay.payee_id].append(Spell(team_id, stay.first_day, stay.end_day))
    here = {spell.entrant_id for each in spells.values() for spell in each}
    if team_of is not None:
        here |= set(team_of.values()) & by_id.keys()
    entrants = [_entrant(by_id[team_id]) for team_id in sorted(here)]
    return Field(entrants, dict(spells), takes_all=False)


def _entrant_teams(definition: Definition) -> dict[int, int] | None:
    """Which entrant each team counts for, where the board names its teams; the nearest one above
    where one named team is inside another."""
    if definition.audience.of != OF_TEAMS:
        return None
    above = teams.parents()
    named = {team.id for team in teams.all_teams() if team.code in definition.audience.named}
    found: dict[int, int] = {}
    for team_id in above:
        at: int | None = team_id
        while at is not None and at not in named:
            at = above[at]
        if at is not None:
            found[team_id] = at
    return found


def _entrant(team: Team) -> Entrant:
    office = team.parent or team
    return Entrant(team.id, team.name, team.parent.name if team.parent else "", office.colour)


def began(payee_ids: Collection[int]) -> dict[int, date]:
    """The day on which each payee was first in a team."""
    found: dict[int, date] = {}
    for span in teams.spans():
        if span.role == teams.MEMBER and span.person_id in payee_ids:
            found.setdefault(span.person_id, span.first_day)
    return found
