"""From the lines of a calculation to what the ledger should say: its numbers, and named terms."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from incentives.core.ledger_lines import NO_LINES, Lines
from incentives.core.plans import canonical
from incentives.core.posting import Held, Target
from incentives.core.results import NO_ACTIVITY, ResultLine, Terms
from incentives.core.working import SCALE, read_working
from incentives.store.line_terms import TermsSaid, terms_called


def wanted_lines(
    lines: Sequence[ResultLine], components: Mapping[tuple[int, str], int]
) -> tuple[Lines, dict[str, TermsSaid]]:
    """What a payee should have, and what the names of the terms stand for."""
    if not lines:
        return NO_LINES, {}
    terms, activity_ids, origins, aspects, amounts, days, steps = zip(*lines, strict=True)
    said: dict[str, TermsSaid] = {}
    names: list[str] = []
    components_named: list[int] = []
    # Many lines share one object, which is told apart sooner than what it says.
    for _, run in groupby(terms, key=id):
        same = list(run)
        found = _said(same[0], components)
        name = found.hash
        said[name] = found
        names += [name] * len(same)
        components_named += [found.component_id] * len(same)
    if NO_ACTIVITY in activity_ids:
        aspects = _numbered(origins, activity_ids, components_named, aspects)
    return (
        Lines(
            components=components_named,
            activity_ids=activity_ids,
            origins=origins,
            aspects=aspects,
            amounts=amounts,
            days=list(map(_day_texts.__getitem__, days)),
            terms=names,
            steps=steps,
        ),
        said,
    )


class _DayTexts(dict[date, str]):
    """Days as texts: the few that come again and again are made once."""

    def __missing__(self, day: date) -> str:
        text = self[day] = day.isoformat()
        return text


_day_texts = _DayTexts()


def _said(terms: Terms, components: Mapping[tuple[int, str], int]) -> TermsSaid:
    component = components[terms.plan_id, terms.component]
    return TermsSaid(component, terms.plan_version_id, canonical(terms.working))


def _numbered(
    origins: Sequence[str],
    activity_ids: Sequence[int],
    components: Sequence[int],
    aspects: Sequence[str],
) -> list[str]:
    """Two assignments, or two versions, may each pay for the same period: the aspect of the second
    line is numbered, so that each is about a subject of its own."""
    seen: Counter[tuple[str, int, str]] = Counter()
    numbered = list(aspects)
    for at, activity_id in enumerate(activity_ids):
        if activity_id == NO_ACTIVITY:
            key = origins[at], components[at], aspects[at]
            seen[key] += 1
            if seen[key] > 1:
                numbered[at] = f"{aspects[at]}-{seen[key]}"
    return numbered


class Explanations:
    """Compares what lines say in other words. `said` is what is already known by name."""

    def __init__(self, session: Session, said: Mapping[str, TermsSaid]) -> None:
        self._session = session
        self._known = dict(said)

    def say_the_same(self, held: Held[str], target: Target[str]) -> bool:
        """Whether two workings are one, only written over another scale: the numbers of a payee
        stand over a finer one as soon as a finer share or rate is among them."""
        was, now = self._called(held.terms), self._called(target.terms)
        if was[:2] != now[:2]:
            return False
        before, after = json.loads(was.content), json.loads(now.content)
        if {**before, SCALE: ""} != {**after, SCALE: ""}:
            return False
        return read_working(before, held.steps) == read_working(after, target.steps)

    def _called(self, name: str) -> TermsSaid:
        if name not in self._known:
            self._known[name] = terms_called(self._session, name)
        return self._known[name]
