"""A statement as its page shows it: status, total, corrections, issues, year and attainment."""

from typing import Any

from flask import url_for

from incentives.core.money import ROUNDING_RULE
from incentives.core.results import CalculationIssue
from incentives.operations.read_corrections import Correction
from incentives.operations.read_statement import Statement
from incentives.web import attainment_chart, formats, links
from incentives.web.locks import locked_since
from incentives.web.settlement_view import own_settlement, parts, settlement_view
from incentives.web.statement_lines import groups

CORRECTIONS_SHOWN = 25

# Who puts an issue right, by its code; the person who reads it may not be the one.
_WHO_ACTS = {
    "quota_missing": "A manager or an administrator sets it under Quotas.",
    "quota_is_zero": "A manager or an administrator sets it under Quotas.",
    "rate_missing": "Only amounts in the currency of the plan are paid. Tell your administrator.",
}


def statement_view(statement: Statement, *, opened: str | None, is_own: bool) -> dict[str, Any]:
    """Everything `earnings/show.html` needs, ready to be written down."""
    payee, period, own = statement.payee, statement.period, statement.company.currency
    amount = dict(statement.payable)[own]
    return {
        "title": formats.month(period.first_day),
        "subtitle": _subtitle(statement),
        **_neighbours(statement),
        "csv_url": url_for("earnings.csv_file", code=payee.code, period=period.key),
        "heading": f"{_whose(statement, is_own)} for {formats.month_name(period)}, {own}",
        "amount": formats.money_parts(amount, own),
        "locked": statement.lock is not None,
        "as_of_text": _as_of(statement),
        "summary": list(_summary(statement)),
        "issues": [_issue(issue) for issue in statement.issues],
        "is_parked": statement.is_parked,
        "is_behind": statement.is_behind,
        "groups": groups(statement, opened),
        "totals": [
            {"label": _total_label(statement, currency), "text": formats.amount(total, currency)}
            for currency, total in statement.payable
        ],
        "settlement": settlement_view(statement),
        "corrections": [_correction(row, statement) for row in _shown(statement)],
        "corrections_left_out": max(0, len(statement.corrections) - CORRECTIONS_SHOWN),
        "adds_up": _adds_up(statement),
        "year": _year(statement),
        "attainment": attainment_view(statement),
    }


def _whose(statement: Statement, is_own: bool) -> str:
    what = "pay" if statement.lock else "estimate"
    return f"Your {what}" if is_own else f"{what.capitalize()} of {statement.payee.name}"


def _subtitle(statement: Statement) -> str:
    plans = dict.fromkeys(
        f"Plan {row.plan}, version {' and '.join(map(str, row.versions))}"
        for row in statement.components
        if row.plan
    )
    team = ", ".join(dict.fromkeys(filter(None, [statement.office, statement.team])))
    return ". ".join([", ".join(filter(None, [statement.payee.name, team])), *plans]) + "."


def _neighbours(statement: Statement) -> dict[str, Any]:
    calendar, code = statement.company.calendar, statement.payee.code
    before, after = calendar.before(statement.period), calendar.after(statement.period)
    return {
        "previous": {
            "label": formats.month_name(before),
            "url": links.statement(code, before.key),
        },
        "next": None
        if statement.is_current
        else {"label": formats.month_name(after), "url": links.statement(code, after.key)},
    }


def _as_of(statement: Statement) -> str:
    zone = statement.company.calendar.zone
    if statement.lock is not None:
        return f"{locked_since(statement.lock, zone)}. What comes later is in a later month."
    if statement.is_behind:
        return "News is being worked in; the figure moves in a moment."
    return f"As of {formats.at(statement.now, zone)}. It moves when activity or a plan changes."


def _summary(statement: Statement) -> list[tuple[str, str]]:
    own = statement.company.currency
    mine = [row for row in statement.components if row.currency == own]
    prizes = sum(row.amount_minor for row in mine if row.is_prize)
    adjusted = sum(row.amount_minor for row in mine if row.is_adjustment)
    commission = sum(row.amount_minor for row in mine) - prizes - adjusted
    corrected = sum(
        row.after_minor - row.before_minor for row in statement.corrections if row.currency == own
    )
    rows = [("Commission", formats.amount(commission, own))]
    if prizes:
        rows.append(("Prizes", formats.signed_amount(prizes, own)))
    if adjusted:
        rows.append(("Adjustments", formats.signed_amount(adjusted, own)))
    if corrected:
        rows.append(("Of it corrections", formats.signed_amount(corrected, own)))
    for name, amount in parts(own_settlement(statement)):
        rows.append((name, formats.signed_amount(amount, own)))
    return rows


def _issue(issue: CalculationIssue) -> dict[str, str]:
    return {"text": issue.message, "who": _WHO_ACTS.get(issue.code, "Tell your administrator.")}


def _total_label(statement: Statement, currency: str) -> str:
    many = len(statement.payable) > 1
    what = "Payout" if statement.lock else "Estimate"
    return f"{what}, {currency}" if many else what


def _shown(statement: Statement) -> tuple[Correction, ...]:
    return statement.corrections[:CORRECTIONS_SHOWN]


def _correction(row: Correction, statement: Statement) -> dict[str, Any]:
    return {
        "when": formats.at(row.posted_at, statement.company.calendar.zone),
        "what": row.label,
        "component": row.component,
        "url": links.activity(row.activity_id) if row.activity_id else None,
        "before": formats.amount(row.before_minor, row.currency),
        "after": formats.amount(row.after_minor, row.currency),
        "change": formats.signed_amount(row.after_minor - row.before_minor, row.currency),
        "because": row.because,
        "of": "" if row.origin == statement.period.key else f" Belongs to {row.origin}.",
    }


def _adds_up(statement: Statement) -> str:
    own = statement.company.currency
    rows = [row for row in statement.components if row.currency == own]
    if not rows:
        return ROUNDING_RULE
    total = formats.amount(dict(statement.totals)[own], own)
    sums = formats.sum_in_words([row.amount_minor for row in rows], own)
    closing = f"so {sums} is exactly {total}" if len(rows) > 1 else f"which is {total}"
    return f"{ROUNDING_RULE} Totals are sums of the posted lines, {closing}.{_paid(statement)}"


def _paid(statement: Statement) -> str:
    """From the sum of the lines to what is payable, where the two differ."""
    own, settlement = statement.company.currency, own_settlement(statement)
    moves = [amount for _, amount in parts(settlement)]
    if not moves:
        return ""
    sums = formats.sum_in_words([settlement.earned, *moves], own)
    return f" From earned to paid, {sums} is exactly {formats.amount(settlement.payout, own)}."


def _year(statement: Statement) -> dict[str, Any]:
    own = statement.company.currency
    *earlier, (month, amount) = statement.year
    before = sum(minor for _, minor in earlier)
    rows: list[tuple[str, ...]] = []
    if earlier:
        first, last = (formats.month_name(earlier[n][0]) for n in (0, -1))
        label = first if first == last else f"{first} to {last}"
        rows.append((label, formats.money(before, own)))
    rows.append(
        (
            formats.month_name(month) + ("" if statement.lock else ", estimate"),
            formats.money(amount, own),
            links.statement(statement.payee.code, month.key),
        )
    )
    return {"rows": rows, "total": ("To date", formats.money(statement.year_total, own))}


def attainment_view(statement: Statement) -> dict[str, Any]:
    """The card of the quota with its curve; without a quota it says who sets one."""
    found, own = statement.attainment, statement.company.currency
    heading = f"Quota, {found.span.kind} to date"
    if found.quota is None or found.ratio is None:
        return {"heading": heading, "curve": None}
    is_money = found.unit == "money"
    figure = (lambda v: formats.money_whole(v, own)) if is_money else formats.number
    return {
        "heading": heading,
        "of_text": f"{figure(found.credited)} of {figure(found.quota)}",
        "percent": formats.number(found.ratio * 100, 1),
        "pace_text": attainment_chart.pace_text(found).capitalize(),
        "pace_ahead": found.ahead is not None and found.ahead > 0,
        "curve": attainment_chart.curve(found, statement.company.calendar),
    }
