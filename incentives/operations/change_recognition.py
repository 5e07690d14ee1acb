"""What the company says on recognition: which wins are told, kudos, and quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incentives.core.activity_checks import is_clean
from incentives.core.recognition import MINUTES_OF_A_DAY, WINS, QuietHours
from incentives.errors import Invalid
from incentives.live.announce import announce
from incentives.store.audit import record
from incentives.store.recognition import (
    OwnQuietHours,
    Recognition,
    count_change,
    the_recognition,
)
from incentives.store.transaction import writing

MOST_KUDOS, MOST_LABELS, LONGEST_LABEL = 1_000, 12, 40
LARGEST_FLOOR = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Settings:
    """`wins` are kinds of `core/recognition.py`, `deal_floor` is in the company's currency."""

    wins: Sequence[str]
    deal_floor: Decimal
    kudos_allowance: int
    kudos_labels: Sequence[str]
    quiet: QuietHours | None


def change_recognition(settings: Settings, *, by: int, now: datetime) -> None:
    """Raises Invalid naming each field."""
    labels = list(dict.fromkeys(" ".join(each.split()) for each in settings.kudos_labels))
    labels = [label for label in labels if label]
    problems = _problems(settings, labels)
    if problems:
        raise Invalid("recognition", "Nothing was changed.", fields=problems)
    with writing() as session:
        stored = the_recognition()
        before = _said(stored)
        stored.wins = [kind for kind in WINS if kind in settings.wins]
        stored.deal_floor = settings.deal_floor
        stored.kudos_allowance, stored.kudos_labels = settings.kudos_allowance, labels
        stored.quiet_from = settings.quiet.starts if settings.quiet else None
        stored.quiet_until = settings.quiet.ends if settings.quiet else None
        after = _said(stored)
        if after == before:
            return
        record(session, "recognition changed", "Feed", by=by, now=now, before=before, after=after)
        session.flush()
        count_change(session)
    announce()


def change_own_quiet_hours(quiet: QuietHours | None, *, by: int, now: datetime) -> None:
    """One's own, beside the company's; None for no more. Raises Invalid."""
    if problem := problem_of_quiet(quiet):
        raise Invalid("quiet", "Nothing was changed.", fields={"quiet": [problem]})
    with writing() as session:
        found = session.get(OwnQuietHours, by)
        before = [found.starts, found.ends] if found else None
        after = [quiet.starts, quiet.ends] if quiet else None
        if before == after:
            return
        if found is not None:
            session.delete(found)
            session.flush()
        if quiet is not None:
            session.add(OwnQuietHours(person_id=by, starts=quiet.starts, ends=quiet.ends))
        record(session, "quiet hours changed", "Own", by=by, now=now, before=before, after=after)


def problem_of_quiet(quiet: QuietHours | None) -> str | None:
    """What to write instead."""
    if quiet is None:
        return None
    inside = all(0 <= minute < MINUTES_OF_A_DAY for minute in (quiet.starts, quiet.ends))
    if not inside or quiet.starts == quiet.ends:
        return "Write two different times of day, such as 20:00 and 07:30, or leave both empty."
    return None


def _problems(settings: Settings, labels: Sequence[str]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    floor = settings.deal_floor
    if not 0 <= floor <= LARGEST_FLOOR or floor != floor.quantize(Decimal("0.01")):
        problems["deal_floor"] = ["Write an amount such as 10000, or 0 for every deal."]
    if not 0 <= settings.kudos_allowance <= MOST_KUDOS:
        problems["kudos_allowance"] = [f"Write a whole number from 0 to {MOST_KUDOS:,}."]
    if len(labels) > MOST_LABELS:
        problems["kudos_labels"] = [f"Write at most {MOST_LABELS} values, one a line."]
    elif any(len(label) > LONGEST_LABEL or not is_clean(label) for label in labels):
        problems["kudos_labels"] = [f"Write values of at most {LONGEST_LABEL} characters."]
    if problem := problem_of_quiet(settings.quiet):
        problems["quiet"] = [problem]
    return problems


def _said(stored: Recognition) -> dict[str, object]:
    return {
        "wins told": ", ".join(stored.wins),
        "deals from": format(stored.deal_floor, "f"),
        "kudos a month": stored.kudos_allowance,
        "values": ", ".join(stored.kudos_labels),
        "quiet from minute": stored.quiet_from,
        "quiet until minute": stored.quiet_until,
    }
