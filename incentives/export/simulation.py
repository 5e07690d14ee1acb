"""What a simulation gave, as rows that every output is made of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from incentives.core.attainment import Attained
from incentives.core.company_case import Company
from incentives.core.money import from_minor
from incentives.core.posting import Draft
from incentives.core.results import BADGE, MONEY, NO_ACTIVITY, Terms
from incentives.core.settlement import Settlement
from incentives.core.simulate import Line, Statement
from incentives.core.words import plain
from incentives.core.working import PARTS

# What a working keeps in whole units of the yield, as lines are posted.
_IN_WHOLE_UNITS = ("before_budget", "before_cap", "left", "team_amount", "earned")

# Whether a pay period, by its key, is shown.
Shown = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Earned:
    """What was posted to a payee by a component in a pay period: `amount` in major units as text.

    `unit` is the currency, or points or badges.
    """

    period: str
    component: str
    amount: str
    unit: str
    attained: Attained | None


@dataclass(frozen=True, slots=True)
class Paid:
    """A settlement with amounts in major units as text, in the order in which they are made."""

    period: str
    amounts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Explained:
    """A posted line with its working. `activity` is the source's id, "" where there is none."""

    sequence: int
    period: str
    origin: str
    component: str
    activity: str
    aspect: str
    reason: str
    amends: int | None
    amount: str
    unit: str
    working: dict[str, Any]


class Simulated:
    """Statements of a company as texts, of the pay periods that are shown."""

    def __init__(
        self, company: Company, statements: Sequence[Statement], shown: Shown = lambda key: True
    ) -> None:
        self.company = company
        self.statements = statements
        self._shown = shown
        self._activities = company.history.external_ids

    @property
    def currency(self) -> str:
        return self.company.plan.currency

    def earned(self, statement: Statement) -> Iterator[Earned]:
        """By pay period, then by component as the plan has them; also where only the position
        moved."""
        posted: dict[tuple[str, str], int] = {}
        for line in statement.lines:
            key = line.draft.period, line.terms.component
            posted[key] = posted.get(key, 0) + line.draft.amount
        reached: dict[tuple[str, str], Attained] = {}
        for each in statement.attained:
            # Of a week in two months, how the one ended: the next week tells the other.
            reached.setdefault((each.period, each.component), each)
        moved = {(each.period, each.component) for each in statement.attained if each.result}
        for period, component in sorted(posted.keys() | moved, key=self._place):
            if self._shown(period):
                yields = self._yields(component)
                yield Earned(
                    period=period,
                    component=component,
                    amount=self.amount(posted.get((period, component), 0), yields),
                    unit=self.unit(yields),
                    attained=reached.get((period, component)),
                )

    def paid(self, statement: Statement) -> Iterator[Paid]:
        for settlement in statement.settlements:
            if self._shown(settlement.period):
                yield Paid(settlement.period, self._amounts(settlement))

    def lines(self, statement: Statement) -> Iterator[Explained]:
        """In the order in which they were posted."""
        for line in statement.lines:
            if self._shown(line.draft.period):
                yield self._explained(line)

    def amount(self, amount: int, yields: str) -> str:
        return format(from_minor(amount, self.currency), "f") if yields == MONEY else str(amount)

    def unit(self, yields: str) -> str:
        if yields == MONEY:
            return self.currency
        return "badges" if yields == BADGE else "points"

    def _yields(self, key: str) -> str:
        component = self.company.plan.component(key)
        assert component is not None, "lines are of components of the plan"
        return component.yields

    def _place(self, key: tuple[str, str]) -> tuple[object, int]:
        period, component = key
        named = self.company.calendar.period_named(period)
        assert named is not None, "lines are posted in periods that exist"
        keys = [each.key for each in self.company.plan.components]
        return named.first_day, keys.index(component)

    def _amounts(self, settlement: Settlement) -> dict[str, str]:
        amounts = {
            "earned": settlement.earned,
            "held_back": settlement.held_back,
            "released": settlement.released,
            "guaranteed": settlement.guaranteed,
            "draw": settlement.draw,
            "recovered": settlement.recovered,
            "on_hold": settlement.on_hold.closing,
            "owed": settlement.owed.closing,
            "carried": settlement.carried.closing,
            "payout": settlement.payout,
        }
        return {name: self.amount(amount, MONEY) for name, amount in amounts.items()}

    def _explained(self, line: Line) -> Explained:
        draft: Draft[Terms] = line.draft
        subject, terms = draft.subject, line.terms
        number = subject.activity_id
        return Explained(
            sequence=line.sequence,
            period=draft.period,
            origin=subject.origin,
            component=terms.component,
            activity="" if number == NO_ACTIVITY else self._activities[number],
            aspect=subject.aspect.partition("-")[0],
            reason=draft.reason,
            amends=draft.amends,
            amount=self.amount(draft.amount, terms.yields),
            unit=self.unit(terms.yields),
            working=self._working(line),
        )

    def _working(self, line: Line) -> dict[str, Any]:
        """The working with its amounts as those of lines, and what is not rated yet by name."""
        said = line.working.as_texts()
        for name in said.keys() & set(_IN_WHOLE_UNITS):
            said[name] = self.amount(int(said[name]), line.terms.yields)
        for part in (said, *said.get(PARTS, ())):
            if "missing" in part:
                rows = [part["slices"][int(row) - 1] for row in part["missing"].split()]
                part["missing"] = ", ".join(row["name"] for row in rows)
        return said


def attainment_text(attained: Attained) -> str:
    """Attainment as a ratio, with up to six decimals: 1.05."""
    return plain(round(attained.attainment, 6))
