"""What every check reads: the moment, the company, who is behind, and what the ledger names."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from incentives.store.snapshot import Snapshot
from incentives.verify.company_days import CompanyDays, as_micros
from incentives.verify.exactly import minor_digits


class Component(NamedTuple):
    """What lines were earned by; `plan_id` and `plan`, its slug, are None for prizes and
    adjustments."""

    id: int
    plan_id: int | None
    plan: str | None
    key: str
    yields: str
    currency: str | None

    @property
    def units(self) -> int:
        """How many of what is posted make one unit of the yield: 100 cents a dollar."""
        return 10 ** minor_digits(self.currency) if self.currency else 1


class Line(NamedTuple):
    """A line of the ledger, as it is stored; `day` as an ISO text."""

    component_id: int
    activity_id: int
    origin: str
    aspect: str
    amends: int
    sequence: int
    period: str
    day: str
    amount: int
    terms_id: int
    steps: str | None

    @property
    def subject(self) -> tuple[int, int, str, str]:
        return self.component_id, self.activity_id, self.origin, self.aspect


class Terms(NamedTuple):
    component_id: int
    plan_version_id: int | None
    content: str
    hash: str


class ShownBoard(NamedTuple):
    """A board as the service shows it; rows are (payee, score, place), the score exact: 3/4.
    `why_not` says why it is not judged, where its numbers are more than sums of days."""

    slug: str
    kpi: str
    first_day: date
    end_day: date
    rows: Sequence[tuple[int, str | None, int | None]]
    why_not: str | None = None


@dataclass
class Book:
    """A snapshot with what is asked of it. With `settled` nobody may be behind any more;
    `acknowledged` names a file of activities that were answered with success."""

    snapshot: Snapshot
    now: datetime
    settled: bool = False
    acknowledged: Path | None = None
    boards: Sequence[ShownBoard] = field(default_factory=list)

    @cached_property
    def now_micros(self) -> int:
        return as_micros(self.now)

    @cached_property
    def tables(self) -> set[str]:
        return self.snapshot.tables()

    @cached_property
    def company(self) -> dict[str, Any]:
        names = (
            "time_zone",
            "currency",
            "fiscal_start_month",
            "year_named_after",
            "weeks_pattern",
        )
        rows = self.snapshot.rows(f"SELECT {', '.join(names)} FROM company")  # noqa: S608  ours
        return dict(zip(names, rows[0], strict=True))

    @cached_property
    def days(self) -> CompanyDays:
        company = self.company
        return CompanyDays(
            company["time_zone"], company["fiscal_start_month"], company["year_named_after"]
        )

    @cached_property
    def payees(self) -> list[int]:
        """Who has anything at all: facts, lines or results."""
        rows = self.snapshot.rows(
            "SELECT id FROM person WHERE is_payee UNION SELECT payee_id FROM credit "
            "UNION SELECT payee_id FROM posting UNION SELECT payee_id FROM posted_line "
            "UNION SELECT payee_id FROM day_result ORDER BY 1"
        )
        return [payee_id for (payee_id,) in rows]

    @cached_property
    def behind(self) -> set[int]:
        """Whose results are still being calculated, or could not be."""
        rows = self.snapshot.rows("SELECT payee_id FROM marker WHERE wanted > computed")
        return {payee_id for (payee_id,) in rows}

    @cached_property
    def just_due(self) -> set[int]:
        """Who has something that was dated ahead and came due since that was last looked for: it
        is worked in with the next look, or when the day turns."""
        looked = self.snapshot.rows("SELECT at FROM heartbeat WHERE worker = 'due looked for'")
        since = self.days.start_of_day_of(self.now_micros)
        if looked:
            since = as_micros(as_instant(looked[0][0]))
        rows = self.snapshot.rows(
            "SELECT DISTINCT payee_id FROM credit "
            "WHERE occurred_micros >= received_micros AND occurred_micros >= ? "
            "AND occurred_micros < ?",
            since,
            self.now_micros,
        )
        return {payee_id for (payee_id,) in rows}

    @cached_property
    def judged(self) -> list[int]:
        """The payees whose results can be held against the facts."""
        left_out = self.just_due if self.settled else self.just_due | self.behind
        return [payee_id for payee_id in self.payees if payee_id not in left_out]

    @cached_property
    def components(self) -> dict[int, Component]:
        rows = self.snapshot.rows(
            "SELECT c.id, c.plan_id, p.slug, c.key, c.yields, c.currency FROM component c "
            "LEFT JOIN plan p ON p.id = c.plan_id ORDER BY c.id"
        )
        return {row[0]: Component(*row) for row in rows}

    @cached_property
    def documents(self) -> dict[int, dict[str, Any]]:
        """What each plan version says, by its id."""
        rows = self.snapshot.rows("SELECT id, document FROM plan_version")
        return {version_id: json.loads(document) for version_id, document in rows}

    @cached_property
    def locks(self) -> dict[str, datetime]:
        """The pay periods that are locked, and since when."""
        if "period_lock" not in self.tables:
            return {}
        rows = self.snapshot.rows("SELECT period, locked_at FROM period_lock")
        return {period: as_instant(locked_at) for period, locked_at in rows}

    def lines(self, payee_id: int) -> list[Line]:
        """What was posted to a payee, in the order of its sequence."""
        rows = self.snapshot.rows(
            "SELECT component_id, activity_id, origin_period, aspect, amends, sequence, period, "
            "CAST(day AS VARCHAR(10)), amount, terms_id, steps FROM posted_line "
            "WHERE payee_id = ?",
            payee_id,
        )
        return sorted((Line(*row) for row in rows), key=lambda line: line.sequence)

    @cached_property
    def terms(self) -> Callable[[int], Terms | None]:
        """The terms with an id. Far more are kept than one payee's lines name, and far fewer than
        there may be."""
        return lru_cache(maxsize=20_000)(self._read_terms)

    def _read_terms(self, terms_id: int) -> Terms | None:
        rows = self.snapshot.rows(
            "SELECT component_id, plan_version_id, content, hash FROM line_terms WHERE id = ?",
            terms_id,
        )
        return Terms(*rows[0]) if rows else None

    def subjects(self, payee_id: int) -> Iterator[list[Line]]:
        """The lines about each subject, one after the other by what they amend."""
        found: dict[tuple[int, int, str, str], list[Line]] = {}
        for line in self.lines(payee_id):
            found.setdefault(line.subject, []).append(line)
        for lines in found.values():
            yield sorted(lines, key=lambda line: (line.amends, line.sequence))


def as_instant(stored: datetime | str) -> datetime:
    """An instant as it was read: SQLite keeps texts, without the zone, which is UTC."""
    if isinstance(stored, datetime):
        return stored.astimezone(UTC)
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
