"""A second reckoning of what payees earned: from the raw facts and the plan documents alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from incentives.verify import plain_rules
from incentives.verify.book import Book, Component
from incentives.verify.exactly import whole
from incentives.verify.facts import Fact, Rates, facts_of, in_currency, one_for_each_activity

FOREVER = "9999-12-31"
# Activity and period -> whole units.
Sums = dict[tuple[int, str], int]


class Version(NamedTuple):
    """A plan version in force on days [first_day, end_day), as ISO texts."""

    first_day: str
    end_day: str
    document: Mapping[str, Any]

    def component(self, key: str) -> Mapping[str, Any] | None:
        return next((c for c in self.document["components"] if c["key"] == key), None)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a payee should have of a component; `why_not` says why that was left to the engine."""

    component: Component
    sums: Sums
    why_not: str | None = None


class Reckoning:
    """Reckons one payee after the other; what they have in common is read once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._rates = Rates(book)

    def of(self, payee_id: int) -> Iterator[Reckoned]:
        """Every component of every plan the payee was ever on."""
        stays = self._stays(payee_id)
        if not stays:
            return
        facts = facts_of(self._book, payee_id)
        quotas = self._quotas(payee_id)
        for plan_id, spans in stays.items():
            versions = self._versions[plan_id]
            currency = versions[-1].document["currency"]
            mine = in_currency(facts, currency, self._rates)
            for component in self._components[plan_id]:
                why_not = self._why_not(payee_id, versions, component, quotas)
                sums: Sums = defaultdict(int)
                if why_not is None:
                    for first_day, end_day in spans:
                        inside = list(_within(versions, first_day, end_day))
                        self._add_up(component, inside, mine, quotas, sums)
                yield Reckoned(component, sums, why_not)

    def _why_not(
        self,
        payee_id: int,
        versions: Sequence[Version],
        component: Component,
        quotas: Mapping[str, Mapping[str, Fraction]],
    ) -> str | None:
        if self._book.company["weeks_pattern"]:
            return "months counted in weeks"
        if payee_id in self._cancelled_after_a_lock and any(
            (version.document.get("claw_back") or {}).keys() - {"policy"}
            or (version.document.get("claw_back") or {}).get("policy", "restate_origin")
            != "restate_origin"
            for version in versions
        ):
            return "claw-back"
        for version in versions:
            said = version.component(component.key)
            if said is None:
                continue
            why_not = plain_rules.why_not_plain(said)
            if why_not is None and plain_rules.needs_quota(said):
                why_not = _quota_is_divided(version.document, said, quotas)
            if why_not is not None:
                return why_not
        return None

    def _add_up(
        self,
        component: Component,
        versions: Sequence[Version],
        facts: list[Fact],
        quotas: Mapping[str, Mapping[str, Fraction]],
        sums: Sums,
    ) -> None:
        """One stay on a plan. What was accumulated goes on from version to version."""
        reached: dict[str, Fraction] = defaultdict(Fraction)
        days = self._book.days
        for version in versions:
            said = version.component(component.key)
            if said is None:
                continue
            pays = version.document.get("pays", "month")
            span_kind = said.get("accumulates", "deal")
            for fact in self._counting(facts, said):
                if not version.first_day <= fact.day.isoformat() < version.end_day:
                    continue
                value = plain_rules.value_of(fact, said)
                if value is None or plain_rules.waits_for_rate(fact, said):
                    continue
                span = "" if span_kind == "deal" else days.key(fact.day, span_kind)
                start = reached[span] if span else Fraction(0)
                reached[span] = start + value
                quota = None
                if plain_rules.needs_quota(said):
                    quota = quotas.get(said["measure"], {}).get(span)
                    if not quota:
                        continue
                paid = plain_rules.earned(said, fact, value, start, quota)
                units = component.units if component.yields == "money" else 1
                sums[fact.activity_id, days.key(fact.day, pays)] += whole(paid * units)

    def _counting(self, facts: list[Fact], said: Mapping[str, Any]) -> list[Fact]:
        """The facts a component looks at: a share and an overlay of one deal are one credit."""
        wanted = said.get("credits", "all")
        if wanted == "all":
            return one_for_each_activity(facts)
        return [fact for fact in facts if fact.overlay == (wanted == "overlay")]

    # What is read

    def _stays(self, payee_id: int) -> dict[int, list[tuple[str, str]]]:
        rows = self._book.snapshot.rows(
            "SELECT plan_id, CAST(first_day AS VARCHAR(10)), CAST(end_day AS VARCHAR(10)) "
            "FROM assignment WHERE payee_id = ? ORDER BY id",
            payee_id,
        )
        found: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for plan_id, first_day, end_day in rows:
            found[plan_id].append((first_day, end_day or FOREVER))
        return found

    def _quotas(self, payee_id: int) -> dict[str, dict[str, Fraction]]:
        """By measure and period."""
        rows = self._book.snapshot.rows(
            "SELECT measure, period, amount FROM quota WHERE payee_id = ?", payee_id
        )
        found: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for measure, period, amount in rows:
            found[measure][period] = Fraction(amount, 10**6)
        return found

    @cached_property
    def _versions(self) -> dict[int, list[Version]]:
        """The versions of each plan, each until the next begins; of two that begin on one day the
        later number counts."""
        rows = self._book.snapshot.rows(
            "SELECT plan_id, CAST(first_day AS VARCHAR(10)), id FROM plan_version "
            "ORDER BY plan_id, first_day, number"
        )
        begun: dict[int, dict[str, int]] = defaultdict(dict)
        for plan_id, first_day, version_id in rows:
            begun[plan_id][first_day] = version_id
        return {
            plan_id: [
                Version(first_day, end_day, self._book.documents[version_id])
                for (first_day, version_id), end_day in zip(
                    found.items(), [*list(found)[1:], FOREVER], strict=True
                )
            ]
            for plan_id, found in begun.items()
        }

    @cached_property
    def _components(self) -> dict[int, list[Component]]:
        found: dict[int, list[Component]] = defaultdict(list)
        for component in self._book.components.values():
            if component.plan_id is not None:
                found[component.plan_id].append(component)
        return found

    @cached_property
    def _cancelled_after_a_lock(self) -> set[int]:
        """Whose reversed deals may have to be taken back as the plan says (semantics 19)."""
        if not self._book.locks:
            return set()
        rows = self._book.snapshot.rows(
            "SELECT DISTINCT payee_id FROM credit WHERE reversed_micros IS NOT NULL"
        )
        return {payee_id for (payee_id,) in rows}


def _within(versions: Sequence[Version], first_day: str, end_day: str) -> Iterator[Version]:
    for version in versions:
        begin, end = max(version.first_day, first_day), min(version.end_day, end_day)
        if begin < end:
            yield Version(begin, end, version.document)


def _quota_is_divided(
    document: Mapping[str, Any],
    said: Mapping[str, Any],
    quotas: Mapping[str, Mapping[str, Fraction]],
) -> str | None:
    """Whether a quota is anything but what was set for the very span."""
    if document.get("quotas"):
        return "prorated quota"
    span = said["accumulates"]
    kinds = {_kind_of(period) for period in quotas.get(said["measure"], {})}
    return "divided quota" if kinds - {span} else None


def _kind_of(period: str) -> str:
    """2026, 2026-Q4, 2026-W47, 2026-11, 2026-11-22."""
    if "Q" in period:
        return "quarter"
    if "W" in period:
        return "week"
    return ("year", "month", "day")[period.count("-")]
