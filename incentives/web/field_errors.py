"""Nested refusals of a document, as sentences with the way to the field."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str | int, ...]


def flat(fields: Mapping[Any, Any] | Sequence[Any], at: Path = ()) -> Iterator[tuple[Path, str]]:
    """(path, sentence) of every refusal: ('components', 1, 'rule', 'tiers'), 'Tier 2 …'."""
    if isinstance(fields, Mapping):
        for name, inner in fields.items():
            yield from flat(inner, at if name == "_schema" else (*at, name))
    elif isinstance(fields, str):
        yield at, fields
    else:
        for inner in fields:
            yield from flat(inner, at)


def in_words(path: Path) -> str:
    """'components 2, rule, tiers': the second of the list, as people count."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return ", ".join(words)
