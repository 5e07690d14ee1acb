"""The way to a field of a document, as people say it."""

from incentives.core.refusals import Path


def in_words(path: Path) -> str:
    """'components 2, rule, tiers': the second of the list, as people count."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return ", ".join(words)
