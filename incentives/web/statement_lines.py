"""The lines of a statement and their working, in the words and figures of the page."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for
from markupsafe import Markup

from incentives.core.money import from_minor, minor_digits
from incentives.operations.read_earned import EarnedComponent, EarnedDeal
from incentives.operations.read_statement import Statement
from incentives.operations.tier_tables import TierRow
from incentives.store.contests import contest
from incentives.web import formats, links

# Longer statements show their newest deals and say so; the CSV has them all.
DEALS_SHOWN = 200


def groups(statement: Statement, opened: str | None) -> list[dict[str, Any]]:
    """Commission first, then prizes. `opened` is the line the address asks for."""
    plans = [row for row in statement.components if not row.is_prize]
    prizes = [row for row in statement.components if row.is_prize]
    chosen = opened or (str(plans[0].id) if plans else "")
    titled = [(None, plans), ("Prizes", prizes)]
    return [
        {"title": title, "lines": [_line(statement, row, chosen) for row in rows]}
        for title, rows in titled
        if rows
    ]


def _line(statement: Statement, row: EarnedComponent, opened: str) -> dict[str, Any]:
    own = row.currency == statement.company.currency
    return {
        "id": row.id,
        "name": row.name if own else f"{row.name}, {row.currency}",
        "note": _note(row),
        "base_text": _base(row),
        "rate_text": _rate(row),
        "amount_text": formats.amount(row.amount_minor, row.currency),
        "amount_url": links.statement(statement.payee.code, statement.period.key, opened=row.id),
        "open": opened == str(row.id),
        "reached_text": _reached(row),
        "slices": [_tier(tier, row) for tier in row.tiers],
        "slices_base_text": formats.exact(row.base, row.currency),
        "slices_amount_text": formats.exact(row.exact, row.currency),
        "cuts": [cut for deal in row.deals if (cut := _cut(deal, row))],
        "words": list(_words(row)),
        "links": _links(row),
        "count_text": _count(row),
        "deals_title": f"{_count(row)}, in the order they counted",
        "deals_left_out": max(0, len(row.deals) - DEALS_SHOWN),
        "deals": [part for deal in row.deals[-DEALS_SHOWN:] for part in _deal(deal, row)],
        "has_tiers": any(deal.slices for deal in row.deals),
        "deals_base_text": formats.exact(row.base, row.currency) if row.tiers else "",
        "deals_exact_text": formats.exact(row.exact, row.currency),
        "deals_amount_text": formats.amount(row.amount_minor, row.currency),
    }


def _count(row: EarnedComponent) -> str:
    return f"{len(row.deals)} deal{'' if len(row.deals) == 1 else 's'}"


def _note(row: EarnedComponent) -> str:
    if row.is_prize:
        return "Contest prize"
    parts = [_count(row)]
    if row.tiers:
        parts.append("each rate inside its own tier")
    if row.counts and row.counts.accumulates in ("quarter", "year"):
        parts.append(f"{row.counts.accumulates} to date")
    return ", ".join(parts)


def _base(row: EarnedComponent) -> str:
    if row.base is None:
        return ""
    if row.tiers:
        return formats.number(row.base, minor_digits(row.currency))
    return f"{formats.number(row.base)} deals" if row.counts else ""


def _rate(row: EarnedComponent) -> str:
    if row.rates:
        return formats.rates(row.rates)
    per_unit = sorted({deal.rate for deal in row.deals if deal.rate is not None})
    return " and ".join(formats.exact(rate, row.currency) for rate in per_unit[:3])


def _reached(row: EarnedComponent) -> str | None:
    if row.reached is None or row.quota is None:
        return None
    quota, reached = (formats.exact(v, row.currency) for v in (row.quota, row.reached))
    return f"Quota {quota}, reached {reached}"


def _tier(tier: TierRow, row: EarnedComponent) -> dict[str, Any]:
    version = f"Version {tier.version}: " if len(row.versions) > 1 else ""
    return {
        "label": f"{version}{tier.number}, {tier_words(tier, row.currency)}",
        "from_text": formats.exact(tier.from_amount, row.currency),
        "to_text": "no top"
        if tier.to_amount is None
        else formats.exact(tier.to_amount, row.currency),
        "base_text": formats.exact(tier.base, row.currency),
        "rate_text": formats.rate(tier.rate),
        "amount_text": formats.exact(tier.exact, row.currency),
        "unused": tier.base == 0,
    }


def tier_words(tier: TierRow, currency: str) -> str:
    """below 50 %, 50 to 75 %, from 125 %; in amounts where the tiers are of amounts."""

    def bound(share: Decimal | None, amount: Decimal | None) -> str | None:
        if share is not None:
            return formats.rate(share)
        return None if amount is None else formats.exact(amount, currency)

    by_share = tier.from_share is not None
    low = bound(tier.from_share, tier.from_amount)
    high = bound(tier.to_share, None if by_share else tier.to_amount)
    if high is None:
        return f"from {low}" if tier.number > 1 else "all of it"
    if tier.number == 1:
        return f"below {high}"
    return f"{(low or '').removesuffix(f'{formats.THIN}%') if by_share else low} to {high}"


def _cut(deal: EarnedDeal, row: EarnedComponent) -> dict[str, Any] | None:
    """A deal that crosses a bound, said in words, with a bar where it has two parts."""
    if len(deal.slices) < 2 or deal.base is None:
        return None
    tops = {(tier.number): tier.to_amount for tier in row.tiers}
    crossed = [formats.exact(tops.get(part.tier), row.currency) for part in deal.slices[:-1]]
    paid = [
        f"{formats.exact(part.base, row.currency)} pays {formats.rate(part.rate)}"
        for part in deal.slices
    ]
    html = Markup("<b>{deal}, {day}</b>, {base}, crossed {crossed}: {paid}.").format(
        deal=deal.label,
        day=formats.short_day(deal.day),
        base=formats.exact(deal.base, row.currency),
        crossed=" and ".join(crossed),
        paid=", ".join(paid),
    )
    cut: dict[str, Any] = {"html": html, "label": "", "lower_width": None}
    if len(deal.slices) == 2:
        lower, upper = deal.slices
        share = int(100 * lower.base / deal.base)
        cut |= {
            "lower_width": max(share, 1),
            "upper_x": max(share, 1) + 1,
            "upper_width": max(98 - share, 1),
            "lower_text": formats.exact(lower.base, row.currency),
            "upper_text": formats.exact(upper.base, row.currency),
            "label": ", ".join(paid),
        }
    return cut


def _words(row: EarnedComponent) -> Iterator[str]:
    """How the amount was made, beyond what the tables show."""
    if row.plan:
        numbers = " and ".join(str(number) for number in row.versions)
        yield f"Plan {row.plan}, version {numbers}: {row.rule}"
    if row.reached_before:
        assert row.counts is not None, "only a component of a plan accumulates"
        before = formats.exact(row.reached_before, row.currency)
        yield f"The {row.counts.accumulates} stood at {before} when the month began."
    if row.is_prize:
        yield from (_prize_words(deal, row.currency) for deal in row.deals)
    if row.exact is not None and row.deals:
        yield _rounding(row)


def _rounding(row: EarnedComponent) -> str:
    """What rounding each line did to the sum, said also where it did nothing."""
    posted = from_minor(row.amount_minor, row.currency)
    exact = row.exact or Decimal(0)
    if posted == exact:
        return f"Before rounding the lines came to the same {formats.exact(exact, row.currency)}."
    return (
        f"Exactly it is {formats.exact(exact, row.currency)}. Each line was rounded once, half up, "
        f"so together they are {formats.amount(row.amount_minor, row.currency)}."
    )


def _prize_words(deal: EarnedDeal, currency: str) -> str:
    place = deal.working.get("place")
    amount = formats.amount(deal.amount_minor, currency)
    if place is None:
        return f"{deal.label}: {amount}."
    return f"{formats.ordinal(int(place))} place wins {amount}."


def _links(row: EarnedComponent) -> list[dict[str, str]]:
    found = contest(row.contest_id) if row.contest_id else None
    if found is None:
        return []
    return [{"label": f"Open {found.name}", "url": url_for("contests.show", slug=found.slug)}]


def _deal(deal: EarnedDeal, row: EarnedComponent) -> Iterator[dict[str, Any]]:
    """A line for each slice of a deal; what is posted stands on its last."""
    if row.is_prize:
        return
    currency = row.currency
    parts: Sequence[Any] = deal.slices or [None]
    for number, part in enumerate(parts, start=1):
        first, last = number == 1, number == len(parts)
        yield {
            "date": formats.short_day(deal.day) if first else "",
            "deal": deal.label if first else f"{deal.label}, the rest",
            "url": links.deal(deal),
            "credited_text": _credited(deal, row) if first else "",
            "tier": part.tier if part else "",
            "base_text": formats.exact(part.base, currency) if part else "",
            "rate_text": formats.rate(part.rate) if part else _per_unit(deal, currency),
            "amount_text": formats.exact(part.exact if part else deal.exact, currency),
            "posted_text": formats.amount(deal.amount_minor, currency) if last else "",
            "cut": len(parts) > 1,
        }


def _credited(deal: EarnedDeal, row: EarnedComponent) -> str:
    if deal.base is None:
        return ""
    return formats.exact(deal.base, row.currency) if row.tiers else formats.number(deal.base, 2)


def _per_unit(deal: EarnedDeal, currency: str) -> str:
    return formats.exact(deal.rate, currency) if deal.rate is not None else ""
