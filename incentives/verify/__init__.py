"""The independent checker: whether what is stored is sound, by plain SQL and arithmetic of its own.

It shares no code with the engine, so that a mistake there is not repeated here. Each file in
`checks` is one check and is found by itself. It has

NAME         what it is called on the command line
WHAT         a sentence that says what holds where it finds nothing
differences  a generator of what does not hold, given a `Book` and a `Seen` to count in
"""

import importlib
import pkgutil

from incentives.verify.differences import Check


def all_checks() -> dict[str, Check]:
    """Every check by its name, in order of the names of their files."""
    package = importlib.import_module("incentives.verify.checks")
    found = sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name)
    modules = [importlib.import_module(f"{package.__name__}.{each.name}") for each in found]
    return {module.NAME: Check(module.NAME, module.WHAT, module.differences) for module in modules}
