"""The faults that matter most, for seconds instead of minutes; bin/faults has them all.

One test for each database, because all its recipes share one house.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.databases import databases
from tests.faults.needed import compare
from tests.faults.reading import POSTGRES, SQLITE
from tests.faults.recipes import recipes
from tests.faults.report import as_line
from tests.faults.run import run
from tests.faults.safeguards import SAFEGUARDS

pytestmark = [pytest.mark.process, pytest.mark.slow]

# How often, by recipe. What needs a database of its kind is tried there; the rest on one of them.
CHOSEN = {
    SQLITE: {"F13": 1, "F14": 1, "F20": 2, "F25": 1},
    POSTGRES: {"F2": 1, "F26": 3, "F22": 3, "F21": 1},
}
SEED = 7


@pytest.mark.parametrize("kind", [SQLITE, pytest.param(POSTGRES, marks=pytest.mark.postgres)])
def test_what_was_hurt_is_whole_again(kind):
    """Nothing acknowledged is lost, nothing is paid twice, nobody stays behind."""
    known = recipes()
    chosen = [replace(known[name], times=(n, n)) for name, n in CHOSEN[kind].items()]
    with databases() as made:
        trials = list(run(chosen, [kind], SEED, made))
    assert "\n".join(as_line(trial) for trial in trials if not trial.held) == ""
    assert len([trial for trial in trials if trial.tried]) == len(chosen)
    assert sum(trial.acknowledged for trial in trials) > 0


@pytest.mark.postgres
def test_a_safeguard_that_is_left_out_is_missed():
    """Of all that `bin/faults --safeguards` compares, the quickest."""
    with databases() as made:
        assert compare("apart", SEED, made).is_needed


def test_every_recipe_says_what_it_does_and_can_be_chosen():
    known = recipes()
    assert len(known) == len({recipe.what for recipe in known.values()})
    assert CHOSEN[SQLITE].keys() | CHOSEN[POSTGRES].keys() <= known.keys()


def test_the_document_tells_every_recipe_and_every_safeguard():
    told = Path("docs/faults.md").read_text()
    for recipe in recipes().values():
        assert f"| {recipe.name} | {recipe.what} |" in told
    for name, safeguard in SAFEGUARDS.items():
        assert f"| `{name}` | {safeguard.what} | {safeguard.recipe} |" in told
