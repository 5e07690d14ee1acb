"""What a plan would have posted and paid: the same sums as everywhere, on a company in memory."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incentives.core.attainment import Attained, attained
from incentives.core.calculate import calculate
from incentives.core.case import Case
from incentives.core.cash import Cash, CashBook, DealCash, DealKey
from incentives.core.company_case import Company, cases_at
from incentives.core.pay_periods import Posted, pay_periods
from incentives.core.posting import Draft, Held, OpenPeriods, Subject, Target, missing_lines
from incentives.core.results import MONEY, NO_ACTIVITY, CalculationIssue, ResultLine, Terms
from incentives.core.settlement import Settlement, settle
from incentives.core.working import Working, read_working

Locks = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Line:
    """A posted line, the `sequence`th of its payee; see `posting.Draft`."""

    sequence: int
    draft: Draft[Terms]

    @property
    def terms(self) -> Terms:
        return self.draft.terms

    @property
    def working(self) -> Working:
        return read_working(self.draft.terms.working, self.draft.steps)


@dataclass(frozen=True, slots=True)
class Statement:
    """All of one payee, at the end: lines in the order they were posted, pay periods in order."""

    payee: int
    lines: Sequence[Line]
    settlements: Sequence[Settlement]
    attained: Sequence[Attained]
    issues: Sequence[CalculationIssue]


def simulate(company: Company, locks: Locks, as_of: datetime) -> list[Statement]:
    """Everybody's statement by what was known before `as_of`.

    `locks` are pay periods with the moment at which each is locked, none later than `as_of`: what
    was known before that moment is posted in it, and what belongs to it and comes later is posted
    in the next open one (semantics 24).
    """
    ledgers = {payee: _Ledger(company) for payee in company.roster.numbers}
    for moment in sorted({*locks.values(), as_of}):
        locked = {key: at for key, at in locks.items() if at < moment}
        for case in cases_at(company, moment, locked):
            ledgers[case.payee].post(case)
    cash = _cash(company, locks, as_of)
    return [
        _statement(company, case, ledgers[case.payee], cash)
        for case in cases_at(company, as_of, locks)
    ]


class _Ledger:
    """One payee's lines in memory, with what they sum to."""

    def __init__(self, company: Company) -> None:
        self.lines: list[Line] = []
        self.issues: Sequence[CalculationIssue] = ()
        self._calendar = company.calendar
        self._components = {
            component.key: number for number, component in enumerate(company.plan.components)
        }
        self._held: dict[Subject, Held[Terms]] = {}

    def post(self, case: Case) -> None:
        """Bring the lines to what the case gives."""
        calculation = calculate(case)
        self.issues = calculation.issues
        targets: dict[Subject, Target[Terms]] = {}
        for line in calculation.lines:
            subject, number = self._subject(line), 1
            while subject in targets:
                # Two assignments or versions pay one period: each line is about its own.
                number += 1
                subject = subject._replace(aspect=f"{line.aspect}-{number}")
            targets[subject] = Target(line.amount, line.day, line.terms, line.steps)
        for draft in missing_lines(targets, self._held, OpenPeriods(self._calendar, case.locks)):
            self._append(draft)

    def _subject(self, line: ResultLine) -> Subject:
        component = self._components[line.component]
        return Subject(line.period, line.activity_id, component, line.aspect)

    def _append(self, draft: Draft[Terms]) -> None:
        line = Line(len(self.lines) + 1, draft)
        before = self._held.get(draft.subject)
        self.lines.append(line)
        self._held[draft.subject] = Held(
            amount=draft.amount + (before.amount if before else 0),
            day=draft.day,
            terms=draft.terms,
            steps=draft.steps,
            entry=draft.entry,
            sequence=line.sequence,
        )


def _statement(
    company: Company, case: Case, ledger: _Ledger, cash: Mapping[int, DealCash]
) -> Statement:
    periods = pay_periods(
        case.agreements,
        _posted(ledger.lines, cash),
        calendar=case.calendar,
        as_of=case.as_of,
    )
    return Statement(
        payee=case.payee,
        lines=ledger.lines,
        settlements=settle(periods, company.plan.currency),
        attained=list(attained(case)),
        issues=ledger.issues,
    )


def _posted(lines: Sequence[Line], cash: Mapping[int, DealCash]) -> Posted:
    """Money by the pay period it was posted in, with the deals that it hangs on."""
    earned: Counter[str] = Counter()
    on_deals: dict[str, Counter[int]] = defaultdict(Counter)
    for line in lines:
        draft, deal = line.draft, line.draft.subject.activity_id
        if line.terms.yields != MONEY:
            continue
        earned[draft.period] += draft.amount
        if deal != NO_ACTIVITY:
            on_deals[draft.period][deal] += draft.amount
    deals = {deal for parts in on_deals.values() for deal in parts}
    return Posted(earned, on_deals, {deal: cash[deal] for deal in deals if deal in cash})


def _cash(company: Company, locks: Locks, as_of: datetime) -> dict[int, DealCash]:
    """What was received on every deal, by its number, where anything waits for it."""
    if company.plan.holdback is None or not company.plan.holdback.waits_for_cash:
        return {}
    book = CashBook(company.calendar, company.plan.pays, locks)
    known = list(company.history.known_before(as_of))
    received: dict[DealKey, list[Cash]] = defaultdict(list)
    for each in known:
        if cash := each.cash():
            deal, payment = cash
            received[deal].append(payment)
    return {
        each.number: book.of_deal(
            each.activity.amount or Decimal(0), each.activity.currency, received[each.key]
        )
        for each in known
    }
