"""What payees should have, worked out from nothing, beside what is posted to them (semantics 26).

Reads alone. Unlike a refresh it looks neither at markers nor at what was worked out before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from incentives.core.calculate import calculate
from incentives.extensions import db
from incentives.operations.payee_cases import PayeeCases
from incentives.operations.recalculate import portions
from incentives.operations.wanted_lines import wanted_lines
from incentives.store import ledger
from incentives.store.driver import Driver

# Component, activity, origin period and aspect.
Subject = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What each subject of a payee sums to in the ledger, and what the engine gives it now."""

    payee_id: int
    posted: Mapping[Subject, int]
    wanted: Mapping[Subject, int]

    @property
    def differing(self) -> list[Subject]:
        subjects = self.posted.keys() | self.wanted.keys()
        return sorted(s for s in subjects if self.posted.get(s, 0) != self.wanted.get(s, 0))


def recompute(payee_ids: Sequence[int], *, now: datetime) -> Iterator[Recomputed]:
    """Each payee calculated from an empty ledger, in portions, in the transaction that is open."""
    session = db.session()
    components = ledger.all_plan_components(session)
    cases = PayeeCases(session, now=now)
    for portion in portions(payee_ids):
        for case in cases.of(portion):
            lines, _ = wanted_lines(calculate(case.case, case.columns).lines, components)
            subjects = zip(
                lines.components, lines.activity_ids, lines.origins, lines.aspects, strict=True
            )
            wanted = dict(zip(subjects, lines.amounts, strict=True))
            yield Recomputed(case.case.payee, _posted(case.case.payee), wanted)


def _posted(payee_id: int) -> dict[Subject, int]:
    """By subject, of what plans give; prizes and adjustments are no engine's."""
    rows = Driver(db.session()).rows(
        "SELECT l.component_id, l.activity_id, l.origin_period, l.aspect, "
        "CAST(sum(l.amount) AS BIGINT) "
        "FROM posted_line l JOIN component c ON c.id = l.component_id "
        "WHERE l.payee_id = ? AND c.plan_id IS NOT NULL "
        "GROUP BY l.component_id, l.activity_id, l.origin_period, l.aspect",
        payee_id,
    )
    return {
        (component, activity_id, origin, aspect): n
        for component, activity_id, origin, aspect, n in rows
    }
