"""The rows of a board as they are shown: what stands beside each score."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from incentives.core.boards.privacy import SeenRow
from incentives.core.boards.readings import OF_TARGET, RAW
from incentives.core.calendar import Period
from incentives.core.money import as_decimal
from incentives.core.ranking import Number, Standing
from incentives.core.standings import Entrant, kpi_told
from incentives.operations.board_look import Look
from incentives.operations.board_ranking import own_targets
from incentives.operations.board_sums import day_values
from incentives.store.base import from_millionths
from incentives.store.day_results import DayValue


@dataclass(frozen=True, slots=True)
class BoardRow:
    """`moved` is places climbed, None where that cannot be told, and `above` the place of the next
    better score. `splits` and `bars` follow the periods of the reading; `attainment` is score ÷
    quota. Behind a pseudonym there is neither, and nothing opens.

    `group` is the division or league, `zone` where in the league one would go: up, down or None.
    """

    entrant: Entrant
    standing: Standing
    moved: int | None
    splits: list[Decimal | None]
    bars: list[Decimal | None]
    quota: Decimal | None
    attainment: Decimal | None
    above: int | None = None
    group: str = ""
    zone: str | None = None
    is_own: bool = False
    may_open: bool = True


def attainment(credited: Number | None, quota: Number | None) -> Decimal | None:
    """Credited ÷ quota as a ratio; None without a quota, or with one of 0 (semantics 15)."""
    if credited is None or not quota:
        return None
    return as_decimal(Fraction(credited) / Fraction(quota))


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes rows of what may be seen, with all that is shown beside a score."""

    look: Look
    split_periods: Sequence[Period]
    bar_periods: Sequence[Period]
    since: str
    with_quotas: bool = True

    def several(self, rows: Sequence[SeenRow]) -> list[BoardRow]:
        named = [row.row.entrant.id for row in rows if row.is_named]
        snapshot, asked = self.look.snapshot, self.look.asked
        splits, bars = self._splits_and_bars(named)
        targets = self._targets(named)
        found = []
        for row in rows:
            standing, entrant_id = row.row.standing, row.row.entrant.id
            target = targets.get(entrant_id)
            found.append(
                BoardRow(
                    entrant=row.row.entrant,
                    standing=standing,
                    moved=snapshot.moved(snapshot.rows[row.at], self.since, asked),
                    splits=splits.get(entrant_id) or [None] * len(self.split_periods),
                    bars=bars.get(entrant_id) or [None] * len(self.bar_periods),
                    quota=None if target is None else as_decimal(target),
                    attainment=self._attainment(standing, target),
                    above=row.row.above,
                    group=row.row.group,
                    zone=row.row.zone,
                    is_own=row.is_own,
                    may_open=row.is_named,
                )
            )
        return found

    def _targets(self, entrant_ids: Sequence[int]) -> dict[int, Fraction]:
        """The own quotas beside a sum; a ratio and a weighed score have none."""
        asked, definition = self.look.asked, self.look.definition
        kpis = definition.kpis
        if not entrant_ids or not self.with_quotas or len(kpis) != 1 or kpis[0].over:
            return {}
        if definition.reading.kind not in (RAW, OF_TARGET):
            return {}
        given = definition.scores[0].target
        if given is not None:
            return dict.fromkeys(entrant_ids, Fraction(given))
        field = self.look.snapshot.field
        return own_targets(asked, field, kpis[0].counts, asked.span, entrant_ids)

    def _attainment(self, standing: Standing, target: Fraction | None) -> Decimal | None:
        if target is not None and self.look.definition.reading.kind == OF_TARGET:
            return standing.score
        return attainment(standing.score, target)

    def _splits_and_bars(
        self, entrant_ids: Sequence[int]
    ) -> tuple[dict[int, list[Decimal | None]], dict[int, list[Decimal | None]]]:
        if not entrant_ids or not (self.split_periods or self.bar_periods):
            return {}, {}
        done = self._days_of(entrant_ids)
        return (
            {each: self._by_part(done.get(each, []), self.split_periods) for each in entrant_ids},
            {each: self._by_part(done.get(each, []), self.bar_periods) for each in entrant_ids},
        )

    def _days_of(self, entrant_ids: Sequence[int]) -> dict[int, list[DayValue]]:
        asked, field = self.look.asked, self.look.snapshot.field
        payees = {payee for entrant in entrant_ids for payee in field.members_of(entrant)}
        found: dict[int, list[DayValue]] = {}
        for value in day_values(payees, asked.kpi.measures, asked.span, asked.cut, asked.company):
            entrant_id = field.entrant_of(value.payee_id, value.day)
            if entrant_id is not None:
                found.setdefault(entrant_id, []).append(value)
        return found

    def _by_part(self, values: Sequence[DayValue], parts: Sequence[Period]) -> list[Decimal | None]:
        """The KPI in each part of the span; the parts hold all of its days."""
        if not parts:
            return []
        kpi, ends = self.look.asked.kpi, [part.end_day for part in parts]
        sums: list[dict[str, int]] = [{} for _ in parts]
        for value in values:
            part = sums[bisect_right(ends, value.day)]
            part[value.measure] = part.get(value.measure, 0) + value.millionths
        return [
            kpi_told(kpi, {measure: from_millionths(total) for measure, total in part.items()})
            for part in sums
        ]
