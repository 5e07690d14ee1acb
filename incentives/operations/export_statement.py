"""One statement as a file: a row for each posted line and for what comes between earned and paid,
so that the column foots to the total."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from incentives.core.money import from_minor
from incentives.core.settlement import Settlement
from incentives.export.csv_file import Cell, to_csv
from incentives.operations.read_earned import label_of
from incentives.operations.read_statement import Statement
from incentives.operations.tier_tables import decimal_in, slices_of
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


def statement_file(statement: Statement) -> bytes:
    """A payee's own lines of a month, in the order in which they were posted."""
    lines = ledger.lines_of(statement.payee.id, statement.period.key, ["money"])
    code = statement.payee.code
    rows = [*line_rows(lines, {statement.payee.id: code})]
    for each in statement.settled:
        account = each.account
        rows += settlement_rows(each.settlement, code, account.plan, account.currency)
    return to_csv(HEADER, rows)


def line_rows(lines: Iterable[PostedLine], codes: Mapping[int, str]) -> Iterator[tuple[Cell, ...]]:
    """Posted lines as rows under `HEADER`, with the payees called by their codes."""
    lines = list(lines)
    versions = version_labels()
    activities = activities_by_id(line.activity_id for line in lines if line.plan_version_id)
    for line in lines:
        activity = activities.get(line.activity_id)
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
            decimal_in(line.working.get("base", line.working.get("units"))),
            decimal_in(line.working.get("quota")),
            _tiers(line),
            decimal_in(line.working.get("exact")),
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
    """59.00 at 0.04; 5393.00 at 0.05."""
    parts = (f"{part.base:f} at {part.rate:f}" for part in slices_of(line.working))
    return "; ".join(parts) or None


def _amount(line: PostedLine) -> Decimal:
    return from_minor(line.amount, line.currency or "")
