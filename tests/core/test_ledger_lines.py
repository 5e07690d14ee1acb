"""Columns say what `missing_lines` says, one subject at a time."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.core.calendar import Calendar
from incentives.core.ledger_lines import NOTHING_HELD, HeldLines, Lines, lines_to_post
from incentives.core.posting import Held, OpenPeriods, Subject, Target, missing_lines

JANUARY, FEBRUARY = "2026-01", "2026-02"
CALENDAR = Calendar(ZoneInfo("UTC"))
ALL_OPEN = OpenPeriods(CALENDAR)
JANUARY_LOCKED = OpenPeriods(CALENDAR, [JANUARY])
DAY = date(2026, 1, 10)

subjects = st.builds(
    Subject,
    st.sampled_from([JANUARY, FEBRUARY]),
    st.integers(0, 3),
    st.integers(1, 2),
    st.sampled_from(["earned", "taken_back"]),
)
targets = st.builds(
    Target,
    st.integers(-2, 2),
    st.sampled_from([DAY, date(2026, 1, 11)]),
    st.sampled_from(["these", "those"]),
    st.sampled_from(["", "1:5"]),
)


def lines_of(said):
    """Targets, or what is held, as columns."""
    rows = [
        (
            *(subject.component, subject.activity_id, subject.origin, subject.aspect),
            *(each.amount, each.day.isoformat(), each.terms, each.steps),
        )
        for subject, each in said.items()
    ]
    return Lines(*zip(*rows, strict=True)) if rows else Lines()


def held_of(said):
    numbered = {
        subject: Held(*target, entry=1, sequence=number)
        for number, (subject, target) in enumerate(said.items(), start=1)
    }
    columns = HeldLines(lines_of(said), [(each.sequence, 1) for each in numbered.values()])
    return numbered, columns if numbered else NOTHING_HELD


def posted(lines):
    """What is to be posted, by subject."""
    return {
        Subject(*subject): rest
        for subject, *rest in zip(
            zip(lines.origins, lines.activity_ids, lines.components, lines.aspects, strict=True),
            lines.amends,
            lines.periods,
            lines.days,
            lines.amounts,
            lines.terms,
            lines.steps,
            strict=True,
        )
    }


@pytest.mark.parametrize("periods", [ALL_OPEN, JANUARY_LOCKED], ids=["all open", "one locked"])
@settings(deadline=None)
@given(
    wanted=st.dictionaries(subjects, targets, max_size=6),
    held=st.dictionaries(subjects, targets, max_size=6),
)
def test_columns_lead_to_the_same_lines(periods, wanted, held):
    before, columns = held_of(held)
    expected = {
        draft.subject: [
            draft.amends or 0,
            draft.period,
            draft.day.isoformat(),
            draft.amount,
            draft.terms,
            None if draft.reason == "withdrawn" else draft.steps,
        ]
        for draft in missing_lines(wanted, before, periods)
    }
    assert posted(lines_to_post(lines_of(wanted), columns, periods)) == expected


def test_an_explanation_in_other_words_posts_nothing():
    subject = Subject(JANUARY, 1, 1)
    _, held = held_of({subject: Target(500, DAY, "over cents", "1:500")})
    wanted = lines_of({subject: Target(500, DAY, "over millionths", "1:5000000")})
    assert lines_to_post(wanted, held, ALL_OPEN, lambda held, target: True).amounts == []
    assert lines_to_post(wanted, held, ALL_OPEN, lambda held, target: False).amounts == [0]


def test_another_amount_is_posted_whatever_the_explanations_say():
    subject = Subject(JANUARY, 1, 1)
    _, held = held_of({subject: Target(500, DAY, "over cents", "1:500")})
    wanted = lines_of({subject: Target(450, DAY, "over millionths", "1:4500000")})
    assert lines_to_post(wanted, held, ALL_OPEN, lambda held, target: True).amounts == [-50]
