"""What is posted to reach a target, before and after periods are locked (semantics 22 to 24)."""

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.core.calendar import Calendar
from incentives.core.posting import Held, OpenPeriods, Subject, Target, missing_lines

CALENDAR = Calendar(ZoneInfo("UTC"))
JANUARY, FEBRUARY, MARCH = "2026-01", "2026-02", "2026-03"
DAY = date(2026, 1, 5)
DEAL = Subject(JANUARY, activity_id=1, component=1)


def target(amount, *, day=DAY, terms="version 1", steps="one"):
    return Target(amount, day, terms, steps)


@dataclass
class Ledger:
    """What the store does: it appends, and sums up what it holds."""

    lines: list = field(default_factory=list)
    locked: set = field(default_factory=set)

    def post(self, targets):
        drafts = missing_lines(targets, self.held(), OpenPeriods(CALENDAR, self.locked))
        self.lines.extend(drafts)
        return drafts

    def held(self):
        held = {}
        for sequence, line in enumerate(self.lines, start=1):
            before = held[line.subject].amount if line.subject in held else 0
            held[line.subject] = Held(
                before + line.amount, line.day, line.terms, line.steps, line.entry, sequence
            )
        return held

    def posted_in(self, period):
        return [line for line in self.lines if line.period == period]


def said(drafts):
    return [(draft.period, draft.amount, draft.reason, draft.amends) for draft in drafts]


def test_what_is_earned_is_posted_once():
    ledger = Ledger()
    assert said(ledger.post({DEAL: target(500)})) == [(JANUARY, 500, "earned", None)]
    assert ledger.post({DEAL: target(500)}) == []


def test_a_change_posts_the_difference_and_names_the_line_it_amends():
    ledger = Ledger()
    ledger.post({DEAL: target(500)})
    assert said(ledger.post({DEAL: target(450)})) == [(JANUARY, -50, "recalculated", 1)]
    assert said(ledger.post({})) == [(JANUARY, -450, "withdrawn", 2)]
    assert ledger.post({}) == []
    assert [line.entry for line in ledger.lines] == [1, 2, 3]


@pytest.mark.parametrize(
    "explained",
    [{"steps": "other slices"}, {"terms": "version 2"}, {"day": date(2026, 1, 6)}],
)
def test_another_explanation_is_posted_over_nothing_while_the_period_is_open(explained):
    ledger = Ledger()
    ledger.post({DEAL: target(500)})
    changed = {DEAL: target(500, **explained)}
    assert said(ledger.post(changed)) == [(JANUARY, 0, "recalculated", 1)]
    assert ledger.post(changed) == []


def test_a_locked_period_goes_on_saying_what_was_known_then():
    ledger = Ledger()
    ledger.post({DEAL: target(500)})
    ledger.locked = {JANUARY}
    assert ledger.post({DEAL: target(500, steps="other slices")}) == []


def test_a_difference_that_belongs_to_a_locked_period_is_posted_in_the_next_open_one():
    ledger = Ledger()
    ledger.post({DEAL: target(500)})
    ledger.locked = {JANUARY, FEBRUARY}
    assert said(ledger.post({DEAL: target(450)})) == [(MARCH, -50, "recalculated", 1)]
    assert said(ledger.post({})) == [(MARCH, -450, "withdrawn", 2)]
    assert {line.subject.origin for line in ledger.lines} == {JANUARY}


def test_what_comes_late_for_a_locked_period_says_so():
    ledger = Ledger(locked={JANUARY})
    assert said(ledger.post({DEAL: target(500)})) == [(FEBRUARY, 500, "late", None)]
    assert ledger.post({DEAL: target(500)}) == []


def test_nothing_earned_late_is_not_worth_a_line():
    assert Ledger(locked={JANUARY}).post({DEAL: target(0)}) == []
    assert said(Ledger().post({DEAL: target(0)})) == [(JANUARY, 0, "earned", None)]


def test_what_is_taken_back_is_a_subject_of_its_own():
    ledger = Ledger()
    ledger.post({DEAL: target(500)})
    taken_back = Subject(MARCH, activity_id=1, component=1, aspect="taken_back")
    posted = ledger.post({DEAL: target(500), taken_back: target(-500)})
    assert said(posted) == [(MARCH, -500, "taken_back", None)]


def test_a_deal_that_moves_out_of_a_locked_month_is_withdrawn_and_earned_anew():
    ledger = Ledger()
    ledger.post({DEAL: target(500)})
    ledger.locked = {JANUARY}
    moved = {DEAL._replace(origin=FEBRUARY): target(500)}
    assert said(ledger.post(moved)) == [
        (FEBRUARY, -500, "withdrawn", 1),
        (FEBRUARY, 500, "earned", None),
    ]


@pytest.mark.parametrize(
    ("origin", "locked", "posted"),
    [
        ("2026-W53", {"2026-W53"}, "2027-W01"),
        ("2026-Q4", {"2026-Q4", "2027-Q1"}, "2027-Q2"),
        ("2026", {"2026"}, "2027"),
        ("2026-12", {"2026-W53"}, "2026-12"),
    ],
)
def test_the_open_period_is_of_the_same_kind(origin, locked, posted):
    assert OpenPeriods(CALENDAR, locked).first_from(origin) == posted


_periods = st.sampled_from([JANUARY, FEBRUARY, MARCH])
_subjects = st.builds(
    Subject,
    _periods,
    st.integers(0, 3),
    st.integers(1, 2),
    st.sampled_from(["earned", "taken_back", "floor"]),
)
_targets = st.dictionaries(
    _subjects,
    st.builds(
        target,
        st.integers(-1000, 1000),
        terms=st.sampled_from(["version 1", "version 2"]),
        steps=st.sampled_from(["one", "two"]),
    ),
)
# A calculation, after which a period may be locked.
_rounds = st.lists(st.tuples(_targets, st.none() | _periods), max_size=6)


@settings(deadline=None)
@given(_rounds)
def test_after_posting_the_sums_are_the_targets_and_nothing_more_is_missing(rounds):
    ledger = Ledger()
    for targets, lock in rounds:
        ledger.post(targets)
        sums = {subject: held.amount for subject, held in ledger.held().items() if held.amount}
        assert sums == {subject: t.amount for subject, t in targets.items() if t.amount}
        assert ledger.post(targets) == []
        ledger.locked |= {lock} - {None}


@settings(deadline=None)
@given(_rounds)
def test_the_lines_of_a_locked_period_never_change(rounds):
    ledger = Ledger()
    as_locked = {}
    for targets, lock in rounds:
        ledger.post(targets)
        for period, lines in as_locked.items():
            assert ledger.posted_in(period) == lines
        if lock is not None:
            ledger.locked.add(lock)
            as_locked[lock] = ledger.posted_in(lock)


@settings(deadline=None)
@given(_rounds)
def test_every_line_names_the_line_of_its_subject_that_it_amends(rounds):
    ledger = Ledger()
    for targets, lock in rounds:
        ledger.post(targets)
        ledger.locked |= {lock} - {None}
    last = {}
    for sequence, line in enumerate(ledger.lines, start=1):
        amended, entry = last.get(line.subject, (None, 0))
        assert (line.amends, line.entry) == (amended, entry + 1)
        last[line.subject] = (sequence, line.entry)
