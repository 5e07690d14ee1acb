"""What may import what: one direction only, core pure, the edges never through each other."""

import ast
from pathlib import Path

ROOT = Path("incentives")
# Serve streams, beside the pages or alone: an edge, though it lies with the rest of live.
STREAMS = {ROOT / "live" / f"{name}.py" for name in ("asgi", "served", "process", "__main__")}
EDGES = {"web", "api", "cli", "workers", "streams"}

# What the modules of a part may import of ours, besides their own part.
MAY_IMPORT = {
    "core": set(),
    "store": {"core", "extensions", "errors", "sqlite_copy"},
    "ingest": {"core", "errors"},
    "export": {"core", "errors"},
    # Its independence is its worth: it reads the store, and reckons by itself.
    "verify": {"store"},
    "live": {"core", "store", "queue", "extensions", "errors", "access", "clock", "tokens"},
}
# Flask and SQLAlchemy stay where they belong.
PURE = {"flask", "sqlalchemy", "redis", "rq", "werkzeug", "flask_login", "requests"}


def modules():
    for path in sorted([*ROOT.rglob("*.py"), *Path("workers").rglob("*.py")]):
        yield path, ast.parse(path.read_text())


def imported(tree):
    """The dotted names a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "incentives":
                yield from (f"incentives.{alias.name}" for alias in node.names)
            else:
                yield node.module


def part_of(path):
    """core, store, web … or the name of a module that stands alone."""
    if path in STREAMS:
        return "streams"
    parts = path.with_suffix("").parts
    return parts[0] if parts[0] == "workers" else parts[1]


def part_named(dotted):
    names = dotted.split(".")
    if names[0] == "workers":
        return "workers"
    return names[1] if names[0] == "incentives" and len(names) > 1 else None


def ours(tree, part):
    return {part_named(name) for name in imported(tree)} - {None, part}


def test_the_lower_parts_import_only_what_is_below_them():
    for path, tree in modules():
        part = part_of(path)
        if part in MAY_IMPORT:
            assert ours(tree, part) <= MAY_IMPORT[part], path


def test_core_knows_no_storage_request_or_queue():
    for path, tree in modules():
        if part_of(path) in ("core", "ingest", "export"):
            found = {name.split(".")[0] for name in imported(tree)}
            assert not found & PURE, path


def test_the_checker_knows_nothing_but_the_snapshot():
    for path, tree in modules():
        if part_of(path) == "verify":
            names = set(imported(tree))
            assert {n for n in names if part_named(n) == "store"} <= {"incentives.store.snapshot"}
            assert not any(name.split(".")[0] == "sqlalchemy" for name in names), path


def test_operations_never_import_an_edge():
    for path, tree in modules():
        if part_of(path) == "operations":
            assert not ours(tree, "operations") & EDGES, path


def test_edges_never_import_each_other():
    for path, tree in modules():
        part = part_of(path)
        if part in EDGES:
            assert not ours(tree, part) & EDGES, path


def test_only_the_store_and_operations_speak_sqlalchemy():
    for path, tree in modules():
        if part_of(path) in EDGES:
            assert not any(name.split(".")[0] == "sqlalchemy" for name in imported(tree)), path
            assert "db.session" not in path.read_text(), path


def test_jobs_are_named_and_never_imported():
    for path, tree in modules():
        if part_of(path) != "workers":
            assert not any(name.split(".")[0] == "workers" for name in imported(tree)), path


def test_the_clock_is_read_at_the_edges_only():
    for path, tree in modules():
        if part_of(path) in ("core", "store", "operations", "ingest", "export", "verify"):
            assert "incentives.clock" not in set(imported(tree)), path
            text = path.read_text()
            assert "datetime.now(" not in text, path
            assert "date.today(" not in text, path
