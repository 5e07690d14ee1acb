"""The lines of a component before they are final."""

from datetime import date
from types import SimpleNamespace

import pytest

from incentives.core.drafts import Drafts

# Of the six lines the first two are of an earlier run.
START = 2


@pytest.fixture
def drafts():
    lines = Drafts(owners=[10, 11, 12, 13, 14, 15])
    for at in range(6):
        lines.add(at, date(2026, 11, 1 + at), "2026-11", 100 * at, f"step {at}", SimpleNamespace())
    lines.taken_back = {0: ["of 0"], 3: ["of 3"], 4: ["of 4"]}
    return lines


def test_what_is_kept_keeps_its_owner_and_what_is_taken_back_of_it(drafts):
    drafts.keep([False, False, True, True], start=START)
    assert drafts.activity_ids == [0, 1, 4, 5]
    assert drafts.amounts == [0, 100, 400, 500]
    assert drafts.steps == ["step 0", "step 1", "step 4", "step 5"]
    assert drafts.owners == [10, 11, 14, 15]
    assert drafts.taken_back == {0: ["of 0"], 2: ["of 4"]}


def test_nothing_changes_where_all_are_kept(drafts):
    drafts.keep([True] * 4, start=START)
    assert len(drafts) == 6
    assert drafts.taken_back == {0: ["of 0"], 3: ["of 3"], 4: ["of 4"]}
