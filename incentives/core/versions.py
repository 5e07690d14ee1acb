"""Which version of a plan holds for a payee on which days (semantics 4 and 21)."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from incentives.core.calendar import ALWAYS
from incentives.core.components import POOL, Component
from incentives.core.plans import Agreement, Plan

FOREVER = date.max


@dataclass(frozen=True, slots=True)
class VersionSpan:
    """A version in force for a payee over days [first_day, end_day)."""

    first_day: date
    end_day: date
    version_id: int
    plan_id: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class ComponentSpan:
    """A component as one version has it, over the days of that version."""

    first_day: date
    end_day: date
    version: VersionSpan
    component: Component


@lru_cache(maxsize=4096)
def version_spans(agreement: Agreement) -> tuple[VersionSpan, ...]:
    """The versions that hold during an assignment, in order; each ends where the next begins.

    Of two that begin on one day the later number counts.
    """
    begun = {v.first_day: v for v in sorted(agreement.versions, key=lambda v: v.number)}
    ordered = [begun[day] for day in sorted(begun)]
    ends = [later.first_day for _, later in pairwise(ordered)] + [FOREVER]
    last_end = agreement.end_day or FOREVER
    spans = [
        VersionSpan(
            max(version.first_day, agreement.first_day),
            min(end, last_end),
            version.id,
            version.plan_id,
            version.plan,
        )
        for version, end in zip(ordered, ends, strict=True)
    ]
    return tuple(span for span in spans if span.first_day < span.end_day)


def version_on(spans: Sequence[VersionSpan], day: date) -> VersionSpan | None:
    at = bisect_right(spans, day, key=lambda span: span.first_day) - 1
    return spans[at] if at >= 0 and day < spans[at].end_day else None


@lru_cache(maxsize=4096)
def component_spans(agreement: Agreement) -> Mapping[str, Sequence[ComponentSpan]]:
    """Where each component stands in the versions; it may be missing in some.

    Components come in the order in which they stand in the documents. What a pool earns, and what
    is left of a shared budget, does not depend on when one of its members came, so it is looked at
    over all days of the versions.
    """
    spans = version_spans(agreement)
    keys = dict.fromkeys(c.key for span in spans for c in span.plan.components)
    found = {key: _spans_of(spans, key) for key in keys}
    for key, pieces in found.items():
        component = pieces[-1].component
        if component.credited == POOL or component.shares_budget:
            found[key] = _spans_of(team_spans(agreement), key)
    return found


@lru_cache(maxsize=4096)
def team_spans(agreement: Agreement) -> tuple[VersionSpan, ...]:
    """The versions over all of their days, whenever the payee came or went."""
    return version_spans(Agreement(agreement.versions, ALWAYS, None))


def _spans_of(spans: Sequence[VersionSpan], key: str) -> list[ComponentSpan]:
    return [
        ComponentSpan(span.first_day, span.end_day, span, component)
        for span in spans
        if (component := span.plan.component(key)) is not None
    ]
