"""The naive model: a plan as a payroll clerk would work it, row by row.

Written from the plan format alone. It is slow, has no cleverness and shares nothing with the
engine but the calendar, so that the two can be held against each other.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.golden.statement import Row, Statement, quotas_of
from tests.naive.by_activity import activity_amounts
from tests.naive.by_period import AMOUNT_LIKE, due, in_period, pays_by_period, rate_paid
from tests.naive.facts import Blocked, Books, Fact, holds
from tests.naive.quotas import NaiveQuotas
from tests.naive.tables import decimals_of, divided, exact, half_up, reaches, tier_reached

_LENGTHS = ["deal", "day", "week", "month", "quarter", "year"]


def _as_text(said: dict[str, Any]) -> str:
    return json.dumps(said, sort_keys=True, default=str)


@dataclass
class NaiveLine:
    """`amount` is in minor units, whole points or badges; `exact` what it was before rounding."""

    component: str
    deal: str | None
    period: str
    aspect: str
    day: date
    exact: Fraction
    amount: int = 0
    fact: Fact | None = None
    base: Fraction = Fraction(0)
    rates: dict[Any, Fraction] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    currency: str = "USD"


class Naive:
    """One payee's lines: `lines()` of every component, and the `issues` met on the way."""

    def __init__(self, statement: Statement, name: str) -> None:
        self.statement, self.name = statement, name
        self.books = Books(statement, name)
        self.calendar = self.books.calendar
        self.issues: set[tuple[str, str, str]] = set()
        self.results = self.books.results(statement.rows_of(name))
        self.quotas = NaiveQuotas(self.books, statement.quotas(name))
        team = statement.team_of(name) or {}
        self.team_quotas = NaiveQuotas(self.books, quotas_of(team.get("quotas", {})))
        self._audiences: dict[tuple[str, str], list[Fact]] = {}
        self._done: dict[str, list[NaiveLine]] = {}

    def lines(self) -> list[NaiveLine]:
        keys = [c["key"] for _, plan in self.statement.versions for c in plan["components"]]
        for key in dict.fromkeys(keys):
            self._done[key] = self._component(key)
        return [line for lines in self._done.values() for line in lines]

    # One component, from facts to lines

    def _component(self, key: str) -> list[NaiveLine]:
        self.blocked: set[str] = set()
        lines = [*self._by_activity(key), *self._by_period(key)]
        if any(line.said.get("credited") == "pool" for line in lines):
            lines = self._pool(key, lines)
        for line in lines:
            line.amount = half_up(line.exact * self._unit(line))
        self._budget(lines)
        if not any(line.said.get("credited") == "pool" for line in lines):
            self._cap(lines)
        return [*lines, *self._taken_back(lines), *self._floors(key, lines)]

    def _unit(self, line: NaiveLine) -> int:
        money = line.said["yields"] == "money"
        return 10 ** decimals_of(line.currency) if money else 1

    def _issue(self, key: str, day: date, blocked: Blocked) -> None:
        period = self.books.pay_period(day).key
        self.issues.add((key, period, str(blocked)))
        if str(blocked) != "rate_missing":
            self.blocked.add(period)

    def audience(self, said: dict[str, Any]) -> list[Fact]:
        """The facts a component is credited with, before its conditions."""
        whose, kind = said.get("credited", "own"), said.get("credits", "all")
        if (whose, kind) not in self._audiences:
            rows = {
                "own": self.statement.rows_of,
                "team": self.statement.team_rows,
                "pool": self.statement.pool_rows,
            }[whose](self.name)
            self._audiences[whose, kind] = self.books.facts(
                one_for_each_activity(rows, kind), of_all=whose == "pool"
            )
        return self._audiences[whose, kind]

    def _alone(self, fact: Fact, key: str) -> Fact | None:
        """A deal that is paid alone has no current tier: it is taken back at the rate paid."""
        said = component(fact.origin, key)
        if fact.row.reversed is None or said is None or said.get("accumulates", "deal") != "deal":
            return fact
        if fact.sign < 0:
            return None
        if any(each.row == fact.row and each.sign < 0 for each in self._candidates(key)):
            on = self.calendar.day_of(fact.row.reversed)
            return replace(fact, taken=Fraction(1), taken_on=on)
        return fact

    def counted(self, key: str, facts: list[Fact] | None = None):
        """Every fact with what it is worth to a component and how far it moves its table."""
        found = []
        for fact in self._candidates(key) if facts is None else facts:
            said, own = component(fact.origin, key), component(fact.plan, key)
            if said is None or own is None:
                continue
            if facts is None:
                if fact not in self.audience(said):
                    continue
                fact = self._alone(fact, key)
                if fact is None or (fact.taken and said.get("credited") == "pool"):
                    # Nobody has a line of their own of which a pool could take back.
                    continue
            value = moves = self._worth_if_known(key, fact, said, said)
            if "attainment" in said:
                moves = self._worth_if_known(key, fact, said, said["attainment"])
            if value is not None or moves is not None:
                found.append((fact, own, value or Fraction(0), moves or Fraction(0)))
        return found

    def _candidates(self, key: str) -> list[Fact]:
        """All that some version of the component is credited with, in order."""
        found: list[Fact] = []
        for _, plan in self.statement.versions:
            said = component(plan, key)
            found += [f for f in self.audience(said) if f not in found] if said else []
        return sorted(found, key=lambda f: (f.place, self.statement.payee_id(f.row.payee)))

    def _worth_if_known(self, key, fact, said, basis) -> Fraction | None:
        """A money measure without a rate counts nothing; a count of it still counts."""
        try:
            return self.worth(fact, said, basis["measure"], basis.get("conditions", {}))
        except Blocked as blocked:
            self._issue(key, fact.day, blocked)
            return None

    def worth(self, fact, said, measure, conditions) -> Fraction | None:
        if "window" in said:
            happened = self.calendar.day_of(fact.row.occurred).isoformat()
            if not said["window"]["from"] <= happened < said["window"]["until"]:
                return None
        value = self.books.value(fact, measure)
        if value is None:
            return None
        converted = (
            replace(fact.row, amount=self.books.converted(fact))
            if any(row["field"] == "amount" for rows in conditions.values() for row in rows)
            else fact.row
        )
        return value if holds(conditions, converted) else None

    # Lines by activity

    def _by_activity(self, key: str) -> list[NaiveLine]:
        spans = defaultdict(list)
        for fact, said, value, moves in self.counted(key):
            spans[self.span_key(fact, said)].append((fact, said, value, moves))
        lines = []
        for entries in spans.values():
            for fact, said, value, amount in activity_amounts(self, key, entries):
                if not self._gate_holds(said, fact.day, key):
                    amount = Fraction(0)
                amount *= self._factor(said, key, fact.day)
                lines.append(
                    NaiveLine(
                        key, fact.row.deal, self.books.pay_period(fact.day).key,
                        "taken_back" if fact.sign < 0 else "earned", fact.day, amount,
                        fact=fact, base=value, said=said, currency=fact.plan["currency"],
                    )
                )  # fmt: skip
        return sorted(lines, key=lambda line: line.fact.place)

    def span_key(self, fact: Fact, said: dict[str, Any]) -> Any:
        if said.get("accumulates", "deal") == "deal":
            return fact.place, fact.row.payee, fact.sign
        return self.calendar.period_of(fact.day, said["accumulates"]).key

    # Lines by period

    def pay_periods(self, of_all: bool = False) -> list[Any]:
        """The pay periods begun while assigned to some version of the plan, or all `of_all`."""
        begun, end = self.statement.versions[0][0], self.books.end_day
        first = max(self.books.first_day, begun)
        if of_all:
            days = [self.books.day(row) for row in self.statement.rows()]
            first, end = max(begun, min([first, *days])), None
        periods, period = [], self.books.pay_period(first)
        while period.first_day <= self.statement.as_of and (end is None or period.first_day < end):
            periods.append(period)
            period = self.calendar.after(period)
        return periods

    def _is_pool(self, key: str) -> bool:
        """A team earns the same whoever of it asks."""
        said = component(self.statement.versions[0][1], key)
        return said is not None and said.get("credited") == "pool"

    def _by_period(self, key: str) -> list[NaiveLine]:
        facts = self.counted(key)
        paid: dict[str, Fraction] = defaultdict(Fraction)
        lines = []
        for period in self.pay_periods(of_all=self._is_pool(key)):
            day = period.last_day if self._is_pool(key) else self.books.last_day(period)
            plan = self.books.version_on(day)
            said = plan and component(plan, key)
            if not said or not pays_by_period(said):
                continue
            accumulates = said.get("accumulates", "deal")
            if accumulates == "deal":
                continue
            pays = _LENGTHS.index(period.kind)
            longer = _LENGTHS.index(accumulates) > pays
            spans = self._spans_paid(key, period, accumulates, longer=longer)
            amounts, rates, blocked = [], {}, None
            for span in spans:
                until = period.end_day if longer else span.end_day
                try:
                    holds, factor = self._times(said, key, span, period)
                    if not longer and not self._counts(said, facts, span, period):
                        continue
                    if longer and said.get("to_date", "due_less_paid") == "in_period":
                        amount = in_period(self, said, facts, span, period)
                    else:
                        amount = due(self, said, facts, span, period, until)
                        amount -= paid[span.key] if longer else 0
                    rates |= self._rates_paid(said, facts, span, until, period, factor)
                except Blocked as found:
                    blocked = found
                    continue
                amounts.append(factor * amount)
                if longer and holds:
                    paid[span.key] += amount
            if blocked:
                # The other spans of the pay period are paid all the same.
                self.issues.add((key, period.key, str(blocked)))
                if any(fact.day < period.end_day for fact, *_ in facts):
                    self.blocked.add(period.key)
                if not amounts:
                    continue
            amount = sum(amounts, Fraction(0))
            lines.append(
                NaiveLine(
                    key, None, period.key, "earned", day, amount,
                    rates=rates, said=said, currency=plan["currency"],
                )
            )  # fmt: skip
        return lines

    def _spans_paid(self, key: str, period, accumulates: str, *, longer: bool) -> list:
        """The spans that a pay period lies in (a week may lie in two months), or the shorter ones
        that begin in it, with a day on which there is a plan."""
        spans = self.calendar.parts(period, accumulates)
        if not longer:
            spans = [span for span in spans if span.first_day in period]
        if len(spans) == 1 or self._is_pool(key):
            return spans
        if not longer:
            return [span for span in spans if self._has_plan(span)]
        days = [period.first_day + timedelta(days=n) for n in range(period.days)]
        on = {self.calendar.period_of(d, accumulates).key for d in days if self.books.plan_on(d)}
        return [span for span in spans if span.key in on]

    def _has_plan(self, span) -> bool:
        days = (span.first_day + timedelta(days=n) for n in range(span.days))
        return any(self.books.plan_on(day) for day in days)

    def judged_on(self, said, span, period) -> date:
        """The last day on which what is paid for a span in a period was earned: the spans of
        tests are those in which it lies."""
        last = period.last_day if said.get("credited") == "pool" else self.books.last_day(period)
        return min(span.last_day, last)

    def _times(self, said, key, span, period) -> tuple[bool, Fraction]:
        """Whether the gate holds for a span, and what gate and multiplier leave of its amount."""
        day = self.judged_on(said, span, period)
        holds_here, factor = self._gate_holds(said, day, key), self._factor(said, key, day)
        return holds_here, factor if holds_here else Fraction(0)

    def _rates_paid(self, said, facts, span, until, period, times) -> dict[Any, Fraction]:
        """What a unit was paid; where there is a rate, by the versions of the deals in the span."""
        owns = [
            own
            for fact, own, *_ in facts
            if fact.day in span and period.first_day <= fact.day < until and pays_by_period(own)
        ]
        if said["rule"]["kind"] in AMOUNT_LIKE:
            owns = []
        return {
            (span.key, _as_text(own)): times * rate_paid(self, own, facts, span, until, period)
            for own in [said, *owns]
        }

    # Gates and multipliers

    def _counts(self, said, facts, span, period) -> bool:
        """Whether a short span has a say: without a quota and without any deal it has none."""
        try:
            due(self, said, facts, span, period, span.end_day)
        except Blocked:
            return any(fact.day in span for fact, *_ in facts)
        return True

    def _gate_holds(self, said: dict[str, Any], day: date, key: str) -> bool:
        gate = said.get("gate")
        if not gate:
            return True
        judged = gate.get("judged", "whole")
        every = [self.test_holds(t, said, day, judged, key) for t in gate.get("all", [])]
        some = [self.test_holds(t, said, day, judged, key) for t in gate.get("any", [])]
        return all(every) and (not some or any(some))

    def test_holds(self, test, said, day, judged, key) -> bool:
        try:
            found = self.reading(test, said, day, judged)
        except Blocked as blocked:
            self.issues.add((key, self.books.pay_period(day).key, str(blocked)))
            return False
        return reaches(found, test["at_least"], said.get("at_bound", "upper"))

    def reading(self, test, said, day: date, judged: str) -> Fraction:
        """A result, an attainment or earnings over the test's span, whole or so far."""
        at = self.books.pay_period(day)
        span = self.calendar.period_of(day, test["over"])
        until = at.end_day if judged == "to_date" else span.end_day
        if "component" in test:
            return sum(
                Fraction(line.amount, self._unit(line))
                for line in self._done[test["component"]]
                if line.day in span and line.day < until
            )
        result = Fraction(0)
        for fact in self.results:
            if fact.day in span and fact.day < until:
                try:
                    result += self.books.value(fact, test["measure"]) or 0
                except Blocked:
                    continue
        if test.get("read", "result") == "result":
            return result
        if judged == "whole":
            at = self.books.pay_period(min(span.last_day, self.statement.as_of))
        return result / self.quota(said | {"credited": "own"}, test["measure"], span, at, day)

    def quota(self, said, measure, span, at, day: date) -> Fraction:
        """The payee's quota, or for a pool the team's, which knows seasons only."""
        plan = self.books.plan_on(day) or self.statement.versions[-1][1]
        table, terms = self.quotas, plan.get("quotas", {})
        if said.get("credited") == "pool":
            table = self.team_quotas
            terms = {k: v for k, v in terms.items() if k == "seasonality"}
        begun = said.get("quota_span", "begun") == "begun"
        return table.read(measure, span, at=at, begun=begun, terms=terms)

    def target(self, said, rule, span, at, day: date) -> Fraction:
        if "target" in rule:
            return exact(rule["target"])
        try:
            return self.quota(said | {"credited": "own"}, "target_incentive", span, at, day)
        except Blocked as blocked:
            if str(blocked) == "quota_is_zero":
                return Fraction(0)
            raise Blocked("target_missing") from blocked

    def _factor(self, component_said: dict[str, Any], key: str, day: date) -> Fraction:
        said = component_said.get("multiplier")
        if not said:
            return Fraction(1)
        if "factor" in said:
            return exact(said["factor"])
        try:
            found = self.reading(said, component_said, day, "to_date")
        except Blocked as blocked:
            self.issues.add((key, self.books.pay_period(day).key, str(blocked)))
            return Fraction(1)
        tier = tier_reached(said["tiers"], found, component_said.get("at_bound", "upper"))
        return exact(said["tiers"][tier]["factor"])

    # Pools, budgets, caps

    def _pool(self, key: str, lines: list[NaiveLine]) -> list[NaiveLine]:
        """One amount of the team per pay period, rounded, capped, divided among its members."""
        shares = []
        by_period: dict[str, list[NaiveLine]] = defaultdict(list)
        for line in sorted(lines, key=lambda line: line.day):
            by_period[line.period].append(line)
        for period_key, team_lines in by_period.items():
            period = self.calendar.period_named(period_key)
            total = replace(
                team_lines[-1], deal=None, aspect="earned", fact=None,
                day=self.books.last_day(period),
                exact=sum((line.exact for line in team_lines), Fraction(0)),
            )  # fmt: skip
            total.amount = half_up(total.exact * self._unit(total))
            shares.append(total)
        self._cap(shares)
        begun = [period.key for period in self.pay_periods()]
        shares = [total for total in shares if total.period in begun]
        for total in shares:
            period = self.calendar.period_named(total.period)
            members = self._weights(key, total.said, period)
            parts = divided(total.amount, list(members.values())) if members else []
            total.amount = dict(zip(members, parts, strict=True)).get(self.name, 0)
            total.exact = Fraction(total.amount, self._unit(total))
        return shares

    def _weights(self, key: str, said: dict[str, Any], period) -> dict[str, Fraction]:
        days: dict[str, set[date]] = defaultdict(set)
        for name, first, end in self.statement.memberships(self.name):
            for n in range(period.days):
                day = period.first_day + timedelta(days=n)
                if first <= day and (end is None or day < end):
                    days[name].add(day)
        names = sorted(days, key=self.statement.payee_id)
        weights = dict.fromkeys(names, Fraction(1))
        match said.get("pool", {}).get("by", "equal"):
            case "days":
                weights = {name: Fraction(len(days[name])) for name in names}
            case "credit":
                credit = dict.fromkeys(names, Fraction(0))
                for fact, _, value, _ in self.counted(key):
                    if fact.day in period and fact.row.payee in credit:
                        credit[fact.row.payee] += value
                credit = {name: max(value, Fraction(0)) for name, value in credit.items()}
                weights = credit if any(credit.values()) else weights
        return weights

    def _budget(self, lines: list[NaiveLine]) -> None:
        """First come, first served: rounded lines as long as the budget lasts."""
        if not lines or lines[-1].said["rule"].get("budget") is None:
            return
        rule = lines[-1].said["rule"]
        most = half_up(exact(rule["budget"]) * self._unit(lines[-1]))
        if rule.get("budget_for", "payee") == "payee":
            clip(lines, most)
            return
        mine = {(line.deal, line.aspect): line for line in lines}
        total = 0
        for fact, said, value, _ in self.counted(lines[0].component, self._everyone(lines[0].said)):
            wants = value * exact(said["rule"].get("amount", said["rule"].get("rate")))
            want = half_up(wants * self._unit(lines[0]))
            if fact.row.payee == self.name:
                line = mine[fact.row.deal, "taken_back" if fact.sign < 0 else "earned"]
                line.amount = min(total + line.amount, most) - min(total, most)
            total += want

    def _everyone(self, said: dict[str, Any]) -> list[Fact]:
        """What everybody is credited with, in order."""
        found: list[Fact] = []
        for name in self.statement.people:
            rows = one_for_each_activity(self.statement.rows_of(name), said.get("credits", "all"))
            found += Books(self.statement, name).facts(rows)
        return sorted(found, key=lambda f: (f.place, self.statement.payee_id(f.row.payee)))

    def _cap(self, lines: list[NaiveLine]) -> None:
        groups: dict[str, list[NaiveLine]] = defaultdict(list)
        for line in lines:
            if "cap" in line.said:
                groups[self.calendar.period_of(line.day, self._cap_span(line)).key].append(line)
        for group in groups.values():
            total = 0
            for line in group:
                amount = line.amount
                line.amount = self._under_cap(lines, line, group[-1].said, total)
                total += amount

    def _under_cap(self, lines: list[NaiveLine], line, said: dict[str, Any], total: int) -> int:
        """What fits under the cap as it is at the end of the line's pay period."""
        span = self.calendar.period_of(line.day, self._cap_span(line))
        try:
            most = half_up(self._most(line, said, span) * self._unit(line))
        except Blocked as blocked:
            self.issues.add((line.component, line.period, str(blocked)))
            if line.amount:
                self._issue(line.component, line.day, blocked)
                lines.remove(line)
            return line.amount
        return min(total + line.amount, most) - min(total, most)

    def _cap_span(self, line: NaiveLine) -> str:
        accumulates = line.said.get("accumulates", "deal")
        shorter = _LENGTHS.index(accumulates) < _LENGTHS.index(self.books.pays)
        return line.said["cap"].get("per", self.books.pays if shorter else accumulates)

    def _most(self, line: NaiveLine, said: dict[str, Any], span) -> Fraction:
        cap, at = said["cap"], self.books.pay_period(line.day)
        if "amount" in cap:
            return exact(cap["amount"])
        if "of_target" in cap:
            return exact(cap["of_target"]) * self.target(said, {}, span, at, line.day)
        measure = said.get("attainment", said)["measure"]
        return exact(cap["of_quota"]) * self.quota(said, measure, span, at, line.day)

    # Taken back, and floors

    def _taken_back(self, lines: list[NaiveLine]) -> list[NaiveLine]:
        taken = []
        for line in lines:
            if line.fact is not None and line.fact.taken:
                amount = half_up(-line.amount * line.fact.taken)
                taken.append(self._take(line, line.fact, amount))
            elif line.fact is None:
                taken += self._taken_from_period(line)
        return taken

    def _taken_from_period(self, line: NaiveLine) -> list[NaiveLine]:
        left, taken = line.amount, []
        found = [
            (fact, value * line.rates[self.span_key(fact, own), _as_text(own)])
            for fact, own, value, _ in self.counted(line.component)
            if fact.taken and self._paid_by(line, fact, own)
        ]
        for fact, paid in sorted(found, key=lambda each: (each[0].row.reversed, each[0].place)):
            own = min(half_up(paid * self._unit(line)), max(left, 0))
            left -= own
            amount = half_up(own * fact.taken)
            taken.append(self._take(line, fact, -amount))
        return taken

    def _paid_by(self, line: NaiveLine, fact: Fact, said: dict[str, Any]) -> bool:
        """Whether a fact is part of a line by period: its own period's, or its own span's."""
        if (self.span_key(fact, said), _as_text(said)) not in line.rates:
            return False
        longer = _LENGTHS.index(said["accumulates"]) > _LENGTHS.index(self.books.pays)
        return not longer or self.books.pay_period(fact.day).key == line.period

    def _take(self, line: NaiveLine, fact: Fact, amount: int) -> NaiveLine:
        period = self.books.pay_period(fact.taken_on).key
        return NaiveLine(
            line.component, fact.row.deal, period, "taken_back", fact.taken_on,
            Fraction(amount), amount, fact, said=line.said, currency=line.currency,
        )  # fmt: skip

    def _floors(self, key: str, lines: list[NaiveLine]) -> list[NaiveLine]:
        floors = []
        for period in self.pay_periods():
            day = self.books.last_day(period)
            plan = self.books.plan_on(day)
            said = plan and component(plan, key)
            if not said or "floor" not in said or period.key in self.blocked:
                continue
            if period.first_day < self.books.first_day:
                continue
            line = NaiveLine(
                key, None, period.key, "floor", day, Fraction(0),
                said=said, currency=plan["currency"],
            )  # fmt: skip
            least = half_up(exact(said["floor"]["amount"]) * self._unit(line))
            total = sum(
                each.amount
                for each in lines
                if each.period == period.key and each.aspect == "earned"
            )
            if total < least:
                line.amount = least - total
                floors.append(line)
        return floors


def one_for_each_activity(rows: list[Row], kind: str) -> list[Row]:
    """A primary share and an overlay of one person on one activity are one credit, the sum."""
    merged: dict[tuple[int, str], Row] = {}
    for row in rows:
        if kind != "all" and row.overlay != (kind == "overlay"):
            continue
        before = merged.get((row.number, row.payee))
        merged[row.number, row.payee] = (
            replace(
                before, amount=before.amount + row.amount, quantity=before.quantity + row.quantity
            )
            if before
            else row
        )
    return list(merged.values())


def clip(lines: list[NaiveLine], most: int) -> None:
    total = 0
    for line in lines:
        after = total + line.amount
        line.amount = min(after, most) - min(total, most)
        total = after


def component(plan: dict[str, Any], key: str) -> dict[str, Any] | None:
    return next((c for c in plan["components"] if c["key"] == key), None)


def naive_lines(statement: Statement, name: str):
    """({(component, deal, period, aspect): amount} of what is not zero, issues)."""
    model = Naive(statement, name)
    amounts: dict[tuple[str, str | None, str, str], int] = defaultdict(int)
    for line in model.lines():
        amounts[line.component, line.deal, line.period, line.aspect] += line.amount
    return {key: amount for key, amount in amounts.items() if amount}, model.issues
