"""Read one activity: what it says, what it said before, who is credited, what it earned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from incentives.core.crediting import part_of
from incentives.core.results import MONEY
from incentives.errors import NotFound
from incentives.store import people
from incentives.store.activities import (
    PayeeShare,
    StoredActivity,
    activities_by_id,
    content_of,
    shares_in,
)
from incentives.store.activity_search import revisions_of
from incentives.store.ledger import PostedLine, lines_about


@dataclass(frozen=True, slots=True)
class ActivityCredit:
    payee_id: int
    name: str
    percent: Decimal
    amount: Decimal | None
    overlay: bool


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """A line with the payee's name and code."""

    name: str
    code: str
    line: PostedLine


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a revision changed, as plain text; None where there was nothing."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Revision:
    """How the activity came to say what it says: `number` 2 is the first change."""

    number: int
    at: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ActivityReading:
    """`concerned` are all who are or were credited. `hides_pay` says that there are pay lines which
    the reader may not see."""

    activity: StoredActivity
    credits: tuple[ActivityCredit, ...]
    lines: tuple[ActivityLine, ...]
    revisions: tuple[Revision, ...]
    concerned: frozenset[int]
    hides_pay: bool


def read_activity(
    activity_id: int, *, may_see_pay_of: Callable[[int, date], bool]
) -> ActivityReading:
    """The activity with the lines that its payees have by it. Lines of pay are only those that
    `may_see_pay_of` allows for the payee and day (semantics 39)."""
    activity = activities_by_id([activity_id]).get(activity_id)
    if activity is None:
        raise NotFound("There is no such activity.")
    shares = shares_in(activity.id)
    concerned = {share.payee_id for share in shares}
    for revision in revisions_of(activity.id):
        concerned |= {int(payee) for _, said in _shared(revision.content) for payee in said}
    payees = [found for payee_id in sorted(concerned) if (found := people.person(payee_id))]
    names = {payee.id: payee.name for payee in payees}
    all_lines = [
        ActivityLine(payee.name, payee.code, line)
        for payee in sorted(payees, key=lambda payee: payee.name.casefold())
        for line in lines_about(payee.id, activity.id)
    ]
    lines = [
        each
        for each in all_lines
        if each.line.yields != MONEY or may_see_pay_of(each.line.payee_id, each.line.day)
    ]
    return ActivityReading(
        activity=activity,
        credits=tuple(_credit(activity, share, names) for share in shares),
        lines=tuple(lines),
        revisions=tuple(_revisions(activity, shares, names)),
        concerned=frozenset(concerned),
        hides_pay=len(lines) < len(all_lines),
    )


def _credit(
    activity: StoredActivity, share: PayeeShare, names: Mapping[int, str]
) -> ActivityCredit:
    amount = None if activity.amount is None else part_of(activity.amount, share.percent)
    name = names[share.payee_id]
    return ActivityCredit(share.payee_id, name, share.percent, amount, share.overlay)


def _revisions(
    activity: StoredActivity, shares: Sequence[PayeeShare], names: Mapping[int, str]
) -> list[Revision]:
    older = revisions_of(activity.id)
    said = [_flat(revision.content, names) for revision in older]
    said.append(_flat(content_of(activity, shares), names))
    return [
        Revision(
            revision.revision + 1,
            revision.superseded_at,
            tuple(
                Change(name, before.get(name), after.get(name))
                for name in sorted(before.keys() | after.keys())
                if before.get(name) != after.get(name)
            ),
        )
        for revision, before, after in zip(older, said, said[1:], strict=False)
    ]


def _flat(content: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, str]:
    """Every stated thing by name, as text."""
    plain = {
        name: content[name]
        for name in ("kind", "occurred_at", "amount", "currency", "quantity")
        if content.get(name) is not None
    }
    if content["reversed"]:
        plain["taken back"] = "yes"
    shared = {
        f"{words} of {names[int(payee)]}": f"{percent} %"
        for words, said in _shared(content)
        for payee, percent in said.items()
    }
    return {**plain, **content["attributes"], **shared}


def _shared(content: Mapping[str, Any]) -> list[tuple[str, Mapping[str, str]]]:
    """Payee -> per cent, of shares and of overlays; the oldest revisions know no overlays."""
    return [("share", content["shares"]), ("overlay", content.get("overlays", {}))]
