"""What is not read or compared lacks nothing: the same is posted as if everything had been."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.calendar import Calendar
from incentives.core.ledger_lines import NOTHING_HELD, HeldLines, Lines, lines_to_post
from incentives.core.posting import OpenPeriods
from incentives.operations import lines_due
from incentives.operations.lines_due import Ledger
from incentives.operations.recalculate import recalculate
from incentives.operations.said import Said, what_differs
from incentives.store.posted import NOTHING_POSTED, LastPosting

CALENDAR = Calendar(ZoneInfo("UTC"))
MONTHS = ["2026-01", "2026-02", "2026-03"]

subjects = st.tuples(
    st.integers(1, 2), st.integers(0, 3), st.sampled_from(MONTHS), st.sampled_from(["earned"])
)
targets = st.tuples(
    st.integers(-2, 2), st.just("2026-01-10"), st.sampled_from("ab"), st.sampled_from(["", "1:5"])
)
wanted_by_subject = st.dictionaries(subjects, targets, min_size=1, max_size=8)
# What was wanted, and with some of it changed, some new and some gone, what is wanted then.
wanted_twice = wanted_by_subject.flatmap(
    lambda first: st.tuples(
        st.just(first),
        st.builds(
            lambda changed, new, gone: {
                subject: target
                for subject, target in {**first, **changed, **new}.items()
                if subject not in gone
            },
            st.dictionaries(st.sampled_from(list(first)), targets, max_size=2),
            st.dictionaries(subjects, targets, max_size=2),
            st.sets(st.sampled_from(list(first)), max_size=1),
        ),
    )
)
locked = st.sampled_from([[], MONTHS[:1], MONTHS[:2]])


def lines_of(said):
    """In the order of time, as a calculation gives them."""
    rows = sorted((*subject, *target) for subject, target in said.items())
    return Lines(*zip(*rows, strict=True)) if rows else Lines()


def posted_on(held, new):
    """What is held once the lines of `new` are posted, too."""
    rows = {row[:4]: (row, last) for row, last in zip(zip(*held.lines), held.last)}  # noqa: B905
    for number, (row, steps) in enumerate(zip(zip(*new[:4], *new[6:9]), new[9]), start=100):  # noqa: B905
        subject, (day, amount, terms) = row[:4], row[4:]
        before, (_, entry) = rows.get(subject, ((*subject, 0), (0, 0)))
        now = (*subject, before[4] + amount, day, terms, steps or "")
        rows[subject] = now, (number, entry + 1)
    lines, last = zip(*rows.values(), strict=True) if rows else ((), ())
    return HeldLines(Lines(*zip(*lines, strict=True)), last) if rows else NOTHING_HELD


def columns(new):
    return [getattr(new, name) for name in new.__slots__]


def by_subject(new):
    return sorted(zip(*columns(new), strict=True), key=repr)


@given(wanted_twice, locked, locked)
def test_the_same_is_posted_as_if_everything_had_been_compared(wanted, some, others):
    first, then = wanted
    # What is locked stays so.
    was_open, is_open = (
        OpenPeriods(CALENDAR, closed) for closed in sorted([some, others], key=len)
    )
    new, said = Ledger(None, 1, {1, 2}, NOTHING_POSTED, Said()).lacks(
        lines_of(first), was_open, lambda held, target: False
    )
    held = posted_on(NOTHING_HELD, columns(new))

    def some_of(session, payee_id, component_ids, origins):
        if origins is None:
            return held
        kept = [at for at, origin in enumerate(held.lines.origins) if origin in origins]
        return HeldLines(held.lines.of(origins), [held.last[at] for at in kept])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_due, "held_lines", some_of)
        ledger = Ledger(None, 1, {1, 2}, LastPosting(1, 9, "hash"), Said({}, said, "hash"))
        quick, _ = ledger.lacks(lines_of(then), is_open, lambda held, target: False)
    whole = lines_to_post(lines_of(then), held, is_open)
    assert by_subject(quick) == by_subject(whole)


@pytest.mark.parametrize("column", [name for name in Lines._fields if name != "origins"])
def test_whatever_differs_in_a_line_is_seen(column):
    line = (
        [1, 1],
        [5, 6],
        MONTHS[:2],
        ["earned"] * 2,
        [7, 7],
        ["2026-01-10"] * 2,
        "aa",
        ["1:5"] * 2,
    )
    lines = Lines(*line)
    other = 8 if isinstance(getattr(lines, column)[0], int) else "other"
    changed = lines._replace(**{column: [other, getattr(lines, column)[1]]})
    assert what_differs(lines_due._hashes(lines), lines_due._hashes(changed)) == {MONTHS[0]}


def test_where_somebody_else_has_posted_since_everything_is_compared(monkeypatch):
    asked = []
    monkeypatch.setattr(lines_due, "held_lines", lambda *of: asked.append(of) or NOTHING_HELD)
    before = Said({}, {}, after="an older posting")
    ledger = Ledger(None, 1, {1}, LastPosting(2, 9, "a newer one"), before)
    ledger.lacks(Lines(), OpenPeriods(CALENDAR), lambda held, target: False)
    assert asked == [(None, 1, {1}, None)]


def test_a_whole_comparison_finds_nothing_that_a_quick_one_left_out(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000", period="2026-Q3")
    world.quota(ana, "1000")
    changes = [
        lambda: world.deal(ana, "400", day="2026-09-10", external_id="A"),
        lambda: world.deal(ana, "400", day="2026-11-10", external_id="B"),
        lambda: world.deal(ana, "300", day="2026-10-05", external_id="C"),
        lambda: world.deal(ana, "400", day="2026-09-12", external_id="A"),
        lambda: world.deal(ana, "300", day="2026-11-05", external_id="C"),
        lambda: world.deal(ana, "400", external_id="B", reversed=True),
        lambda: world.quota(ana, "500"),
        lambda: world.plan(first_day=date(2026, 10, 1), slug="field-sales"),
    ]
    for change in changes:
        change()
        world.refresh()
        assert recalculate([ana], clock=lambda: world.now) == 0
    # C went from October to November, and B was reversed.
    assert [line.reason for line in world.lines(ana, "money")].count("withdrawn") == 2


def test_a_refresh_reads_only_the_lines_of_the_month_that_changed(world, monkeypatch):
    read, held_lines = [], lines_due.held_lines

    def noting(session, payee_id, component_ids, origins):
        read.append(origins)
        return held_lines(session, payee_id, component_ids, origins)

    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "100000")
    world.deal(ana, "400", day="2026-09-10")
    world.deal(ana, "400", day="2026-10-10")
    world.refresh()
    monkeypatch.setattr(lines_due, "held_lines", noting)
    world.deal(ana, "300", day="2026-10-05")
    world.refresh()
    assert read == [{"2026-10"}]
