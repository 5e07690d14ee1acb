"""Who is on a plan, in which team and under whom on which days (semantics 4)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from incentives.core.calendar import ALWAYS, Period


@dataclass(frozen=True, slots=True)
class Stay:
    """A payee's days [first_day, end_day) on the plan, in one team and under one manager.

    `row` says where it was read. `target` is the target incentive in major units for a period,
    `leave` the single days off. Team and manager are "" where there is none.
    """

    row: int
    payee: str
    name: str = ""
    team: str = ""
    manager: str = ""
    first_day: date = ALWAYS
    end_day: date | None = None
    target: tuple[Period, Decimal] | None = None
    leave: frozenset[date] = frozenset()

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.end_day is None or day < self.end_day)

    def meets(self, other: "Stay") -> bool:
        """Whether two stays have a day in common."""
        begins_in_time = other.end_day is None or self.first_day < other.end_day
        return begins_in_time and (self.end_day is None or other.first_day < self.end_day)


class Roster:
    """People by number, from 1 in the order in which they are listed.

    A person is called by code or full name, in small or capital letters; a full name that two
    share calls nobody. Stays of one person have no day in common.
    """

    def __init__(self, stays: Iterable[Stay]) -> None:
        self._stays: dict[int, list[Stay]] = {}
        self._by_code: dict[str, int] = {}
        for stay in stays:
            number = self._by_code.setdefault(stay.payee.casefold(), len(self._by_code) + 1)
            self._stays.setdefault(number, []).append(stay)
        for found in self._stays.values():
            found.sort(key=lambda stay: stay.first_day)
        self._by_name = self._full_names()

    @property
    def numbers(self) -> Sequence[int]:
        return list(self._stays)

    def find(self, called: str) -> int | None:
        key = called.casefold()
        return self._by_code.get(key) or self._by_name.get(key)

    def code(self, number: int) -> str:
        return self._stays[number][0].payee

    def name(self, number: int) -> str:
        """The full name where one is known, else the code."""
        return next((s.name for s in self._stays[number] if s.name), self.code(number))

    def stays(self, number: int) -> Sequence[Stay]:
        """In order of their days."""
        return self._stays[number]

    def spans(self, number: int) -> list[tuple[date, date | None]]:
        """Days [first, end) on the plan: stays that follow one another are one assignment."""
        spans: list[tuple[date, date | None]] = []
        for stay in self._stays[number]:
            if spans and spans[-1][1] == stay.first_day:
                spans[-1] = (spans[-1][0], stay.end_day)
            else:
                spans.append((stay.first_day, stay.end_day))
        return spans

    def leave(self, number: int) -> frozenset[date]:
        return frozenset().union(*(stay.leave for stay in self._stays[number]))

    def team_on(self, number: int, day: date) -> str:
        return self._team(self._stay_on(number, day))

    @property
    def teams(self) -> set[str]:
        """Every team, in small letters."""
        return {self._team(stay) for stays in self._stays.values() for stay in stays} - {""}

    def members(self, team: str) -> Iterator[tuple[int, Stay]]:
        """Everybody who ever was in a team, in order of their numbers, with each stay in it."""
        for number in self.numbers:
            yield from (
                (number, stay)
                for stay in self._stays[number]
                if self._team(stay) == team.casefold()
            )

    def managers_on(self, number: int, day: date) -> Iterator[int]:
        """Those above somebody on a day, the nearest first. Nobody comes twice, or is their own."""
        seen = {number}
        stay = self._stay_on(number, day)
        while stay is not None and stay.manager:
            above = self.find(stay.manager)
            if above is None or above in seen:
                return
            seen.add(above)
            yield above
            stay = self._stay_on(above, day)

    def _stay_on(self, number: int, day: date) -> Stay | None:
        return next((stay for stay in self._stays[number] if stay.covers(day)), None)

    @staticmethod
    def _team(stay: Stay | None) -> str:
        return stay.team.casefold() if stay else ""

    def _full_names(self) -> dict[str, int]:
        owners: dict[str, set[int]] = {}
        for number, stays in self._stays.items():
            for stay in stays:
                owners.setdefault(stay.name.casefold(), set()).add(number)
        return {name: min(found) for name, found in owners.items() if len(found) == 1}
