"""The recipes as the runner sees them, with what they do not say filled in."""

import importlib
import pkgutil
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import ModuleType

from tests.faults import nemesis
from tests.faults.house import House
from tests.faults.looking import LONGEST_CATCH_UP_SECONDS
from tests.faults.plan import Plan
from tests.faults.reading import POSTGRES, SQLITE

LOAD_PER_SECOND = 50.0


def _nothing(house: House) -> Iterator[str]:
    return iter(())


@dataclass(frozen=True)
class Recipe:
    name: str
    what: str
    times: tuple[int, int]
    inject: Callable[[House, random.Random, int], Iterator[str]]
    holds: Callable[[House], Iterator[str]] = _nothing
    load: float = LOAD_PER_SECOND
    at_once: int = 1
    # What the clients could not send during a fault they send afterwards.
    catches_up: bool = False
    limit: float = LONGEST_CATCH_UP_SECONDS
    # The house is of no use afterwards.
    ruins: bool = False
    databases: tuple[str, ...] = (SQLITE, POSTGRES)
    plan: Plan = field(default_factory=Plan)

    @property
    def number(self) -> tuple[int, str]:
        digits = "".join(each for each in self.name if each.isdigit())
        return int(digits), self.name

    def house_plan(self, database: str) -> Plan:
        return replace(self.plan, database=database)


def recipes() -> dict[str, Recipe]:
    """All of them by name, in the order of their numbers."""
    found = [
        _recipe(importlib.import_module(f"{nemesis.__name__}.{module.name}"))
        for module in pkgutil.iter_modules(nemesis.__path__)
    ]
    return {recipe.name: recipe for recipe in sorted(found, key=lambda recipe: recipe.number)}


def _recipe(module: ModuleType) -> Recipe:
    more = {
        name.lower(): getattr(module, name)
        for name in ("LOAD", "AT_ONCE", "CATCHES_UP", "LIMIT", "RUINS", "DATABASES", "PLAN")
        if hasattr(module, name)
    }
    if hasattr(module, "holds"):
        more["holds"] = module.holds
    return Recipe(module.NAME, module.WHAT, module.TIMES, module.inject, **more)
