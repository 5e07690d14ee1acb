"""What stands: the credits of a statement after claw-backs, one row at a time."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from dateutil.relativedelta import relativedelta

from tests.golden.statement import Row, Statement, day_of


class Blocked(Exception):
    """A number that is needed is not there; the code says which."""


@dataclass(frozen=True)
class Fact:
    """A credit that counts. `plan` is the version it is sliced by, `origin` that of its own day;
    `taken` the share of its line that is taken back in `taken_on`."""

    row: Row
    day: date
    place: tuple[Any, ...]
    plan: dict[str, Any]
    origin: dict[str, Any]
    sign: int = 1
    taken: Fraction = Fraction(0)
    taken_on: date | None = None


class Books:
    """One person's agreement, dates and facts."""

    def __init__(self, statement: Statement, name: str) -> None:
        self.statement, self.name = statement, name
        self.calendar = statement.calendar
        self.first_day, self.end_day = statement.assigned(name)
        self.pays = statement.versions[0][1].get("pays", "month")
        self.missing_rates: set[tuple[str, date]] = set()

    def plan_on(self, day: date) -> dict[str, Any] | None:
        if day < self.first_day or (self.end_day and day >= self.end_day):
            return None
        return self.version_on(day)

    def version_on(self, day: date) -> dict[str, Any] | None:
        begun = [plan for first, plan in self.statement.versions if first <= day]
        return begun[-1] if begun else None

    def pay_period(self, day: date):
        return self.calendar.period_of(day, self.pays)

    def last_day(self, period) -> date:
        """The last assigned day of a period."""
        return (
            min(period.last_day, self.end_day - relativedelta(days=1))
            if self.end_day
            else (period.last_day)
        )

    def facts(self, rows: list[Row], *, of_all: bool = False) -> list[Fact]:
        """What stands while the payee is assigned; of a pool `of_all`, whoever is in it."""
        plan_on = self.version_on if of_all else self.plan_on
        found = [fact for row in rows for fact in self._standing(row, plan_on)]
        return sorted(found, key=lambda fact: (fact.place, self.statement.payee_id(fact.row.payee)))

    def results(self, rows: list[Row]) -> list[Fact]:
        """What gates and multipliers read: also what came before or after the assignment."""
        beyond = [row for row in rows if not row.reversed and not self.plan_on(self.day(row))]
        any_plan = self.statement.versions[0][1]
        outside = [Fact(row, self.day(row), row.place, any_plan, any_plan) for row in beyond]
        return [*self.facts(rows), *outside]

    def day(self, row: Row) -> date:
        return self.calendar.day_of(row.occurred)

    def _standing(self, row: Row, plan_on) -> list[Fact]:
        day = self.day(row)
        plan = plan_on(day)
        if plan is None:
            return []
        fact = Fact(row, day, row.place, plan, plan)
        if row.reversed is None:
            return [fact]
        lock = self.statement.locks.get(self.pay_period(day).key)
        if lock is None or row.reversed < lock:
            return []
        terms = plan.get("claw_back", {"policy": "restate_origin"})
        on = self.calendar.day_of(row.reversed)
        if "within" in terms and on >= day + relativedelta(months=terms["within"]):
            return [fact]
        later = plan_on(on)
        match terms["policy"]:
            case "restate_origin":
                return []
            case "at_current_tier" if row.kind == "rating" and later is not None:
                return [fact]
            case "at_current_tier" if later is not None:
                place = (row.reversed, row.reversed, row.source, row.deal)
                return [fact, Fact(row, on, place, later, plan, sign=-1)]
            case "time_left":
                used = sum(day + relativedelta(months=n) <= on for n in range(terms["over"]))
                left = Fraction(terms["over"] - used, terms["over"])
                return [replace(fact, taken=left, taken_on=on)]
        return [replace(fact, taken=Fraction(1), taken_on=on)]

    def value(self, fact: Fact, measure: str) -> Fraction | None:
        """What a fact counts for a measure; None where it does not count."""
        row = fact.row
        kinds = {
            "revenue": ["deal_won"],
            "deals_won": ["deal_won"],
            "deals_closed": ["deal_won", "deal_lost"],
            "calls": ["call"],
            "meetings": ["meeting"],
            "demos": ["demo"],
        }[measure]
        if row.kind not in kinds:
            return None
        if measure != "revenue":
            return fact.sign * Fraction(row.quantity)
        return fact.sign * self.converted(fact)

    def converted(self, fact: Fact) -> Fraction:
        """A credit's amount in the currency of the plan."""
        return Fraction(fact.row.amount) * self._rate(fact)

    def _rate(self, fact: Fact) -> Fraction:
        row, day, to = fact.row, self.calendar.day_of(fact.row.occurred), fact.origin["currency"]
        if row.currency == to:
            return Fraction(1)
        held = [
            (day_of(each["from"]), Fraction(str(each["rate"])))
            for each in self.statement.get("rates", [])
            if (each["currency"], each["to"]) == (row.currency, to) and day_of(each["from"]) <= day
        ]
        if not held:
            raise Blocked("rate_missing")
        return max(held)[1]


def holds(conditions: dict[str, Any], row: Row) -> bool:
    def one(said: dict[str, Any]) -> bool:
        name, value = said["field"], said["value"]
        if name in ("amount", "kind", "source"):
            found = getattr(row, name)
        else:
            found = row.attributes.get(name, "")
        match said["comparison"]:
            case "is":
                return str(found) == value
            case "is_not":
                return str(found) != value
            case "is_one_of":
                return str(found) in value
            case "at_least":
                return Fraction(found) >= Fraction(str(value))
            case "below":
                return Fraction(found) < Fraction(str(value))
        raise AssertionError(said)

    some = conditions.get("any", [])
    return all(map(one, conditions.get("all", []))) and (not some or any(map(one, some)))
