"""Finds rule types and contest formats: adding one is adding a file."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType


@cache
def modules_of(package_name: str) -> dict[str, ModuleType]:
    """The modules of a package by their KIND."""
    package = importlib.import_module(package_name)
    modules = [
        importlib.import_module(f"{package_name}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    ]
    return {module.KIND: module for module in modules}


def rule_types() -> dict[str, ModuleType]:
    return modules_of("incentives.core.rules")


def contest_formats() -> dict[str, ModuleType]:
    return modules_of("incentives.core.contests")
