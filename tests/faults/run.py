"""Every chosen recipe, in as few houses as they allow."""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from tests.faults.databases import Databases
from tests.faults.house import House, a_house
from tests.faults.plan import Plan
from tests.faults.recipes import Recipe
from tests.faults.trial import Trial, try_out, verified

SHORT, LONG = 0, 1


def run(
    recipes: Sequence[Recipe],
    kinds: Sequence[str],
    seed: int,
    databases: Databases,
    *,
    form: int = SHORT,
) -> Iterator[Trial]:
    """Recipes that ask for the same house share it; one that ruins its house comes last in it."""
    for kind in kinds:
        fitting = [recipe for recipe in recipes if kind in recipe.databases]
        for plan in dict.fromkeys(recipe.house_plan(kind) for recipe in fitting):
            wanted = [recipe for recipe in fitting if recipe.house_plan(kind) == plan]
            wanted.sort(key=lambda recipe: recipe.ruins)
            yield from _in_one_plan(plan, wanted, seed, databases, form)


def _in_one_plan(
    plan: Plan, recipes: Sequence[Recipe], seed: int, databases: Databases, form: int
) -> Iterator[Trial]:
    with ExitStack() as stack:
        house: House | None = None
        for recipe in recipes:
            if house is None:
                house = stack.enter_context(a_house(plan, databases))
            if recipe.ruins:
                yield verified(house)
            # Each recipe has its own luck, so that one alone does what it does among others.
            chance = random.Random(f"{seed} {recipe.name} {plan.database}")
            house.chance = random.Random(chance.random())
            trial = try_out(house, recipe, chance, recipe.times[form])
            yield trial
            if recipe.ruins or not trial.held:
                stack.close()
                house = None
        if house is not None:
            yield verified(house)
