"""A SQLite file copied whole while others write to it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def copy_sqlite(original: Path, copy: Path) -> None:
    """By SQLite's own copying, which sees what still stands in the write-ahead log, and which
    shows one moment: all in one step, so that no writer comes between two pages."""
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
