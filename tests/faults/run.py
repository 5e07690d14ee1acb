"""Every chosen recipe, in as few houses as they allow."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from tests.faults.databases import Databases
from tests.faults.house import House, Plan, a_house
from tests.faults.recipes import Recipe
from tests.faults.trial import Trial, try_out

SHORT, LONG = 0, 1


def run(
    recipes: Sequence[Recipe],
    kinds: Sequence[str],
    seed: int,
    databases: Databases,
    *,
    form: int = SHORT,
    tell: Callable[[Trial], None] = lambda _: None,
) -> Iterator[Trial]:
    """Recipes that ask for the same house share it; one that ruins its house comes last in it."""
    for kind in kinds:
        fitting = [recipe for recipe in recipes if kind in recipe.databases]
        for plan in dict.fromkeys(recipe.house_plan(kind) for recipe in fitting):
            wanted = [recipe for recipe in fitting if recipe.house_plan(kind) == plan]
            wanted.sort(key=lambda recipe: recipe.ruins)
            for trial in _in_one_plan(plan, wanted, seed, databases, form):
                tell(trial)
                yield trial


def _in_one_plan(
    plan: Plan, recipes: Sequence[Recipe], seed: int, databases: Databases, form: int
) -> Iterator[Trial]:
    with ExitStack() as stack:
        house: House | None = None
        for recipe in recipes:
            if house is None:
                house = stack.enter_context(a_house(plan, databases))
            # Each recipe has its own luck, so that one alone does what it does among others.
            chance = random.Random(f"{seed} {recipe.name} {plan.database}")
            house.chance = random.Random(chance.random())
            trial = try_out(house, recipe, chance, recipe.times[form])
            yield trial
            if recipe.ruins or not trial.held:
                stack.close()
                house = None
