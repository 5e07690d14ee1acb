"""A contest's form: what somebody typed, read into rules, with a sentence where it cannot be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from incentives.core.measures import KPIS
from incentives.core.money import from_minor, has_too_many_decimals, minor_digits, to_minor
from incentives.operations.contest_rules import MOST_PRIZES, ContestRules, Problems, problems_of
from incentives.store.companies import Company
from incentives.store.contests import Contest
from incentives.web.forms import ids

FIRST_PRIZE_ROWS = 3
_NUMBER = re.compile(r"[0-9][0-9,]*(\.[0-9]+)?|\.[0-9]+")


@dataclass
class ContestForm:
    """Texts as typed, by field. `prizes` are the texts of places 1, 2, 3 …"""

    name: str = ""
    kpi: str = "revenue"
    starts_at: str = ""
    ends_at: str = ""
    team_ids: list[int] = field(default_factory=list)
    prizes: list[str] = field(default_factory=lambda: [""] * FIRST_PRIZE_ROWS)
    reserve: str = ""
    grace_days: str = "3"
    note: str = ""

    @classmethod
    def sent(cls, data: MultiDict[str, str]) -> "ContestForm":
        rows = max(1, min(MOST_PRIZES, _whole(data.get("prize_rows", "")) or FIRST_PRIZE_ROWS))
        prizes = [data.get(f"prize-{place}", "").strip() for place in range(1, rows + 1)]
        form = cls(
            name=data.get("name", "").strip(),
            kpi=data.get("kpi", ""),
            starts_at=data.get("starts_at", "").strip(),
            ends_at=data.get("ends_at", "").strip(),
            team_ids=ids(data.getlist("teams")),
            prizes=prizes,
            reserve=data.get("reserve", "").strip(),
            grace_days=data.get("grace_days", "").strip(),
            note=data.get("note", "").strip(),
        )
        form.change_rows(data.get("do", ""))
        return form

    def change_rows(self, wish: str) -> None:
        """Add a prize at the end, or take the last one away."""
        if wish == "add-prize" and len(self.prizes) < MOST_PRIZES:
            self.prizes.append("")
        if wish == "drop-prize" and len(self.prizes) > 1:
            self.prizes.pop()

    @classmethod
    def of(cls, contest: Contest, company: Company) -> "ContestForm":
        amounts = [
            format(from_minor(prize.amount_minor, prize.currency), "f").removesuffix(".00")
            for prize in contest.prizes
        ]
        return cls(
            name=contest.name,
            kpi=contest.kpi,
            starts_at=_local(contest.starts_at, company),
            ends_at=_local(contest.ends_at, company),
            team_ids=[team.id for team in contest.teams],
            prizes=amounts or [""],
            reserve="" if contest.reserve is None else format(contest.reserve, "f"),
            grace_days=_days(contest.grace_hours),
        )

    @classmethod
    def proposed(cls, company: Company, now: datetime) -> "ContestForm":
        """A new contest as most begin: next week, Monday to Friday midnight."""
        today = company.calendar.day_of(now)
        monday = today + timedelta(days=7 - today.weekday())
        return cls(starts_at=f"{monday}T00:00", ends_at=f"{monday + timedelta(days=5)}T00:00")

    def read(self, company: Company) -> tuple[ContestRules, Problems]:
        """The rules as typed, and what to write instead where they cannot be read or played."""
        problems: Problems = {}
        prizes = _prizes(self.prizes, company, problems)
        grace = _decimal(self.grace_days, "grace_days", problems) if self.grace_days else None
        if grace is None and "grace_days" not in problems:
            problems["grace_days"] = ["Write a number of days from 0 to 30."]
        reserve = _decimal(self.reserve, "reserve", problems) if self.reserve else None
        rules = ContestRules(
            name=self.name,
            kpi=self.kpi,
            starts_at=_instant(self.starts_at, "starts_at", company, problems),
            ends_at=_instant(self.ends_at, "ends_at", company, problems),
            team_ids=tuple(self.team_ids),
            prizes=prizes,
            reserve=_reserve(reserve, self.kpi, problems),
            grace_hours=_hours(grace, problems),
        )
        return rules, {**problems_of(rules), **problems}


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _local(instant: datetime, company: Company) -> str:
    return f"{instant.astimezone(company.calendar.zone):%Y-%m-%dT%H:%M}"


def _days(hours: int) -> str:
    return f"{hours // 24}" if hours % 24 == 0 else format(Decimal(hours) / 24, "f")


def _instant(text: str, name: str, company: Company, problems: Problems) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=company.calendar.zone)
    except ValueError:
        problems[name] = ["Write a date and a time, such as 2026-12-01 00:00."]
        return None


def _decimal(text: str, name: str, problems: Problems) -> Decimal | None:
    try:
        if not _NUMBER.fullmatch(text) or len(text) > 20:
            raise InvalidOperation
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        problems[name] = ["Write a number, such as 500 or 2.5."]
        return None


def _prizes(texts: list[str], company: Company, problems: Problems) -> Mapping[int, int]:
    """Amounts in minor units by place; an empty row is no prize."""
    prizes: dict[int, int] = {}
    for place, text in enumerate(texts, start=1):
        name = f"prize-{place}"
        amount = _decimal(text.lstrip("$€£ "), name, problems) if text else None
        if amount is None:
            continue
        if has_too_many_decimals(amount, company.currency):
            digits = minor_digits(company.currency)
            problems[name] = [f"{company.currency} has {digits} decimals. Write fewer."]
        else:
            prizes[place] = to_minor(amount, company.currency)
    return prizes


def _reserve(reserve: Decimal | None, kpi: str, problems: Problems) -> Decimal | None:
    """The reserve as the KPI counts: a share is typed in per cent."""
    if reserve is None:
        return None
    if kpi in KPIS and KPIS[kpi].unit == "ratio":
        reserve = reserve / 100
    exponent = reserve.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        problems["reserve"] = ["Write at most six decimals."]
        return None
    return reserve


def _hours(days: Decimal | None, problems: Problems) -> int:
    if days is None:
        return 0
    hours = days * 24
    if hours != hours.to_integral_value() or hours > 720:
        problems["grace_days"] = ["Write a number of days from 0 to 30, such as 3 or 0.5."]
        return 0
    return int(hours)


def error_list(
    problems: Mapping[str, Any], labels: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """(field id, label, sentence) of every problem, in the order of the form."""
    return [
        (f"field-{name}", label, problems[name][0])
        for name, label in labels.items()
        if name in problems
    ]
