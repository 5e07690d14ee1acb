"""One statement as a file: a row for each posted line and for what comes between earned and paid,
so that the column foots to the total."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from incentives.core.money import from_minor
from incentives.core.settlement import Settlement
from incentives.core.words import plain
from incentives.core.working import Working
from incentives.export.csv_file import Cell, to_csv
from incentives.operations.accounts import paid_with
from incentives.operations.line_working import label_of, read_line
from incentives.operations.read_corrections import Correction
from incentives.operations.read_statement import Statement
from incentives.store import ledger
from incentives.store.activities import StoredActivity, activities_by_id
from incentives.store.ledger import PostedLine
from incentives.store.plans import version_labels

HEADER = (
    "period",
    "payee",
    "line",
    "amends",
    "reason",
    "day",
    "component",
    "plan_version",
    "source",
    "external_id",
    "deal",
    "base",
    "quota",
    "tiers",
    "exact",
    "amount",
    "currency",
)

# The columns that hold exact numbers.
_EXACT = ("base", "quota", "exact", "amount")


def statement_file(statement: Statement) -> bytes:
    """A payee's own lines of a month, in the order in which they were posted."""
    code = statement.payee.code
    rows = [*statement_rows(statement)]
    for each in statement.settled:
        account = each.account
        rows += settlement_rows(each.settlement, code, account.plan, account.currency)
    return to_csv(HEADER, rows)


def statement_rows(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    """The lines of a month as rows under `HEADER`; those of a locked one as they were kept."""
    if statement.kept_lines is not None:
        return kept_rows(statement.kept_lines)
    payee, calendar = statement.payee, statement.company.calendar
    lines = ledger.lines_of(payee.id, paid_with(statement.period, calendar), ["money"])
    return line_rows(lines, {payee.id: payee.code})


def rows_to_keep(statement: Statement) -> tuple[Mapping[str, Cell], ...]:
    """The same rows by column, empty cells left out, for a month that is being locked."""
    rows = (dict(zip(HEADER, row, strict=True)) for row in statement_rows(statement))
    return tuple({name: cell for name, cell in row.items() if cell is not None} for row in rows)


def kept_rows(kept: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Cell, ...]]:
    """Rows that were kept, under `HEADER`. Exact numbers were kept as texts."""
    for row in kept:
        exact = {name: Decimal(row[name]) for name in _EXACT if name in row}
        yield tuple({**row, **exact}.get(name) for name in HEADER)


def line_rows(lines: Iterable[PostedLine], codes: Mapping[int, str]) -> Iterator[tuple[Cell, ...]]:
    """Posted lines as rows under `HEADER`, with the payees called by their codes."""
    lines = list(lines)
    versions = version_labels()
    activities = activities_by_id(line.activity_id for line in lines if line.plan_version_id)
    for line in lines:
        activity = activities.get(line.activity_id)
        read = read_line([line], activity)
        yield (
            line.period,
            codes[line.payee_id],
            line.sequence,
            line.amends,
            line.reason,
            line.day.isoformat(),
            line.component.name,
            versions.get(line.plan_version_id or 0),
            *_source(activity),
            _plain(read.base),
            None if line.working.parts else line.working.quota,
            _tiers(line),
            _plain(read.exact),
            _amount(line),
            line.currency,
        )


def settlement_rows(
    settlement: Settlement, code: str, plan: str, currency: str
) -> Iterator[tuple[Cell, ...]]:
    """What is held back, released, topped up, advanced, recovered and carried, as rows under
    `HEADER` that have no line."""
    for reason, amount in settlement.moves.items():
        if amount:
            said: dict[str, Cell] = {
                "period": settlement.period,
                "payee": code,
                "reason": reason.replace("_", " "),
                "component": plan,
                "amount": from_minor(amount, currency),
                "currency": currency,
            }
            yield tuple(said.get(name) for name in HEADER)


def _source(activity: StoredActivity | None) -> tuple[Cell, Cell, Cell]:
    if activity is None:
        return None, None, None
    return activity.source, activity.external_id, label_of(activity)


def _tiers(line: PostedLine) -> str | None:
    """59.00 at 0.04; 5393.00 at 0.05. Or, by the piece, 3 at 48. A week in two months has a quota
    in each: 2026-01, quota 1000: 59.00 at 0.04; 2026-02, quota 2000: 3.00 at 0.04."""
    working, currency = line.working, line.currency or ""
    if not working.parts:
        return "; ".join(_slices(working, currency)) or None
    told = []
    for part in working.parts:
        quota = "" if part.quota is None else f", quota {part.quota}"
        slices = "; ".join(_slices(part, currency))
        told.append(f"{part.notes['span']}{quota}: {slices}" if slices else "")
    return "; ".join(filter(None, told)) or None


def _slices(working: Working, currency: str) -> Iterator[str]:
    for part in working.slices:
        if part.rate is not None:
            yield f"{_at_least_cents(part.base, currency)} at {part.rate}"
        elif part.is_measured:
            yield f"{plain(part.base)} at {part.each}"


def _at_least_cents(base: Fraction, currency: str) -> str:
    """An amount with all its decimals, and at least those of its currency."""
    exact = Decimal(plain(base))
    return format(exact + from_minor(0, currency), "f")


def _plain(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(plain(value))


def _amount(line: PostedLine) -> Decimal:
    return from_minor(line.amount, line.currency or "")


def correction_document(correction: Correction) -> dict[str, str | int | None]:
    """A correction as plain values, with amounts as texts in major units."""

    def amount(minor: int) -> str:
        return format(from_minor(minor, correction.currency), "f")

    return {
        "line": correction.sequence,
        "activity": correction.activity_id,
        "what": correction.label,
        "component": correction.component,
        "of": correction.origin,
        "posted_at": correction.posted_at.isoformat(),
        "was": amount(correction.before_minor),
        "is_now": amount(correction.after_minor),
        "change": amount(correction.after_minor - correction.before_minor),
        "currency": correction.currency,
        "because": correction.because,
    }
