"""What was said of a payee the last time: hashes that tell what need not be looked at again."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from incentives.store.base import to_json

# By the key of a period, a hash of all that was said in it.
Hashes = Mapping[str, str]


class Said(NamedTuple):
    """`days` are of what the day results were made of, by month. `lines` are of what the ledger was
    brought to, by the period the lines belong to, when the posting with the hash `after` was the
    last. None where nothing is known."""

    days: Hashes | None = None
    lines: Hashes | None = None
    after: str = ""

    @classmethod
    def read(cls, text: str | None) -> "Said":
        """What was written. Nothing is known where it was written before there were hashes of lines
        (until 2026-11)."""
        found = json.loads(text) if text else {}
        return cls(**found) if "after" in found else cls()

    def write(self) -> str:
        return to_json(self._asdict())


def what_differs(before: Hashes | None, now: Hashes) -> frozenset[str] | None:
    """The periods of which something else is said now; None, for all, where nothing is known."""
    if before is None:
        return None
    return frozenset(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
