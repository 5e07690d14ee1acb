"""The rules of a contest as somebody wrote them, and what keeps them from being a contest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from incentives.core.activity_checks import EARLIEST, LARGEST, LATEST
from incentives.core.measures import KPIS

LONGEST = timedelta(days=366)
MOST_PRIZES = 50
LARGEST_PRIZE_MINOR = 10**13

Problems = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ContestRules:
    """`prizes` are whole minor units of the company's currency by place. A missing start or end
    is None. Without teams everyone is in it."""

    name: str
    kpi: str
    starts_at: datetime | None
    ends_at: datetime | None
    team_ids: tuple[int, ...] = ()
    prizes: Mapping[int, int] | None = None
    reserve: Decimal | None = None
    grace_hours: int = 72
    format: str = "sprint"


def problems_of(rules: ContestRules) -> Problems:
    """What to write instead, by form field; empty where the rules can be played."""
    problems: Problems = {}
    if not 1 <= len(rules.name.strip()) <= 120:
        problems["name"] = ["Write a name of at most 120 characters."]
    if rules.kpi not in KPIS:
        problems["kpi"] = ["Choose one of the KPIs."]
    problems.update(_window_problems(rules))
    problems.update(_prize_problems(rules.prizes or {}))
    if not 0 <= rules.grace_hours <= 30 * 24:
        problems["grace_days"] = ["Write a number of days from 0 to 30."]
    problems.update(_reserve_problems(rules))
    return problems


def _window_problems(rules: ContestRules) -> Problems:
    problems: Problems = {}
    if rules.starts_at is None:
        problems["starts_at"] = ["Write when it starts."]
    if rules.ends_at is None:
        problems["ends_at"] = ["Write when it ends."]
    if rules.starts_at is None or rules.ends_at is None:
        return problems
    if rules.starts_at < EARLIEST:
        problems["starts_at"] = ["The date is before 1970. Check the year."]
    if rules.ends_at >= LATEST:
        problems["ends_at"] = ["The date is after 2199. Check the year."]
    elif rules.ends_at <= rules.starts_at:
        problems["ends_at"] = ["Write an end after the start."]
    elif rules.ends_at - rules.starts_at > LONGEST:
        problems["ends_at"] = ["A contest lasts a year at most. Write an earlier end."]
    return problems


def _prize_problems(prizes: Mapping[int, int]) -> Problems:
    problems: Problems = {}
    for place, amount_minor in prizes.items():
        if not 0 < amount_minor < LARGEST_PRIZE_MINOR:
            problems[f"prize-{place}"] = ["Write an amount above 0, or leave it empty."]
    places = sorted(prizes)
    if places != list(range(1, len(places) + 1)):
        missing = next(place for place in range(1, len(places) + 1) if place not in prizes)
        problems[f"prize-{missing}"] = ["Write this prize too: prizes leave no place out."]
    if len(prizes) > MOST_PRIZES:
        problems["prize-1"] = [f"A contest has at most {MOST_PRIZES} prizes."]
    return problems


def _reserve_problems(rules: ContestRules) -> Problems:
    if rules.reserve is None:
        return {}
    kpi = KPIS.get(rules.kpi)
    if kpi is not None and kpi.lower_is_better:
        return {"reserve": [f"{kpi.label} has no reserve score, since fewer is better. Empty it."]}
    if rules.reserve < 0:
        return {"reserve": ["Write 0 or more."]}
    if rules.reserve >= LARGEST:
        return {"reserve": ["Write a smaller number."]}
    return {}
