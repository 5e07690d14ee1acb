"""The lines of a statement and their working, in the words and figures of the page."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import url_for
from markupsafe import Markup

from incentives.core.measures import MEASURES
from incentives.core.money import from_minor, minor_digits
from incentives.core.words import number, plain
from incentives.core.working import Slice
from incentives.operations.line_working import EarnedLine
from incentives.operations.read_earned import EarnedComponent
from incentives.operations.read_statement import Statement
from incentives.operations.tier_tables import TierRow
from incentives.store.contests import contest
from incentives.web import formats, links
from incentives.web.line_words import own_words, terms_in_words

# Longer statements show their newest lines and say so; the CSV has them all.
LINES_SHOWN = 200


def groups(statement: Statement, opened: str | None) -> list[dict[str, Any]]:
    """Commission, prizes, adjustments. `opened` is the line the address asks for."""
    prizes = [row for row in statement.components if row.is_prize]
    adjusted = [row for row in statement.components if row.is_adjustment]
    plans = [row for row in statement.components if row not in (*prizes, *adjusted)]
    chosen = opened or (str(plans[0].id) if plans else "")
    titled = [(None, plans), ("Prizes", prizes), ("Adjustments", adjusted)]
    return [
        {"title": title, "lines": [_line(statement, row, chosen) for row in rows]}
        for title, rows in titled
        if rows
    ]


def _line(statement: Statement, row: EarnedComponent, opened: str) -> dict[str, Any]:
    own = row.currency == statement.company.currency
    code = statement.payee.code
    return {
        "id": row.id,
        "name": row.name if own else f"{row.name}, {row.currency}",
        "note": _note(row),
        "base_text": _base(row),
        "rate_text": _rate(row),
        "amount_text": formats.amount(row.amount_minor, row.currency),
        "amount_url": links.statement(code, statement.period.key, opened=row.id),
        # Nothing else on the page says who adjusted the pay, and why.
        "open": opened == str(row.id) or row.is_adjustment,
        "reached_text": _reached(row),
        "slices_title": "Tier, share of quota" if _by_share(row) else "Tier",
        "slices": [_tier(tier, row) for tier in row.tiers],
        "slices_base_text": _figure(_sum(tier.base for tier in row.tiers), row),
        "slices_amount_text": _exact(_sum(tier.exact for tier in row.tiers), row),
        "cuts": [cut for line in row.lines if (cut := _cut(line, row))],
        "words": list(_words(row)),
        "links": _links(row),
        "count_text": _count(row),
        "deals_title": _title(row),
        "deals_head": "Line" if all(line.is_of_period for line in row.lines) else "Deal",
        "deals_left_out": max(0, len(row.lines) - LINES_SHOWN),
        "deals": [
            part
            for line in row.lines[-LINES_SHOWN:]
            if not (row.is_prize or row.is_adjustment)
            for part in _parts(line, row, code)
        ],
        "has_tiers": bool(row.tiers) and any(line.slices for line in row.lines),
        "deals_base_text": _figure(row.base, row) if row.tiers else "",
        "deals_exact_text": _exact(row.exact, row),
        "deals_amount_text": formats.amount(row.amount_minor, row.currency),
    }


def _count(row: EarnedComponent) -> str:
    """12 deals; 1 line where what is paid for is a whole period."""
    deals = sum(not line.is_of_period for line in row.lines)
    others = len(row.lines) - deals
    said = [_many(deals, "deal")] if deals or not others else []
    return " and ".join([*said, _many(others, "line")] if others else said)


def _title(row: EarnedComponent) -> str:
    return _count(row) + (", in the order they counted" if len(row.lines) > 1 else "")


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _note(row: EarnedComponent) -> str:
    if row.is_prize:
        return "Contest prize"
    if row.is_adjustment:
        return "By finance, by hand"
    parts = [_count(row), *filter(None, [_READINGS.get(_kind(row))])]
    if row.counts and row.counts.accumulates in ("quarter", "year"):
        parts.append(f"{row.counts.accumulates} to date")
    taken = sum(line.is_taken_back for line in row.lines)
    if taken:
        parts.append(f"{taken} taken back")
    return ", ".join(parts)


_READINGS = {
    "marginal_rate": "each rate inside its own tier",
    "retroactive_rate": "the rate reached on everything",
}


def _kind(row: EarnedComponent) -> str:
    return row.counts.kind if row.counts else ""


def _by_share(row: EarnedComponent) -> bool:
    return any(tier.from_share is not None for tier in row.tiers)


def _is_money(row: EarnedComponent) -> bool:
    return row.counts is not None and MEASURES[row.counts.measure].is_money


def _base(row: EarnedComponent) -> str:
    if row.base is None or row.counts is None:
        return ""
    if _is_money(row):
        return formats.number(_decimal(row.base), minor_digits(row.currency))
    unit = MEASURES[row.counts.measure].label.lower()
    return f"{number(row.base)} {'deals' if unit == 'deals won' else unit}"


def _figure(value: Fraction | None, row: EarnedComponent) -> str:
    """What is paid on: an amount, or a number of units."""
    if value is None:
        return ""
    return _exact(value, row) if _is_money(row) else number(value)


def _exact(value: Fraction | None, row: EarnedComponent) -> str:
    return formats.exact(None if value is None else _decimal(value), row.currency)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(plain(value))


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _rate(row: EarnedComponent) -> str:
    if row.rates:
        return formats.rates(row.rates)
    measured = (part.each for line in row.lines for part in line.slices if part.is_measured)
    each = sorted({amount for amount in measured if amount is not None})
    return " and ".join(formats.exact(amount, row.currency) for amount in each[:3])


def _reached(row: EarnedComponent) -> str | None:
    if row.reached is None or row.quota is None:
        return None
    return f"Quota {_figure(Fraction(row.quota), row)}, reached {_figure(row.reached, row)}"


def _tier(tier: TierRow, row: EarnedComponent) -> dict[str, Any]:
    version = f"Version {tier.version}: " if len(row.versions) > 1 else ""
    top = tier.to_amount
    return {
        "label": f"{version}{tier.number}, {tier_words(tier, row)}",
        "from_text": _figure(tier.from_amount, row),
        "to_text": "no top" if top is None else _figure(top, row),
        "base_text": _figure(tier.base, row),
        "rate_text": _pays(tier.rate, tier.each, row),
        "amount_text": _exact(tier.exact, row),
        "unused": tier.base == 0,
    }


def _pays(rate: Decimal | None, each: Decimal | None, row: EarnedComponent) -> str:
    """A rate, or an amount for each unit; nothing where neither was paid."""
    if rate is not None:
        return formats.rate(rate)
    return "" if each is None else formats.exact(each, row.currency)


def tier_words(tier: TierRow, row: EarnedComponent) -> str:
    """below 50 %, 50 to 75 %, from 125 %; in amounts where the tiers are of amounts."""

    def bound(share: Decimal | None, amount: Fraction | None) -> str | None:
        if share is not None:
            return formats.rate(share)
        return None if amount is None else _figure(amount, row)

    by_share = tier.from_share is not None
    low = bound(tier.from_share, tier.from_amount)
    high = bound(tier.to_share, None if by_share else tier.to_amount)
    if high is None:
        return f"from {low}" if tier.number > 1 else "all of it"
    if tier.number == 1:
        return f"below {high}"
    return f"{(low or '').removesuffix(f'{formats.THIN}%') if by_share else low} to {high}"


def _cut(line: EarnedLine, row: EarnedComponent) -> dict[str, Any] | None:
    """A deal that crosses a bound, said in words, with a bar where it has two parts."""
    parts = [part for part in line.slices if part.is_measured]
    if line.is_of_period or len(parts) < 2 or not line.base or not row.tiers:
        return None
    tops = {tier.number: tier.to_amount for tier in row.tiers}
    crossed = [_figure(tops.get(part.row), row) for part in parts[:-1]]
    paid = [f"{_figure(part.base, row)} pays {_pays(part.rate, part.each, row)}" for part in parts]
    html = Markup("<b>{deal}, {day}</b>, {base}, crossed {crossed}: {paid}.").format(
        deal=line.label,
        day=formats.short_day(line.day),
        base=_figure(line.base, row),
        crossed=" and ".join(crossed),
        paid=", ".join(paid),
    )
    cut: dict[str, Any] = {"html": html, "label": "", "lower_width": None}
    if len(parts) == 2:
        lower, upper = parts
        share = int(100 * lower.base / line.base)
        cut |= {
            "lower_width": max(share, 1),
            "upper_x": max(share, 1) + 1,
            "upper_width": max(98 - share, 1),
            "lower_text": _figure(lower.base, row),
            "upper_text": _figure(upper.base, row),
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
        before = _figure(row.reached_before, row)
        yield f"The {row.counts.accumulates} stood at {before} when the month began."
    if row.is_adjustment:
        yield from (_adjusted(line, row.currency) for line in row.lines)
        return
    if row.is_prize:
        yield from (_prize_words(line, row.currency) for line in row.lines)
    else:
        # Most lines have their terms in common, so each sentence is said once.
        yield from dict.fromkeys(
            sentence for line in row.lines for sentence in terms_in_words(line, row.currency)
        )
    if row.exact is not None and row.lines:
        yield _rounding(row)


def _rounding(row: EarnedComponent) -> str:
    """What rounding each line did to the sum, said also where it did nothing."""
    exact = _exact(row.exact, row)
    if Fraction(from_minor(row.amount_minor, row.currency)) == row.exact:
        return f"Before rounding the lines came to the same {exact}."
    return (
        f"Exactly it is {exact}. Each line was rounded once, half up, "
        f"so together they are {formats.amount(row.amount_minor, row.currency)}."
    )


def _prize_words(line: EarnedLine, currency: str) -> str:
    place = line.working.notes.get("place")
    amount = formats.amount(line.amount_minor, currency)
    if place is None:
        return f"{line.label}: {amount}."
    return f"{formats.ordinal(int(place))} place wins {amount}."


def _adjusted(line: EarnedLine, currency: str) -> str:
    """+50.00 by Fay Berg on 18 Nov 2026, for 2026-10: Agreed bonus."""
    said = line.working.notes
    amount = formats.signed_amount(line.amount_minor, currency)
    about = f", about {said['about']}" if "about" in said else ""
    back = f", takes back adjustment {said['takes_back']}" if "takes_back" in said else ""
    by = f" by {said['by']}" if said["by"] else ""
    when = formats.day(line.day)
    return f"{said['adjustment']}: {amount}{by} on {when}{about}{back}: {said['reason']}"


def _links(row: EarnedComponent) -> list[dict[str, str]]:
    found = contest(row.contest_id) if row.contest_id else None
    if found is None:
        return []
    return [{"label": f"Open {found.name}", "url": url_for("contests.show", slug=found.slug)}]


def _parts(line: EarnedLine, row: EarnedComponent, code: str) -> Iterator[dict[str, Any]]:
    """A row for each slice of a line; what is posted stands on its last."""
    measured = [part for part in line.slices if part.is_measured]
    parts: Sequence[Slice | None] = measured or [None]
    for place, part in enumerate(parts, start=1):
        first, last = place == 1, place == len(parts)
        label = _label(line)
        yield {
            "date": formats.short_day(line.day) if first else "",
            "deal": label if first else f"{label}, the rest",
            "notes": list(own_words(line, row.currency)) if first else [],
            "url": _url(line, row, code),
            "credited_text": _figure(line.base, row) if first else "",
            "tier": part.row if part and row.tiers else "",
            "base_text": _figure(part.base, row) if part else "",
            "rate_text": _pays(part.rate, part.each, row) if part else "",
            "amount_text": _exact_of(line, part if len(parts) > 1 else None, row),
            "posted_text": formats.amount(line.amount_minor, row.currency) if last else "",
            "cut": len(parts) > 1,
        }


def _label(line: EarnedLine) -> str:
    if line.is_floor:
        return "Floor"
    return f"Period to {formats.short_day(line.day)}" if line.is_of_period else line.label


def _url(line: EarnedLine, row: EarnedComponent, code: str) -> str:
    """The deal behind a line, or the line that it takes back."""
    if not line.is_of_period:
        return links.activity(line.activity_id)
    origin = line.working.notes.get("origin")
    return links.statement(code, origin, opened=row.id) if origin else ""


def _exact_of(line: EarnedLine, part: Slice | None, row: EarnedComponent) -> str:
    """What a slice gives before rounding, or the whole line where it has only one."""
    if not line.is_earned:
        return ""
    return _exact(part.exact if part else line.exact, row)
