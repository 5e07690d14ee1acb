"""Bring payees up to date: ledger, day results and issues. Never "add 10"."""

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from incentives.core.bulk.each import calculate_each
from incentives.core.posting import OpenPeriods
from incentives.core.results import Calculation, CalculationIssue
from incentives.extensions import db
from incentives.operations.days_due import days_due
from incentives.operations.lines_due import Ledger
from incentives.operations.payee_cases import PayeeCase, PayeeCases
from incentives.operations.said import Said
from incentives.operations.wanted_lines import Explanations, wanted_lines
from incentives.pause_points import pause_at
from incentives.store import calculation_issues, day_results, ledger, markers
from incentives.store.day_results import CalculatedDays
from incentives.store.line_terms import TermsSaid
from incentives.store.locks import keep_periods_as_they_are, locks_of
from incentives.store.markers import Seen
from incentives.store.posted import LastPosting, last_postings
from incentives.store.posting import NewPosting, append_postings, new_posting
from incentives.store.transaction import lock_payees, writing


@dataclass(frozen=True, slots=True)
class _Due:
    """What a payee is owed, and the state of the store that it was worked out from."""

    payee_id: int
    locks: Mapping[str, datetime]
    seen: Seen
    last: LastPosting
    posting: NewPosting | None
    terms: Mapping[str, TermsSaid]
    issues: Sequence[CalculationIssue]
    days: CalculatedDays | None
    said: Said

    @property
    def worked_in(self) -> Seen:
        """How far the payee is once this is stored."""
        newest = self.posting or self.last
        return self.seen._replace(said=self.said._replace(after=newest.hash).write())


def refresh_payees(payee_ids: Collection[int], *, now: datetime, anew: bool = False) -> int:
    """Work in every change to some payees so far, in one transaction. Returns how many lines it
    posted.

    Whatever changes while it runs stays wanted and is worked in next time. The sum is made before
    anything is locked, so that intake never waits for it; where somebody else has posted to a payee
    meanwhile, it is made again. With `anew` every line is compared with the ledger, also where it
    is the same as the last time.
    """
    posted, behind = 0, sorted(set(payee_ids))
    with without_collector():
        while behind:
            due = _work_out(behind, now, anew=anew)
            pause_at("read")
            lines, behind = _store(due, anew=anew)
            pause_at("commit")
            posted += lines
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


def _work_out(payee_ids: Collection[int], now: datetime, *, anew: bool = False) -> list[_Due]:
    session = db.session()
    # Nothing older than this moment may be read.
    session.rollback()
    # Read first: what comes after is worked in again, never overlooked.
    seen = markers.seen(session, payee_ids)
    last = last_postings(session, payee_ids)
    components = ledger.all_plan_components(session)
    cases = PayeeCases(session, now=now)
    found = list(cases.of(payee_ids))
    results = calculate_each([each.case for each in found], [each.columns for each in found])
    return [
        _due(
            cases, case, result, seen[case.case.payee], last[case.case.payee], components, anew=anew
        )
        for case, result in zip(found, results, strict=True)
    ]


def _due(
    cases: PayeeCases,
    case: PayeeCase,
    result: Calculation,
    seen: Seen,
    last: LastPosting,
    components: Mapping[tuple[int, str], int],
    *,
    anew: bool,
) -> _Due:
    before = Said.read(seen.said)
    days = days_due(cases, case, result.lines, before.days)
    wanted, terms = wanted_lines(result.lines, components)
    held = Ledger(
        cases.session,
        case.case.payee,
        set(components.values()),
        last,
        Said() if anew else before,
    )
    lines, lines_said = held.lacks(
        wanted,
        OpenPeriods(cases.calendar, cases.locks),
        Explanations(cases.session, terms).say_the_same,
    )
    payee_id = case.case.payee
    return _Due(
        payee_id=payee_id,
        locks=cases.locks,
        seen=seen,
        last=last,
        posting=new_posting(payee_id, last, lines, now=cases.now) if lines else None,
        terms=terms,
        issues=result.issues,
        days=days.calculated,
        said=Said(days.said, lines_said),
    )


def _store(due: Sequence[_Due], *, anew: bool) -> tuple[int, list[int]]:
    """Write what is due, in one transaction. Returns how many lines it posted, and who has to be
    worked out again: those to whom somebody else has posted, or whom somebody else has brought up
    to date, since, and everybody where a period was locked. What is due to them is thrown away."""
    with writing(can_be_redone=True) as session:
        payee_ids = [each.payee_id for each in due]
        lock_payees(session, payee_ids)
        keep_periods_as_they_are(session)
        locks = locks_of(session)
        seen = markers.seen(session, payee_ids)
        last = last_postings(session, payee_ids)
        good = [
            each
            for each in due
            if each.locks == locks
            and seen[each.payee_id].computed == each.seen.computed
            and last[each.payee_id] == each.last
        ]
        append_postings(
            session,
            [each.posting for each in good if each.posting],
            {name: terms for each in good for name, terms in each.terms.items()},
        )
        day_results.write_days(session, {each.payee_id: each.days for each in good if each.days})
        calculation_issues.replace_issues(session, {each.payee_id: each.issues for each in good})
        markers.raise_computed(session, {each.payee_id: each.worked_in for each in good})
        pause_at("ledger")
    done = {each.payee_id for each in good}
    left = [each for each in due if each.payee_id not in done]
    return (
        sum(len(each.posting.lines) for each in good if each.posting),
        [each.payee_id for each in left if anew or _is_behind(each, seen[each.payee_id])],
    )


def _is_behind(due: _Due, seen: Seen) -> bool:
    """Whether nobody else has meanwhile brought a payee up to date with all that there is."""
    return seen.computed == due.seen.computed or seen.wanted > seen.computed
