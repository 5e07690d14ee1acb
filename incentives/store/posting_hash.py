"""The hash of a posting: whatever is changed in its lines, or taken out of them, shows."""

import hashlib
from array import array
from datetime import datetime

from incentives.core.columns import as_micros
from incentives.core.ledger_lines import NewLines
from incentives.store.base import to_json


def posting_hash(
    previous: str,
    *,
    payee_id: int,
    number: int,
    first_sequence: int,
    posted_at: datetime,
    lines: NewLines,
) -> str:
    """Over the hash of the payee's posting before, and every column of all lines, in the order of
    their sequence. Numbers are eight bytes each, texts end their own line."""
    head = [previous, payee_id, number, first_sequence, len(lines), as_micros(posted_at)]
    said = hashlib.sha256(to_json(head).encode())
    # Terms are said once, and then by their place among them.
    places = {name: place for place, name in enumerate(dict.fromkeys(lines.terms))}
    terms = map(places.__getitem__, lines.terms)
    for numbers in (lines.components, lines.activity_ids, lines.amends, lines.amounts, terms):
        said.update(array("q", numbers).tobytes())
    steps = ["-" if each is None else each for each in lines.steps]
    for texts in (places, lines.origins, lines.aspects, lines.periods, lines.days, steps):
        said.update("\n".join([*texts, ""]).encode())
    return said.hexdigest()
