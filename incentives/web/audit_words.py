"""An audit entry in words: before and after, side by side."""

from dataclasses import dataclass
from typing import Any

from incentives.store.audit import AuditEntry

NOTHING = "–"
# What tells pay: the sum of an export, which its file's name carries too, what somebody is to
# earn at their target, and what was adjusted and why (semantics 39).
PAY = ("control_total", "file", "target_incentive", "adjusted", "because")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed; `name` is empty where the entry is about one thing only."""

    name: str
    before: str
    after: str


def changes(entry: AuditEntry, *, with_pay: bool) -> list[Change]:
    """What an entry changed, field by field. What stayed the same is left out, and pay where the
    reader may not see it."""
    before, after = entry.before, entry.after
    found = [
        Change(_words(name), written(_get(before, name)), written(_get(after, name)))
        for name in _names(before, after)
        if (with_pay or name not in PAY) and _get(before, name) != _get(after, name)
    ]
    plain = [None if isinstance(side, dict) else side for side in (before, after)]
    if plain != [None, None]:
        found.insert(0, Change("", written(plain[0]), written(plain[1])))
    return found


def written(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return NOTHING
        case True:
            return "yes"
        case False:
            return "no"
        case list():
            return ", ".join(written(item) for item in value)
        case dict():
            return ", ".join(f"{_words(name)} {written(item)}" for name, item in value.items())
    return str(value)


def _names(before: Any, after: Any) -> list[str]:
    """Every name on either side, in the order in which they were noted."""
    sides = [side for side in (before, after) if isinstance(side, dict)]
    return list(dict.fromkeys(name for side in sides for name in side))


def _get(side: Any, name: str) -> Any:
    return side.get(name) if isinstance(side, dict) else None


def _words(name: str) -> str:
    return name.replace("_", " ")
