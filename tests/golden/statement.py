"""A golden statement: one file that tells a story, and what everyone in it is paid by hand.

The file is read into plain rows here. `case_of` hands them to the engine as core values; the naive
model reads the same rows and shares nothing with the engine but the calendar.

    story       what happens, with the arithmetic
    plan        the document; or `versions`, a list of {from, plan}
    company     {zone, fiscal_start_month, ...}, as the Calendar takes them
    people      name: {assigned: {from, until}, quotas: {measure: {period: amount}}, leave: [days]}
    teams       name: {manager, members: [{payee, from, until}], quotas}
    rates       [{currency, to, from, rate}]
    activities  [{on, payee or shares, amount, id, kind, currency, quantity, received, reversed}];
                whatever else is written is an attribute
    locks       {period: day or instant}
    as_of       the last day that has begun
    expected    name: lines such as "2026-01 commission D1 1100.00", in the order of the file
    issues      name: issues such as "2026-01 commission quota_missing"
    slices      name: workings such as "commission D2 5000 × 0.04 + 15000 × 0.06"
    payouts     name: settlements such as "2026-01 earned 2750.00 owed 0.00 paid 2750.00"; what is
                not named there is not looked at
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from incentives.core.activity import Credit
from incentives.core.calendar import ALWAYS, Calendar
from incentives.core.case import Case, Membership, Pool
from incentives.core.exchange import ExchangeRates, Rate
from incentives.core.plans import Agreement, PlanVersion, read_plan

FOLDER = Path(__file__).parent

_SAID = {
    "on", "payee", "shares", "amount", "id", "kind", "currency",
    "quantity", "received", "reversed", "source",
}  # fmt: skip


class _ExactLoader(yaml.SafeLoader):
    """Only whole numbers and true or false are more than text, so no float and no date comes in."""


_ExactLoader.yaml_implicit_resolvers = {}
_ExactLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]*)\Z"), list("-0123456789")
)
_ExactLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), list("tf")
)
_ExactLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"<<\Z"), ["<"])


@dataclass(frozen=True)
class Row:
    """One payee's share of one activity, in plain values."""

    number: int
    deal: str
    payee: str
    kind: str
    source: str
    occurred: datetime
    received: datetime
    reversed: datetime | None
    amount: Decimal
    currency: str
    quantity: Decimal
    overlay: bool
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[Any, ...]:
        return self.occurred, self.received, self.source, self.deal


@dataclass(frozen=True)
class Statement:
    name: str
    document: dict[str, Any]

    def get(self, name: str, default: Any = None) -> Any:
        return self.document.get(name, default)

    @cached_property
    def calendar(self) -> Calendar:
        company = dict(self.get("company", {}))
        zone = ZoneInfo(company.pop("zone", "UTC"))
        return Calendar(zone, **company)

    @cached_property
    def versions(self) -> list[tuple[date, dict[str, Any]]]:
        """The plan documents by the day they begin, in order."""
        if "plan" in self.document:
            return [(ALWAYS, self.document["plan"])]
        return [(day_of(each["from"]), each["plan"]) for each in self.get("versions")]

    @cached_property
    def people(self) -> dict[str, dict[str, Any]]:
        """Everyone, in the order they get their numbers: as listed, then as they come up."""
        people = {name: person or {} for name, person in self.get("people", {}).items()}
        for team in self.get("teams", {}).values():
            for member in team["members"]:
                people.setdefault(member["payee"], {})
        for activity in self.get("activities", []):
            for payee, _, _ in shares_of(activity):
                people.setdefault(payee, {})
        return people

    def payee_id(self, name: str) -> int:
        return self._numbers[name]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.people, 1)}

    def assigned(self, name: str) -> tuple[date, date | None]:
        span = self.people[name].get("assigned", {})
        return day_of(span.get("from", "2026-01-01")), optional_day(span.get("until"))

    def is_assigned(self, row: "Row") -> bool:
        first, end = self.assigned(row.payee)
        day = self.calendar.day_of(row.occurred)
        return first <= day and (end is None or day < end)

    def leave(self, name: str) -> frozenset[date]:
        return frozenset(day_of(day) for day in self.people[name].get("leave", []))

    def quotas(self, name: str) -> dict[tuple[str, str], Decimal]:
        return quotas_of(self.people[name].get("quotas", {}))

    @cached_property
    def as_of(self) -> date:
        return day_of(self.get("as_of"))

    @cached_property
    def locks(self) -> dict[str, datetime]:
        return {str(key): self.instant(at, time()) for key, at in self.get("locks", {}).items()}

    def instant(self, text: Any, at: time = time(12)) -> datetime:
        """An instant as written, or noon of a day; a lock falls at its beginning."""
        if len(str(text)) > len("2026-01-01"):
            return datetime.fromisoformat(str(text)).astimezone(UTC)
        return datetime.combine(day_of(text), at, self.calendar.zone).astimezone(UTC)

    def rows(self) -> list[Row]:
        """Every share of every activity, in the order of the file."""
        return self._rows

    @cached_property
    def _rows(self) -> list[Row]:
        currency = self.versions[0][1]["currency"]
        return [
            row
            for number, activity in enumerate(self.get("activities", []), 1)
            for row in self._shares_as_rows(number, activity, currency)
        ]

    def _shares_as_rows(self, number: int, said: dict[str, Any], currency: str) -> Iterator[Row]:
        occurred = self.instant(said["on"])
        cancelled = said.get("reversed")
        for payee, percent, overlay in shares_of(said):
            yield Row(
                number=number,
                deal=str(said.get("id", f"D{number}")),
                payee=payee,
                kind=said.get("kind", "deal_won"),
                source=said.get("source", "crm"),
                occurred=occurred,
                received=self.instant(said["received"]) if "received" in said else occurred,
                reversed=self.instant(cancelled) if cancelled else None,
                amount=Decimal(str(said.get("amount", 0))) * percent / 100,
                currency=said.get("currency", currency),
                quantity=Decimal(str(said.get("quantity", 1))) * percent / 100,
                overlay=overlay,
                attributes={k: str(v) for k, v in said.items() if k not in _SAID},
            )

    def rows_of(self, name: str) -> list[Row]:
        return [row for row in self.rows() if row.payee == name]

    def team_rows(self, name: str) -> list[Row]:
        """The credits of those the payee manages, one for each activity, without overlays."""
        whole: dict[int, Row] = {}
        for row in self.rows():
            teams = [t for t in self.get("teams", {}).values() if t.get("manager") == name]
            if row.overlay or not any(self._is_member(t, row) for t in teams):
                continue
            before = whole.get(row.number)
            amount, quantity = (before.amount, before.quantity) if before else (0, 0)
            whole[row.number] = replace(
                row, amount=row.amount + amount, quantity=row.quantity + quantity
            )
        return list(whole.values())

    def team_of(self, name: str) -> dict[str, Any] | None:
        for team in self.get("teams", {}).values():
            if any(member["payee"] == name for member in team["members"]):
                return team
        return None

    def pool_rows(self, name: str) -> list[Row]:
        """The credits of everyone in the payee's team, without overlays."""
        team = self.team_of(name)
        if team is None:
            return []
        return [row for row in self.rows() if not row.overlay and self._is_member(team, row)]

    def memberships(self, name: str) -> list[tuple[str, date, date | None]]:
        team = self.team_of(name) or {"members": []}
        return [
            (m["payee"], day_of(m.get("from", "0001-01-01")), optional_day(m.get("until")))
            for m in team["members"]
        ]

    def _is_member(self, team: dict[str, Any], row: Row) -> bool:
        day = self.calendar.day_of(row.occurred)
        return any(
            member["payee"] == row.payee
            and day_of(member.get("from", "0001-01-01")) <= day
            and (member.get("until") is None or day < day_of(member["until"]))
            for member in team["members"]
        )


def day_of(text: Any) -> date:
    return date.fromisoformat(str(text))


def optional_day(text: Any) -> date | None:
    return None if text is None else day_of(text)


def quotas_of(said: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Decimal]:
    return {
        (measure, str(period)): Decimal(str(amount))
        for measure, periods in said.items()
        for period, amount in periods.items()
    }


def shares_of(activity: dict[str, Any]) -> list[tuple[str, Decimal, bool]]:
    """(payee, per cent, whether an overlay) of "ana:60;bo:40;cy:20:overlay", or of one payee."""
    if "shares" not in activity:
        return [(activity["payee"], Decimal(100), False)]
    parts = [share.split(":") for share in activity["shares"].split(";")]
    return [(part[0].strip(), Decimal(part[1]), len(part) > 2) for part in parts]


def exact_yaml(text: str) -> Any:
    """What a text in YAML holds; every number but a whole one stays a text."""
    return yaml.load(text, _ExactLoader)


def read_statement(path: Path) -> Statement:
    return Statement(path.stem, exact_yaml(path.read_text()))


def all_statements() -> list[Statement]:
    return [read_statement(path) for path in sorted(FOLDER.glob("*.yaml"))]


def case_of(statement: Statement, name: str) -> Case:
    """A payee's part of a statement, as the engine takes it."""
    first_day, end_day = statement.assigned(name)
    versions = tuple(
        PlanVersion(number, 1, number, first, read_plan(document))
        for number, (first, document) in enumerate(statement.versions, 1)
    )
    team = statement.team_of(name)
    pool = team and Pool(
        members=[
            Membership(statement.payee_id(payee), first, end)
            for payee, first, end in statement.memberships(name)
        ],
        credits=[(statement.payee_id(r.payee), _credit(r)) for r in statement.pool_rows(name)],
        quotas=quotas_of(team.get("quotas", {})),
    )
    return Case(
        payee=statement.payee_id(name),
        agreements=[Agreement(versions, first_day, end_day)],
        credits=[_credit(row) for row in statement.rows_of(name)],
        quotas=statement.quotas(name),
        calendar=statement.calendar,
        as_of=statement.as_of,
        rates=ExchangeRates(
            Rate(each["currency"], each["to"], day_of(each["from"]), Decimal(str(each["rate"])))
            for each in statement.get("rates", [])
        ),
        locks=statement.locks,
        leave=statement.leave(name),
        team_credits=[_credit(row) for row in statement.team_rows(name)],
        pool=pool,
        everyone=[
            (statement.payee_id(row.payee), _credit(row))
            for row in statement.rows()
            if statement.is_assigned(row)
        ],
    )


def _credit(row: Row) -> Credit:
    return Credit(
        activity_id=row.number,
        source=row.source,
        external_id=row.deal,
        kind=row.kind,
        occurred_at=row.occurred,
        received_at=row.received,
        amount=row.amount,
        currency=row.currency,
        quantity=row.quantity,
        attributes=row.attributes,
        overlay=row.overlay,
        reversed_at=row.reversed,
    )
