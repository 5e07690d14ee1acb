"""Finds what a folder holds, so that adding a page or a command is adding a file."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any


def found_in(package_name: str, attribute: str) -> Iterator[Any]:
    """The attribute of every module of a package that has it, by module name."""
    package = importlib.import_module(package_name)
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{package_name}.{found.name}")
        if hasattr(module, attribute):
            yield getattr(module, attribute)
