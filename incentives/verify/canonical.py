"""The one text that stands for a value where it is hashed, written for the checker alone."""

import json
from typing import Any


def text_of(value: Any) -> str:
    """JSON with sorted keys and nothing between."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def number_of(millionths: int) -> str:
    """A number that is kept in millionths, as the shortest text: 1500000 is 1.5."""
    sign, size = "-" * (millionths < 0), abs(millionths)
    whole, rest = divmod(size, 10**6)
    return f"{sign}{whole}" + f".{rest:06}".rstrip("0") if rest else f"{sign}{whole}"
