"""What the options of a simulation say: which pay periods, until when, and what is locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from incentives.core.calendar import Calendar, Period
from incentives.core.company_case import Company
from incentives.ingest.values import Unclear, instant_of


@dataclass(frozen=True, slots=True)
class Asked:
    """Pay periods from `first` to `last` are shown, as far as these are given. What was known
    before `as_of` counts. `locks` are the locked pay periods, each with its moment."""

    calendar: Calendar
    first: Period | None
    last: Period | None
    as_of: datetime
    locks: Mapping[str, datetime]

    def shows(self, key: str) -> bool:
        """Whether the pay period with this key is shown."""
        period = self.calendar.period_named(key)
        assert period is not None, "lines are posted in periods that exist"
        has_begun = self.first is None or self.first.first_day < period.end_day
        return has_begun and (self.last is None or period.first_day < self.last.end_day)


def asked(
    company: Company, first: str | None, last: str | None, as_of: str | None, locked: Sequence[str]
) -> Asked:
    """What these options ask of a company. Raises click's BadParameter naming the option."""
    options = _Options(company)
    last_period = options.period("--to", last) if last else None
    locks = dict(options.lock(text) for text in locked)
    moment = options.instant("--as-of", as_of) if as_of else options.end(last_period, locks)
    later = [key for key, locked_at in locks.items() if locked_at > moment]
    if later:
        raise _bad("--locked", f"{later[0]} is locked later than --as-of. Leave it out.")
    return Asked(
        calendar=company.calendar,
        first=options.period("--from", first) if first else None,
        last=last_period,
        as_of=moment,
        locks=locks,
    )


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name. Raises click's BadParameter."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"There is no time zone {name}. Write one like America/Chicago."
        raise _bad("--time-zone", message) from error


class _Options:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._calendar = company.calendar

    def period(self, option: str, text: str) -> Period:
        """A period by its key; a day means the pay period in which it lies."""
        found = self._calendar.period_named(text)
        if found is None:
            raise _bad(option, f"{text} is no period. Write it like 2026-01, 2026-Q1 or 2026.")
        if found.kind == "day":
            return self._calendar.period_of(found.first_day, self._company.plan.pays)
        return found

    def lock(self, text: str) -> tuple[str, datetime]:
        """A pay period and when it is locked: at its end, or at the moment behind an @."""
        key, _, moment = text.partition("@")
        period = self._calendar.period_named(key)
        pays = self._company.plan.pays
        if period is None or period.kind != pays:
            raise _bad("--locked", f"{key} is no pay period: this plan pays by the {pays}.")
        if moment:
            return key, self.instant("--locked", moment)
        return key, self._calendar.start_of(period.end_day)

    def instant(self, option: str, text: str) -> datetime:
        try:
            return instant_of(text, self._calendar)
        except Unclear as error:
            raise _bad(option, error.message) from error

    def end(self, last: Period | None, locks: Mapping[str, datetime]) -> datetime:
        """The end of the last pay period that is shown, or in which something came in."""
        if last is not None:
            moments = [self._calendar.start_of(last.end_day)]
        else:
            moments = [self._end_of_pay_period(moment) for moment in self._latest()]
        moments += locks.values()
        if not moments:
            raise _bad("--to", "No activity has a date. Say up to which period, such as 2026-03.")
        return max(moments)

    def _latest(self) -> list[datetime]:
        moments = [fact.received_at for fact in self._company.history.facts]
        moments += [
            fact.activity.occurred_at
            for fact in self._company.history.facts
            if fact.activity.occurred_at is not None
        ]
        return [max(moments)] if moments else []

    def _end_of_pay_period(self, moment: datetime) -> datetime:
        day = self._calendar.day_of(moment)
        period = self._calendar.period_of(day, self._company.plan.pays)
        return self._calendar.start_of(period.end_day)


def _bad(option: str, message: str) -> click.BadParameter:
    return click.BadParameter(message, param_hint=option)
