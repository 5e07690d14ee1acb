"""A month's pay as finance and managers see it."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from incentives.core.settlement import side_by_side
from incentives.operations.pay_months import PayMonth
from incentives.operations.read_payouts import ControlTotal, PayoutRow, Payouts
from incentives.store.audit import AuditEntry
from incentives.store.companies import Company
from incentives.web import formats, links
from incentives.web.locks import locked_since
from incentives.web.settlement_view import parts

LOOK = "look"
MONTHS_SHOWN = 13


def payouts_view(
    payouts: Payouts,
    exports: list[AuditEntry],
    months: Sequence[PayMonth],
    *,
    show: str | None,
) -> dict[str, Any]:
    """Everything `payouts/show.html` needs."""
    key, own = payouts.period.key, payouts.company.currency
    looks = [row for row in payouts.rows if row.needs_a_look]
    only_looks = show == LOOK
    return {
        **_head(payouts, "payouts.show"),
        "heading": f"{_what(payouts)} for {formats.month_name(payouts.period)}, {own}",
        "what": _what(payouts),
        "locked": _locked(payouts),
        "may_lock": any(month.is_next and month.period == payouts.period for month in months),
        "lock_url": url_for("pay_locks.show", period=key),
        "adjustments_url": url_for("adjustments.index", period=key),
        "adjusts": any(row.adjusted_minor for row in payouts.rows),
        "months": [_month(month, payouts.company) for month in months[:MONTHS_SHOWN]],
        "compared": _compared(payouts, own),
        "counts": _counts(payouts, looks),
        "behind": payouts.behind,
        "looks": len(looks),
        "payees": payees(payouts, looks if only_looks else payouts.rows),
        "settles": any(parts(row.settlement) for row in payouts.rows),
        "choices": [
            {
                "label": f"Needs a look, {len(looks)}",
                "url": url_for("payouts.show", period=key, show=LOOK),
                "current": only_looks,
            },
            {
                "label": f"All {len(payouts.rows)}",
                "url": url_for("payouts.show", period=key),
                "current": not only_looks,
            },
        ],
        "teams": [
            {
                "team": row.team,
                "office": row.office,
                "colour": row.colour,
                "payees": row.payees,
                "total": formats.amount(row.total_minor, row.currency),
                "currency": row.currency,
            }
            for row in payouts.by_team
        ],
        "controls": [_control(control) for control in payouts.controls],
        "agrees": all(control.agrees for control in payouts.controls),
        "files": [
            {
                "label": label,
                "note": note,
                "url": url_for("payouts.export", period=key, kind=kind),
                "excel_url": url_for("payouts.export", period=key, kind=kind, bom=1),
            }
            for kind, label, note in (
                ("payees", "One row a payee", f"{len(payouts.rows)} rows"),
                (
                    "lines",
                    "One row a line, with its working",
                    f"{_line_rows(payouts)} rows",
                ),
            )
        ],
        "exports": [_export(entry, payouts.company) for entry in exports],
    }


def _what(payouts: Payouts) -> str:
    return "Payout" if payouts.lock else "Estimate"


def _locked(payouts: Payouts) -> str:
    """Since when and by whom, or nothing while the month is open."""
    zone = payouts.company.calendar.zone
    return locked_since(payouts.lock, zone) if payouts.lock else ""


def _month(month: PayMonth, company: Company) -> tuple[str, str, str]:
    """A month, its state, and where it leads."""
    if month.lock is not None:
        state = locked_since(month.lock, company.calendar.zone)
    elif month.is_next and month.has_ended:
        state = "Open, can be locked"
    else:
        state = "Open"
    url = url_for("payouts.show", period=month.period.key)
    return formats.month(month.period.first_day), state, url


def _line_rows(payouts: Payouts) -> int:
    """The lines, and a row for each step from earned to paid."""
    steps = sum(len(parts(row.settlement)) for row in payouts.rows)
    return sum(control.lines for control in payouts.controls) + steps


def people_view(payouts: Payouts) -> dict[str, Any]:
    """Everything `earnings/index.html` needs."""
    return {**_head(payouts, "earnings.index"), "payees": payees(payouts, payouts.rows)}


def _head(payouts: Payouts, endpoint: str) -> dict[str, Any]:
    before, own = payouts.before, payouts.company.currency
    after = payouts.company.calendar.after(payouts.period)
    zone = payouts.company.calendar.zone
    return {
        "title": formats.month(payouts.period.first_day),
        "as_of": formats.at(payouts.now, zone),
        "currency": own,
        "amount": formats.money_parts(payouts.total_minor(own), own),
        "total": formats.amount(payouts.total_minor(own), own),
        "total_before": formats.amount(payouts.before_minor(own), own),
        "total_change": formats.signed_amount(_change(payouts, own), own),
        "month": formats.month_name(payouts.period),
        "month_before": formats.month_name(before),
        "people": len({row.payee.id for row in payouts.rows}),
        "previous": {
            "label": formats.month_name(before),
            "url": url_for(endpoint, period=before.key),
        },
        "next": None
        if payouts.is_current
        else {"label": formats.month_name(after), "url": url_for(endpoint, period=after.key)},
    }


def _compared(payouts: Payouts, own: str) -> list[tuple[str, str]]:
    commission = sum(r.commission_minor for r in payouts.rows if r.currency == own)
    prizes = sum(r.prizes_minor for r in payouts.rows if r.currency == own)
    adjusted = sum(r.adjusted_minor for r in payouts.rows if r.currency == own)
    change = _change(payouts, own)
    settled = side_by_side("", [row.settlement for row in payouts.rows if row.currency == own])
    return [
        ("Commission", formats.amount(commission, own)),
        ("Prizes", formats.amount(prizes, own)),
        *([("Adjustments", formats.signed_amount(adjusted, own))] if adjusted else []),
        *((name, formats.signed_amount(amount, own)) for name, amount in parts(settled)),
        (f"Against {formats.month_name(payouts.before)}", formats.signed_amount(change, own)),
    ]


def _change(payouts: Payouts, currency: str) -> int | None:
    before = payouts.before_minor(currency)
    return None if before is None else payouts.total_minor(currency) - before


def _counts(payouts: Payouts, looks: list[PayoutRow]) -> str:
    paid = len({row.payee.id for row in payouts.rows if row.total_minor})
    nothing = len({row.payee.id for row in payouts.rows}) - paid
    parked = sum(1 for row in looks if row.is_parked)
    return f"{paid} / {nothing} / {parked}"


def payees(payouts: Payouts, rows: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": row.payee.name,
            "team": row.team,
            "colour": row.colour,
            "url": links.statement(row.payee.code, payouts.period.key),
            "before_url": None
            if row.before_minor is None
            else links.statement(row.payee.code, payouts.before.key),
            "commission": formats.amount(row.commission_minor, row.currency),
            "prizes": formats.amount(row.prizes_minor, row.currency),
            "adjusted": formats.signed_amount(row.adjusted_minor, row.currency),
            "settled": formats.signed_amount(row.total_minor - row.earned_minor, row.currency),
            "settled_words": ", ".join(
                f"{name} {formats.signed_amount(amount, row.currency)}"
                for name, amount in parts(row.settlement)
            ),
            "total": formats.amount(row.total_minor, row.currency),
            "before": formats.amount(row.before_minor, row.currency),
            "change": formats.signed_amount(row.change_minor, row.currency),
            "direction": _direction(row.change_minor or 0),
            "currency": row.currency,
            "is_parked": row.is_parked,
            "notes": row.notes,
        }
        for row in rows
    ]


def _direction(change: int) -> int:
    return (change > 0) - (change < 0)


def _control(control: ControlTotal) -> dict[str, Any]:
    currency = control.currency
    difference = max(
        abs(control.lines_minor - other)
        for other in (control.statements_minor, control.teams_minor)
    )
    unpaid = abs(control.settled.payout - control.paid_minor)
    moves = parts(control.settled)
    return {
        "rows": [
            (f"Sum of {control.lines} lines", formats.amount(control.lines_minor, currency)),
            ("Sum of statements", formats.amount(control.statements_minor, currency)),
            ("Sum of teams", formats.amount(control.teams_minor, currency)),
            *((name, formats.signed_amount(amount, currency)) for name, amount in moves),
            *([("Sum of payouts", formats.amount(control.paid_minor, currency))] if moves else []),
        ],
        "total": (f"Difference, {currency}", formats.amount(max(difference, unpaid), currency)),
    }


def _export(entry: AuditEntry, company: Company) -> dict[str, Any]:
    after = entry.after or {}
    return {
        "at": formats.at(entry.at, company.calendar.zone),
        "by": entry.actor.name if entry.actor else "",
        "file": after.get("file", ""),
        "rows": after.get("rows", 0),
        "control_total": ", ".join(
            f"{total} {currency}" for currency, total in after.get("control_total", {}).items()
        ),
        "sha256": after.get("sha256", ""),
    }
