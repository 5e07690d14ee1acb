"""The hash of a posting: whatever is changed in its lines, or taken out of them, shows."""

import hashlib
from array import array
from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

from incentives.core.columns import as_micros
from incentives.core.ledger_lines import NewLines
from incentives.store.base import to_json


def as_texts(lines: NewLines) -> list[str]:
    """Each line as one text: its columns with tabs between them; the terms stand by their hash. A
    line that withdraws has a dash for its steps."""
    steps = ["-" if each is None else each for each in lines.steps]
    columns = (
        map(str, lines.components),
        map(str, lines.activity_ids),
        lines.origins,
        lines.aspects,
        map(str, lines.amends),
        lines.periods,
        lines.days,
        map(str, lines.amounts),
        lines.terms,
        steps,
    )
    return list(map("\t".join, zip(*columns, strict=True)))


def posting_hash(
    previous: str,
    texts: Sequence[str],
    *,
    payee_id: int,
    number: int,
    first_sequence: int,
    posted_at: datetime,
) -> str:
    """Over the hash of the payee's posting before and all lines, in the order of their sequence."""
    head = to_json([previous, payee_id, number, first_sequence, as_micros(posted_at)])
    return hashlib.sha256("\n".join([head, *texts]).encode()).hexdigest()


def line_checks(texts: Sequence[str]) -> bytes:
    """Four bytes for each line. The hash says that a posting was changed; these say where."""
    return array("I", map(crc32, map(str.encode, texts))).tobytes()


def first_changed(texts: Sequence[str], checks: bytes) -> int | None:
    """The place, from 0, of the first line that is not what it was when it was posted; None where
    all are."""
    was, now = array("I", checks), array("I", line_checks(texts))
    for place, (before, after) in enumerate(zip(was, now, strict=False)):
        if before != after:
            return place
    return None if len(was) == len(now) else min(len(was), len(now))
