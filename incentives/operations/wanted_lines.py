"""From the lines of a calculation to what the ledger should say: its numbers, and named terms."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from incentives.core.ledger_lines import Wanted
from incentives.core.plans import canonical
from incentives.core.posting import Held, Target
from incentives.core.results import NO_ACTIVITY, ResultLine, Terms
from incentives.core.working import SCALE, read_working
from incentives.store.posting import TermsSaid, terms_called


class WantedLines:
    """What one payee should have. `terms` says what the lines name by a hash."""

    def __init__(
        self,
        session: Session,
        lines: Sequence[ResultLine],
        components: Mapping[tuple[int, str], int],
    ) -> None:
        self._session = session
        self._components = components
        self.terms: dict[str, TermsSaid] = {}
        # Many lines share one object, which is told apart sooner than what it says.
        names: dict[int, tuple[int, str]] = {}
        self.lines: list[Wanted] = []
        for terms, activity_id, period, aspect, amount, day, steps in lines:
            found = names.get(id(terms))
            if found is None:
                found = names[id(terms)] = self._name(terms)
            self.lines.append((period, activity_id, found[0], aspect, amount, day, found[1], steps))
        _number_those_of_one_period(self.lines)

    def _name(self, terms: Terms) -> tuple[int, str]:
        component = self._components[terms.plan_id, terms.component]
        said = TermsSaid(component, terms.plan_version_id, canonical(terms.working))
        name = said.hash
        self.terms[name] = said
        return component, name

    def say_the_same(self, held: Held[str], target: Target[str]) -> bool:
        """Whether two workings are one, only written over another scale: the numbers of a payee
        stand over a finer one as soon as a finer share or rate is among them."""
        was, now = self._said(held.terms), self._said(target.terms)
        if was[:2] != now[:2]:
            return False
        before, after = json.loads(was.content), json.loads(now.content)
        if {**before, SCALE: ""} != {**after, SCALE: ""}:
            return False
        return read_working(before, held.steps) == read_working(after, target.steps)

    def _said(self, name: str) -> TermsSaid:
        if name not in self.terms:
            self.terms[name] = terms_called(self._session, name)
        return self.terms[name]


def _number_those_of_one_period(lines: list[Wanted]) -> None:
    """Two assignments, or two versions, may each pay for the same period: the aspect of the second
    line is numbered, so that each is about a subject of its own."""
    seen: Counter[tuple[str, int, str]] = Counter()
    for at, line in enumerate(lines):
        origin, activity_id, component, aspect, *_ = line
        if activity_id == NO_ACTIVITY:
            key = origin, component, aspect
            seen[key] += 1
            if seen[key] > 1:
                lines[at] = (*line[:3], f"{aspect}-{seen[key]}", *line[4:])
