"""`bin/faults --safeguards`: each safeguard, the recipe that it is for, with it and without."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.faults.databases import Databases, databases
from tests.faults.house import a_house
from tests.faults.recipes import recipes
from tests.faults.safeguards import SAFEGUARDS
from tests.faults.trial import Trial, try_out


@dataclass(frozen=True)
class Comparison:
    name: str
    with_it: Trial
    without_it: Trial

    @property
    def is_needed(self) -> bool:
        return self.with_it.held and bool(self.shown)

    @property
    def shown(self) -> list[str]:
        """What went wrong without it that only it keeps from going wrong."""
        return [each for each in self.without_it.failures if SAFEGUARDS[self.name].shows in each]


def compare(name: str, seed: int, made: Databases) -> Comparison:
    safeguard = SAFEGUARDS[name]
    return Comparison(
        name,
        with_it=_try(name, safeguard.beside, seed, made),
        without_it=_try(name, (*safeguard.beside, name), seed, made),
    )


def _try(name: str, without: Sequence[str], seed: int, made: Databases) -> Trial:
    safeguard = SAFEGUARDS[name]
    recipe = recipes()[safeguard.recipe]
    recipe = replace(recipe, limit=safeguard.limit)
    plan = replace(
        recipe.house_plan(safeguard.database),
        without=(*recipe.plan.without, *without),
        payees=safeguard.payees or recipe.plan.payees,
    )
    chance = random.Random(f"{seed} {name}")
    with a_house(plan, made) as house:
        return try_out(house, recipe, chance, recipe.times[0])


def comparisons(names: Sequence[str], seed: int) -> Iterator[Comparison]:
    with databases() as made:
        for name in names:
            yield compare(name, seed, made)


def as_line(found: Comparison) -> str:
    safeguard = SAFEGUARDS[found.name]
    with_it = "holds" if found.with_it.held else "FAILS"
    otherwise = "HOLDS" if found.without_it.held else "FAILS FOR ANOTHER REASON"
    without = "fails" if found.shown else otherwise
    shown = found.with_it.failures or found.shown or found.without_it.failures
    return (
        f"{safeguard.recipe:<4} {safeguard.database:<8}  with: {with_it}  without: {without}  "
        f"{safeguard.what}\n      {shown[0] if shown else 'nothing differs'}"
    )


def main(names: Sequence[str], seed: int) -> int:
    needed = True
    for found in comparisons(names or list(SAFEGUARDS), seed):
        print(as_line(found), flush=True)
        needed = needed and found.is_needed
    return 0 if needed else 1
