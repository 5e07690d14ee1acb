"""Bring payees up to date: ledger, day results and issues. Never "add 10"."""

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from incentives.core.calculate import calculate
from incentives.core.ledger_lines import NewLines, lines_to_post
from incentives.core.posting import OpenPeriods
from incentives.core.results import CalculationIssue
from incentives.extensions import db
from incentives.operations.days_due import DaysDue, days_due
from incentives.operations.payee_cases import PayeeCase, PayeeCases
from incentives.operations.wanted_lines import Explanations, wanted_lines
from incentives.pause_points import pause_at
from incentives.store import calculation_issues, day_results, ledger, markers
from incentives.store.line_terms import TermsSaid
from incentives.store.markers import Seen
from incentives.store.posted import (
    NOTHING_POSTED,
    Account,
    LastPosting,
    accounts_of,
    last_postings,
)
from incentives.store.posting import NewPosting, append_postings
from incentives.store.transaction import lock_payees, writing


@dataclass(frozen=True, slots=True)
class _Due:
    """What a payee is owed, and the state of the store that it was worked out from."""

    payee_id: int
    seen: Seen
    last: LastPosting
    lines: NewLines
    terms: Mapping[str, TermsSaid]
    issues: Sequence[CalculationIssue]
    days: DaysDue | None

    @property
    def worked_in(self) -> Seen:
        said = self.days.said if self.days else self.seen.days_said
        return self.seen._replace(days_said=said)


def refresh_payees(payee_ids: Collection[int], *, now: datetime) -> int:
    """Work in every change to some payees so far, in one transaction. Returns how many lines it
    posted.

    Whatever changes while it runs stays wanted and is worked in next time. The sum is made before
    anything is locked, so that intake never waits for it; where somebody else has posted to a payee
    meanwhile, it is made again.
    """
    posted, behind = 0, sorted(set(payee_ids))
    with without_collector():
        while behind:
            due = _work_out(behind, now)
            pause_at("read")
            behind = _store(due, now)
            pause_at("commit")
            posted += sum(len(each.lines) for each in due if each.payee_id not in behind)
    return posted


@contextmanager
def without_collector() -> Iterator[None]:
    """Nothing here goes round in a circle: looking for what does is a tenth of a late deal, and a
    third of a whole year."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _work_out(payee_ids: Collection[int], now: datetime) -> list[_Due]:
    session = db.session()
    # Nothing older than this moment may be read.
    session.rollback()
    # Read first: what comes after is worked in again, never overlooked.
    seen = markers.seen(session, payee_ids)
    components = ledger.all_plan_components(session)
    accounts = accounts_of(session, payee_ids, set(components.values()))
    cases = PayeeCases(session, now=now)
    return [
        _due(cases, case, accounts[case.case.payee], seen[case.case.payee], components)
        for case in cases.of(payee_ids)
    ]


def _due(
    cases: PayeeCases,
    case: PayeeCase,
    account: Account,
    seen: Seen,
    components: Mapping[tuple[int, str], int],
) -> _Due:
    result = calculate(case.case, case.columns)
    wanted, terms = wanted_lines(result.lines, components)
    explanations = Explanations(cases.session, terms)
    periods = OpenPeriods(cases.calendar, cases.locks)
    return _Due(
        payee_id=case.case.payee,
        seen=seen,
        last=account.last,
        lines=lines_to_post(wanted, account.held, periods, explanations.say_the_same),
        terms=terms,
        issues=result.issues,
        days=days_due(cases, case, result.lines, seen.days_said),
    )


def _store(due: Sequence[_Due], now: datetime) -> list[int]:
    """Write what is due, in one transaction. Returns those to whom somebody else has posted, or
    whom somebody else has brought up to date, since: what is due to them is thrown away."""
    with writing() as session:
        payee_ids = [each.payee_id for each in due]
        lock_payees(session, payee_ids)
        seen = markers.seen(session, payee_ids)
        last = last_postings(session, payee_ids)
        good = [
            each
            for each in due
            if seen[each.payee_id].computed == each.seen.computed
            and last.get(each.payee_id, NOTHING_POSTED) == each.last
        ]
        append_postings(
            session,
            [NewPosting(each.payee_id, each.last, each.lines) for each in good if each.lines],
            {name: terms for each in good for name, terms in each.terms.items()},
            now=now,
        )
        day_results.write_days(
            session, {each.payee_id: each.days.calculated for each in good if each.days}
        )
        calculation_issues.replace_issues(session, {each.payee_id: each.issues for each in good})
        markers.raise_computed(session, {each.payee_id: each.worked_in for each in good})
        pause_at("ledger")
    kept = {each.payee_id for each in good}
    return [payee_id for payee_id in payee_ids if payee_id not in kept]
