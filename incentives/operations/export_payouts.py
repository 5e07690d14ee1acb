"""Hand a month's pay over as a file, and note who took which sum (semantics 7, 22)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from incentives.core.money import from_minor
from incentives.export.csv_file import Cell, to_csv
from incentives.operations.export_statement import (
    HEADER,
    kept_rows,
    line_rows,
    settlement_rows,
)
from incentives.operations.locked_months import locked_month
from incentives.operations.read_payouts import PayoutRow, Payouts
from incentives.store import ledger, people
from incentives.store.audit import record
from incentives.store.transaction import writing

EXPORTED = "payouts exported"
PAYEES, LINES = "payees", "lines"
# What a row says of its month.
ESTIMATE, LOCKED = "estimate", "locked"

# Some spreadsheets read UTF-8 only where a file begins with it.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_PAYEE_HEADER = (
    "period",
    "payee",
    "name",
    "team",
    "office",
    "commission",
    "prizes",
    "adjusted",
    "earned",
    "held_back",
    "released",
    "guaranteed",
    "draw",
    "recovered",
    "carried",
    "payout",
    "owed_now",
    "on_hold_now",
    "carried_now",
    "currency",
    "state",
)


@dataclass(frozen=True, slots=True)
class Export:
    """A file with its control total; the same ledger, and a locked month, give the same bytes."""

    name: str
    content: bytes
    sha256: str


def export_payouts(
    payouts: Payouts, kind: str, *, with_mark: bool, by: int, now: datetime
) -> Export:
    """The file of all payees or of all lines of a month, noted in the audit log."""
    rows = list(_payee_rows(payouts) if kind == PAYEES else _line_rows(payouts))
    header = _PAYEE_HEADER if kind == PAYEES else HEADER
    content = (BYTE_ORDER_MARK if with_mark else b"") + to_csv(header, rows)
    totals = {
        control.currency: format(from_minor(control.settled.payout, control.currency), "f")
        for control in payouts.controls
    }
    export = Export(
        name=_name(payouts.period.key, kind, totals),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    with writing() as session:
        record(
            session,
            EXPORTED,
            payouts.period.key,
            by=by,
            now=now,
            after={
                "file": export.name,
                "rows": len(rows),
                "control_total": totals,
                "sha256": export.sha256,
            },
        )
    return export


def _name(period: str, kind: str, totals: dict[str, str]) -> str:
    """The total stands in the name, so that whoever receives the file can check it."""
    sums = "-".join(f"{total}-{currency}" for currency, total in totals.items())
    return "-".join(filter(None, ["payouts", period, kind, sums])) + ".csv"


def _payee_rows(payouts: Payouts) -> Iterator[tuple[Cell, ...]]:
    for row in _in_order(payouts):
        settled = row.settlement
        parts = (
            row.commission_minor,
            row.prizes_minor,
            row.adjusted_minor,
            settled.earned,
            *settled.moves.values(),
            settled.payout,
            settled.owed.closing,
            settled.on_hold.closing,
            settled.carried.closing,
        )
        yield (
            payouts.period.key,
            row.payee.code,
            row.payee.name,
            row.team,
            row.office,
            *(from_minor(amount, row.currency) for amount in parts),
            row.currency,
            LOCKED if payouts.lock else ESTIMATE,
        )


def _line_rows(payouts: Payouts) -> Iterator[tuple[Cell, ...]]:
    yield from _locked_lines(payouts) if payouts.lock else _open_lines(payouts)
    for row in _in_order(payouts):
        yield from settlement_rows(row.settlement, row.payee.code, "", row.currency)


def _open_lines(payouts: Payouts) -> Iterator[tuple[Cell, ...]]:
    codes = {person.id: person.code for person in people.everyone()}
    lines = sorted(
        (line for key in payouts.pay_periods for line in ledger.pay_lines(key)),
        key=lambda line: (codes[line.payee_id], line.sequence),
    )
    yield from line_rows(lines, codes)


def _locked_lines(payouts: Payouts) -> Iterator[tuple[Cell, ...]]:
    """The lines as they were kept, payee by payee."""
    codes = {row.payee.id: row.payee.code for row in payouts.rows}
    for payee_id in sorted(codes, key=codes.__getitem__):
        month = locked_month(payee_id, payouts.period.key)
        assert month is not None, "whoever stands in a locked month was frozen with it"
        yield from kept_rows(month.statement.lines)


def _in_order(payouts: Payouts) -> list[PayoutRow]:
    """By code, in one order on every database."""
    return sorted(payouts.rows, key=lambda row: (row.payee.code, row.currency))
