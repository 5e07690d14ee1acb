"""Why something is posted anew, in sentences for the person whose pay it is."""

from collections.abc import Iterator
from fractions import Fraction

from incentives.core.components import OWN
from incentives.core.posting import WITHDRAWN
from incentives.core.words import plain
from incentives.core.working import Working
from incentives.store import plans
from incentives.store.activities import StoredActivity, payees_of
from incentives.store.calculation_issues import issues_of
from incentives.store.companies import the_company
from incentives.store.ledger import PostedLine

# Where two workings differ in nothing that has words.
NOT_SAID = "It was calculated anew."


def why_late(line: PostedLine) -> str:
    """Of the first line about something, where it stands in a later period than its own."""
    return f"It belongs to {line.origin_period}, which was locked before this was known."


def why_changed(earlier: PostedLine, line: PostedLine, activity: StoredActivity | None) -> str:
    """Of a line that corrects an earlier one. Several changes at once are each named."""
    if line.component.contest_id is not None:
        return "The result of the contest changed."
    if line.reason == WITHDRAWN:
        return _why_withdrawn(line, activity)
    if earlier.steps is None:
        return "It counts again."
    return " ".join(_what_changed(earlier, line)) or _what_followed(earlier.working, line.working)


def _what_changed(earlier: PostedLine, line: PostedLine) -> Iterator[str]:
    """The facts that differ."""
    was, now = earlier.working, line.working
    if line.activity_id and earlier.day != line.day:
        yield f"Its day changed from {earlier.day} to {line.day}."
    if _paid_on(was) != _paid_on(now):
        what = "The credited amount" if line.activity_id else "What was paid on"
        yield f"{what} changed from {_paid_on(was)} to {_paid_on(now)}."
    if _rate(was) != _rate(now):
        yield f"The exchange rate changed from {_rate(was)} to {_rate(now)}."
    if earlier.plan_version_id != line.plan_version_id:
        yield f"Version {_number(line.plan_version_id)} of the plan is in force for it."
    if _said(was, "quota") != _said(now, "quota"):
        yield f"The quota changed from {_said(was, 'quota')} to {_said(now, 'quota')}."


# What may follow from a change elsewhere, by the name of its note, the weightiest first.
_FOLLOWS = {
    "gate": "The gate was read anew: {after}.",
    "multiplier": "The multiplier changed from {before} to {after}.",
    "reached": "What was reached changed from {before} to {after}.",
    "target": "The target changed from {before} to {after}.",
    "score": "The score changed from {before} to {after}.",
    "team_amount": "What the team earned changed.",
    "members": "The team has {after} members now, {before} before.",
    "before_budget": "The budget leaves another part for it.",
    "before_cap": "The cap leaves another part for it.",
}


def _what_followed(was: Working, now: Working) -> str:
    for name, words in _FOLLOWS.items():
        if _said(was, name) != _said(now, name):
            return words.format(before=_said(was, name), after=_said(now, name))
    if [part.row for part in was.slices] != [part.row for part in now.slices] or (
        [part.base for part in was.slices] != [part.base for part in now.slices]
    ):
        return "Another deal before it changed, so it lies elsewhere in the tiers."
    return NOT_SAID


def _said(working: Working, note: str) -> str:
    """A note as a sentence has it; where a line pays for two months, that of each."""
    parts = [working.notes] if note in working.notes else [part.notes for part in working.parts]
    return " and ".join(str(part.get(note, "none")) for part in parts) or "none"


def _rate(working: Working) -> str:
    """The exchange rate as a sentence has it: 1.10 for EUR."""
    said = working.notes.get("exchange")
    return f"{said['rate']} for {said['currency']}" if said else "none"


def _paid_on(working: Working) -> str:
    """What was paid on, in the currency of the deal: another exchange rate is no other amount."""
    base = sum((part.base for part in working.slices if part.is_measured), Fraction(0))
    said = working.notes.get("exchange")
    return f"{said['currency']} {plain(base / Fraction(said['rate']))}" if said else plain(base)


def _why_withdrawn(line: PostedLine, activity: StoredActivity | None) -> str:
    if activity is None:
        return _what_is_missing(line) or "Nothing is due for the period any more."
    if activity.reversed:
        return "It was reversed."
    day = activity.occurred_at and the_company().calendar.day_of(activity.occurred_at)
    if day != line.day:
        return f"Its day changed from {line.day} to {day or 'none'}."
    if not _is_own(line):
        return "It counts for the team no longer: somebody was in another team on its day."
    if line.payee_id not in payees_of(activity.id):
        return "It is credited to somebody else."
    return _what_is_missing(line) or "It no longer counts for this component."


def _is_own(line: PostedLine) -> bool:
    """Whether the line is for what the payee did, and not for what a team did."""
    version = plans.plan_version(line.plan_version_id or 0)
    component = version.core.plan.component(line.component.key) if version else None
    return component is None or component.credited == OWN


def _what_is_missing(line: PostedLine) -> str:
    """What the calculation says it lacks, such as a quota that was taken away."""
    calendar = the_company().calendar
    for issue in issues_of([line.payee_id]):
        span = calendar.period_named(issue.period)
        if issue.component == line.component.key and span is not None and line.day in span:
            return issue.message
    return ""


def _number(version_id: int | None) -> int | None:
    version = plans.plan_version(version_id) if version_id else None
    return version.number if version else None
