"""A list of quotas and target incentives: whose, of what, for which period, how much."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from incentives.core.activity import Issue
from incentives.core.activity_checks import LARGEST
from incentives.core.calendar import Calendar, Period
from incentives.core.case import TARGET_INCENTIVE
from incentives.core.measures import MEASURES
from incentives.ingest.columns import Field
from incentives.ingest.records import Record, read_records
from incentives.ingest.values import Unclear, amount_of

FIELDS = (
    Field("payee", "Payee", ("name", "rep", "salesrep", "agent")),
    Field("team", "Team", ()),
    Field("measure", "Measure", ("kpi",)),
    Field("period", "Period", ("month", "quarter", "year"), required=True),
    Field("amount", "Amount", ("quota", "target", "goal"), required=True),
)

KNOWN = (*MEASURES, TARGET_INCENTIVE)


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One quota of a payee or of a team; the other is "". `amount` is in units of the measure."""

    row: int
    payee: str
    team: str
    measure: str
    period: Period
    amount: Decimal


def read_quotas(content: bytes, calendar: Calendar) -> tuple[list[QuotaRow], list[Issue]]:
    """Every good row; the measure is revenue where none is said. Raises Unreadable.

    A second row about the same payee or team, measure and period is an issue.
    """
    quotas: dict[tuple[str, str, str, str], QuotaRow] = {}
    issues: list[Issue] = []
    for record in read_records(content, FIELDS):
        quota = None if record.issues else _quota(record, calendar)
        if quota is not None:
            key = (quota.payee.casefold(), quota.team.casefold(), quota.measure, quota.period.key)
            first = quotas.setdefault(key, quota)
            if first is not quota:
                message = f"Row {first.row} says this quota already. Keep one of the two rows."
                record.refuse("period", "twice", message)
        issues.extend(record.issues)
    return list(quotas.values()), issues


def _quota(record: Record, calendar: Calendar) -> QuotaRow | None:
    payee, team = record.text("payee"), record.text("team")
    if bool(payee) == bool(team):
        record.refuse("payee", "payee_or_team", "Write either a payee or a team.")
    measure = record.read("measure", _measure) or ("" if record.text("measure") else "revenue")
    period = record.needed("period", period_reader(calendar), "Write the period, such as 2026-Q1.")
    amount = record.needed("amount", quota_amount, "Write the amount, such as 250000.")
    if record.issues or period is None or amount is None:
        return None
    return QuotaRow(record.row, payee, team, measure, period, amount)


def _measure(text: str) -> str:
    slug = text.casefold().replace(" ", "_")
    if slug not in KNOWN:
        raise Unclear("unknown_measure", f"{text} is no measure. Write one of {', '.join(KNOWN)}.")
    return slug


def period_reader(calendar: Calendar) -> Callable[[str], Period]:
    """Reads the key of a period of this calendar, as in an address: 2026-01, 2026-Q1, 2026."""

    def read(text: str) -> Period:
        period = calendar.period_named(text)
        if period is None:
            message = f"{text} is no period. Write it like 2026-01, 2026-Q1, 2026-W05 or 2026."
            raise Unclear("unknown_period", message)
        return period

    return read


def quota_amount(text: str) -> Decimal:
    """An amount of 0 or more, below the largest that is kept."""
    amount = amount_of(text)
    if amount >= LARGEST:
        raise Unclear("too_large", "The amount is too large.")
    return amount
