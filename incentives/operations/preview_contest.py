"""Who would lead a contest, had it run over the latest past window of the same length."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incentives.core.measures import KPIS, Kpi
from incentives.core.prizes import award
from incentives.core.ranking import Standing
from incentives.operations.contest_rules import ContestRules
from incentives.operations.contest_standings import (
    ONE_MOMENT,
    days_of,
    rank_scored,
    the_field,
    what_counts,
)
from incentives.store.companies import Company, the_company


@dataclass(frozen=True, slots=True)
class ContestPreview:
    kpi: Kpi
    starts_at: datetime
    ends_at: datetime
    standings: Sequence[Standing]
    won: dict[int, int]
    company: Company

    @property
    def with_a_score(self) -> int:
        return sum(1 for row in self.standings if row.score)


def preview_contest(rules: ContestRules, *, now: datetime) -> ContestPreview:
    """The rules played on the past: the window ends now, or at its own end if that is over."""
    assert rules.starts_at is not None
    assert rules.ends_at is not None
    kpi, company = KPIS[rules.kpi], the_company()
    ends_at = min(now, rules.ends_at)
    starts_at = ends_at - (rules.ends_at - rules.starts_at)
    entered = the_field(rules.team_ids, days_of(starts_at, ends_at, company.calendar))
    scored = what_counts(
        kpi, entered, starts_at, ends_at, received_before=now + ONE_MOMENT, company=company
    )
    standings = rank_scored(rules.format, kpi, entered.entrants, scored)
    won = award(standings, dict(rules.prizes or {}), reserve=rules.reserve)
    return ContestPreview(kpi, starts_at, ends_at, standings, won, company)
