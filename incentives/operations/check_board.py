"""Check a board's document: by the schema, and against the people, teams and contests there are."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import ValidationError

from incentives.core.boards.definition import TEAMS, Definition, read_definition
from incentives.core.boards.parts import LEAGUES, PEOPLE
from incentives.core.boards.parts import TEAMS as OF_TEAMS
from incentives.core.calendar import PERIOD_KINDS, Calendar
from incentives.core.refusals import dotted, flat
from incentives.core.words import did_you_mean
from incentives.errors import Invalid
from incentives.store import contests, people, teams
from incentives.store.companies import the_company

NOT_SAVED = "The board was not saved. Look at the marked fields."

Problems = dict[str, list[str]]


def checked_board(document: Mapping[str, Any]) -> Definition:
    """The board that a document describes. Raises Invalid naming each field by its path."""
    try:
        definition = read_definition(document)
    except ValidationError as error:
        problems: Problems = {}
        for path, sentence in flat(error.normalized_messages()):  # type: ignore[no-untyped-call]
            problems.setdefault(dotted(path), []).append(sentence)
        raise Invalid("board", NOT_SAVED, fields=problems) from error
    found = _problems(definition, the_company().calendar)
    if found:
        raise Invalid("board", NOT_SAVED, fields=found)
    return definition


def _problems(definition: Definition, calendar: Calendar) -> Problems:
    problems: Problems = {}
    period, divide = definition.span.period, definition.divide
    if period and period not in PERIOD_KINDS and calendar.period_named(period) is None:
        problems["span.period"] = [
            f"{period} is no period. Write {', '.join(PERIOD_KINDS)} or a key such as 2026-Q4."
        ]
    if divide and divide.by == LEAGUES:
        first = calendar.period_named(divide.since)
        if first is None or first.kind != period:
            problems["divide.since"] = [f"Write the {period} in which the leagues begin."]
    if definition.contest and contests.contest_by_slug(definition.contest) is None:
        known = [contest.slug for contest in contests.all_contests()]
        problems["scores"] = [
            f"There is no contest {definition.contest}.{did_you_mean(definition.contest, known)}"
        ]
    problems.update(_unknown_names(definition))
    return problems


def _unknown_names(definition: Definition) -> Problems:
    problems: Problems = {}
    of = {OF_TEAMS: _unknown_teams, PEOPLE: _unknown_people}.get(definition.audience.of)
    if of and (sentence := of(definition.audience.named)):
        problems["audience.named"] = [sentence]
    unknown = _unknown_teams if definition.entrants == TEAMS else _unknown_people
    if sentence := unknown(definition.hidden):
        problems["hidden"] = [sentence]
    return problems


def _unknown_people(codes: Iterable[str]) -> str:
    wanted = set(codes)
    return _sentence(wanted - people.ids_by_code(wanted).keys(), "Nobody has the code")


def _unknown_teams(codes: Iterable[str]) -> str:
    known = {team.code for team in teams.all_teams()}
    return _sentence(set(codes) - known, "No team has the code")


def _sentence(unknown: Iterable[str], words: str) -> str:
    """Names up to ten of them."""
    names = sorted(unknown)[:10]
    return f"{words} {', '.join(names)}." if names else ""
