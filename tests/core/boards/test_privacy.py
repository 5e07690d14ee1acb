"""What a viewer sees of a board: no output may be made of anything else."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from incentives.core.boards.parts import FORMS, Form
from incentives.core.boards.privacy import alias, seen
from incentives.core.boards.ranked import ranked_rows
from incentives.core.ranking import Entry
from incentives.core.standings import Entrant

SALT = "0f" * 16


def board(scores, groups=None):
    """People called after their number; no name is a part of another."""
    entrants = [Entrant(at, f"Name{at:03}", f"Team{at:03}", at) for at in range(len(scores))]
    entries = [Entry(each.id, each.name, Decimal(scores[each.id])) for each in entrants]
    return ranked_rows(
        entrants, entries, lower_is_better=False, places="competition", groups=groups,
        order=sorted(set(groups.values())) if groups else (),
    )  # fmt: skip


def look(scores, form, own=None, **more):
    rows = board(scores)
    return see(rows, Form(form, **more), own)


def see(rows, form, own):
    return seen(rows, {row.entrant.id: at for at, row in enumerate(rows)}, form, own, SALT)


def names(found):
    return [row.row.entrant.name for row in found]


SIX = [60, 50, 40, 30, 20, 10]


def test_named_shows_everybody():
    assert names(look(SIX, "named").rows()) == [f"Name{at:03}" for at in range(6)]


def test_the_top_is_shown_with_all_who_share_its_last_place():
    found = look([60, 50, 50, 50, 20], "top_n", own=4, top=2)
    assert names(found.rows()) == ["Name000", "Name001", "Name002", "Name003"]
    assert found.own_row.row.standing.place == 5


def test_neighbours_are_a_full_window_round_oneself():
    for own, shown in ((0, [0, 1, 2]), (3, [2, 3, 4]), (5, [3, 4, 5])):
        found = look(SIX, "neighbours", own=own, window=3)
        assert names(found.rows()) == [f"Name{at:03}" for at in shown]


def test_a_screen_has_no_neighbours_and_no_self():
    for form in ("neighbours", "self"):
        found = look(SIX, form)
        assert (found.rows(), found.total, found.own_row) == ([], 0, None)


def test_only_oneself():
    found = look(SIX, "self", own=3)
    assert names(found.rows()) == ["Name003"]
    assert found.row_of(3).is_own
    assert found.row_of(2) is None


def test_behind_a_pseudonym_there_is_neither_name_nor_team_nor_id():
    found = look(SIX, "pseudonym", own=3)
    shown = found.rows()
    assert [row.is_named for row in shown] == [False] * 3 + [True] + [False] * 2
    for row in shown:
        if not row.is_own:
            assert row.row.entrant.id < 0
            assert (row.row.entrant.team, row.row.entrant.colour) == ("", 0)
            assert found.row_of(row.row.entrant.id) is None
    assert [row.row.standing.place for row in shown] == [1, 2, 3, 4, 5, 6]


def test_a_pseudonym_stays_the_same_on_a_board_and_differs_on_another():
    assert alias(7, SALT) == alias(7, SALT)
    assert alias(7, SALT) != alias(7, "ab" * 16)
    assert len({alias(each, SALT).name for each in range(1_000)}) == 1_000


def test_a_search_finds_only_names_that_are_shown():
    assert names(look(SIX, "pseudonym", own=3).search("name00").rows()) == ["Name003"]
    assert names(look(SIX, "top_n", top=2).search(" NAME001 ").rows()) == ["Name001"]


def test_those_round_oneself_are_of_the_own_league():
    rows = board(SIX, {0: "A", 1: "A", 2: "A", 3: "B", 4: "B", 5: "B"})
    found = see(rows, Form("neighbours", window=3), 3)
    assert names(found.rows()) == ["Name003", "Name004", "Name005"]


SCORES = st.lists(st.integers(-3, 12), min_size=1, max_size=30)


@given(SCORES, st.sampled_from(FORMS), st.integers(1, 12), st.data())
def test_no_output_of_a_masked_board_holds_a_name_that_must_not_be_there(scores, form, n, data):
    own = data.draw(st.none() | st.sampled_from(range(len(scores))))
    whole = board(scores)
    found = look(scores, form, own=own, top=n, window=n)
    allowed = {row.entrant.name for row in whole if _may_be_named(row, form, own, n, whole)}
    out = repr((found.rows(), found.own_row, found.around(n).rows(), found.search("a").rows()))
    for row in whole:
        if row.entrant.name not in allowed:
            assert row.entrant.name not in out
            assert row.entrant.team not in out
            assert found.row_of(row.entrant.id) is None


def _may_be_named(row, form, own, n, whole):
    if row.entrant.id == own or form == "named":
        return True
    if form == "top_n":
        return row.standing.place <= n
    if form == "neighbours" and own is not None:
        at = [each.entrant.id for each in whole]
        return abs(at.index(row.entrant.id) - at.index(own)) < n
    return False


@given(SCORES, st.sampled_from(("named", "pseudonym", "top_n")), st.integers(0, 9), st.data())
def test_a_page_is_a_slice_of_the_whole(scores, form, limit, data):
    found = look(scores, form, own=0)
    whole = found.rows()
    first = data.draw(st.integers(0, len(scores)))
    assert found.rows(first, limit) == whole[first : first + limit]
    assert found.total == len(whole)


@given(SCORES, st.integers(1, 9), st.data())
def test_around_me_is_a_full_slice_that_holds_me(scores, window, data):
    own = data.draw(st.sampled_from(range(len(scores))))
    found = look(scores, "named", own=own)
    shown = found.around(window).rows()
    assert len(shown) == min(window, len(scores))
    assert sum(row.is_own for row in shown) == 1
    first = found.rows().index(shown[0])
    assert found.rows()[first : first + len(shown)] == shown


@given(SCORES)
def test_places_follow_the_scores_of_one_snapshot_and_ties_share(scores):
    for row in look(scores, "named").rows():
        score = row.row.standing.score
        assert row.row.standing.place == 1 + sum(other > score for other in scores)
        assert row.row.standing.tied == (scores.count(int(score)) > 1)
