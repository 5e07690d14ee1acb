"""The layers of docs/architecture.md hold in the code."""

import ast
import re

from tests.docs.documents import PROJECT, document

USES_SQLALCHEMY = {"store", "operations", "supervisor"}
KNOW_ONLY_THE_SUMS = {"core", "ingest", "export"}


def layers():
    """What each folder may import of ours, as the document's table says."""
    section = document("docs/architecture.md").partition("\n## Layers\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
    return {folder: set(re.findall(r"`(\w+)`", allowed)) for folder, allowed in rows}


def folders():
    inside = {path.parent.name for path in PROJECT.glob("incentives/*/__init__.py")}
    return inside | {"workers"}


def imports():
    """(file, folder, imported module) of every import."""
    for path in [*PROJECT.glob("incentives/*/**/*.py"), *PROJECT.glob("workers/*.py")]:
        parts = path.relative_to(PROJECT).parts
        folder = "workers" if parts[0] == "workers" else parts[1]
        for node in ast.walk(ast.parse(path.read_text())):
            for module in _modules(node):
                yield path, folder, module


def _modules(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.module == "incentives":
            return [f"incentives.{alias.name}" for alias in node.names]
        return [node.module]
    return []


def test_the_table_has_a_row_for_every_folder():
    assert set(layers()) == folders()


def test_a_folder_imports_no_folder_that_its_row_does_not_name():
    allowed = layers()
    wrong = []
    for path, folder, module in imports():
        first, _, rest = module.partition(".")
        imported = rest.split(".")[0] if first == "incentives" else first
        if first not in ("incentives", "workers") or imported in {folder, *allowed[folder]}:
            continue
        # A folder, or a small module where only the sums may be used.
        if imported in folders() or folder in KNOW_ONLY_THE_SUMS:
            wrong.append(f"{path.relative_to(PROJECT)} imports {module}")
    assert wrong == []


def test_sqlalchemy_stands_where_the_document_says():
    users = {folder for _, folder, module in imports() if module.split(".")[0] == "sqlalchemy"}
    assert users <= USES_SQLALCHEMY
