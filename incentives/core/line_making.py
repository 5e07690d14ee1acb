"""From what a rule gives to lines: multiplier, gate, the one rounding, and the working."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from incentives.core.by_activity import Run
from incentives.core.by_period import PeriodPay
from incentives.core.claw_back import ALL_OF_IT
from incentives.core.components import Component
from incentives.core.drafts import Drafts, Taken, TakenPart
from incentives.core.exchange import Rate
from incentives.core.period_parts import UnitPaid
from incentives.core.results import EARNED, MONEY, NO_ACTIVITY, TAKEN_BACK, ResultLine, Terms
from incentives.core.rules import ByActivity, Rows
from incentives.core.scaled import round_half_up, rounded
from incentives.core.sources import AgreementCase
from incentives.core.stakes import ONE, Stakes
from incentives.core.taking_back import TakeBack
from incentives.core.versions import ComponentSpan
from incentives.core.words import plain
from incentives.core.working import ROWS, SCALE, write_steps


def add_run(agreement: AgreementCase, drafts: Drafts, run: Run) -> None:
    """A line for each credit of a run."""
    columns, where = run.source.columns, run.selection.where[run.start : run.end]
    terms = line_terms(agreement, run.piece, run.stakes, run.earned.rows, run.earned.scale)
    first = len(drafts)
    whole = isinstance(where, range)
    keys = run.source.period_keys(agreement)
    part = slice(where[0], where[-1] + 1)
    drafts.amounts += whole_amounts(agreement, run)
    drafts.activity_ids += (
        columns.activity_ids[part] if whole else [columns.activity_ids[at] for at in where]
    )
    drafts.periods += keys[part] if whole else [keys[at] for at in where]
    drafts.days += run.selection.days[run.start : run.end]
    drafts.steps += run.earned.steps
    drafts.terms += [terms] * len(where)
    drafts.aspects += [EARNED] * len(where)
    if columns.owners:
        drafts.owners += [columns.owners[at] for at in where]
    _mark_what_is_special(agreement, drafts, run, first)


def _mark_what_is_special(agreement: AgreementCase, drafts: Drafts, run: Run, first: int) -> None:
    """Converted amounts, cancelled deals, and credits that earn nothing and so have no line."""
    standing, where = run.source.standing, run.selection.where[run.start : run.end]
    columns = standing.columns
    if columns.rates:
        converted: dict[Rate, Terms] = {}
        for number, at in enumerate(where, start=first):
            rate = columns.rates.get(at)
            if rate is not None:
                if rate not in converted:
                    converted[rate] = _with_rate(drafts.terms[number], rate)
                drafts.terms[number] = converted[rate]
    for at in columns.taken_off:
        if (place := _place_of(at, where)) is not None:
            drafts.aspects[first + place] = TAKEN_BACK
    for at, back in standing.taken_back.items():
        if (place := _place_of(at, where)) is not None:
            taken = Taken(columns.activity_ids[at], back)
            drafts.taken_back[first + place] = [taken]
    rule, pays = run.piece.component.sum, run.selection.pays
    if pays is not None:
        drafts.keep(pays[run.start : run.end], first)
    elif isinstance(rule, ByActivity) and rule.sparse:
        drafts.keep([amount != 0 for amount in drafts.amounts[first:]], first)


def _place_of(at: int, where: Sequence[int]) -> int | None:
    """The place of an index among ascending indexes, or None where it is not there."""
    place = bisect_left(where, at)
    return place if place < len(where) and where[place] == at else None


def whole_amounts(agreement: AgreementCase, run: Run) -> list[int]:
    """What each credit of a run earns in whole units, each rounded once."""
    factor = factor_of(agreement, run.piece.component, run.stakes)
    if factor == 0:
        return [0] * len(run.earned.amounts)
    per = run.earned.per * factor.denominator
    common = gcd(factor.numerator, per)
    times = factor.numerator // common
    amounts = run.earned.amounts
    if times != 1:
        amounts = [amount * times for amount in amounts]
    return rounded(amounts, per // common)


def factor_of(agreement: AgreementCase, component: Component, stakes: Stakes) -> Fraction | int:
    """From units of the yield to whole units, with gate and multiplier."""
    if not stakes.gate_holds:
        return 0
    factor = agreement.factor(component)
    return factor if stakes.factor is ONE else factor * stakes.factor


def add_period(agreement: AgreementCase, drafts: Drafts, pay: PeriodPay) -> None:
    """The line of a pay period, and what of it is taken back for cancelled deals."""
    component = pay.piece.component
    scale = lcm(1, *(base.denominator for _, base in pay.due.slices))
    terms = line_terms(agreement, pay.piece, pay.stakes, pay.due.rows, scale, pay.notes)
    amount = round_half_up(pay.amount * agreement.factor(component))
    activity_id = NO_ACTIVITY
    if pay.at is not None:
        activity_id = pay.source.columns.activity_ids[pay.at]
    elif not amount and not pay.has_credits:
        return
    steps = write_steps([(row, int(base * scale)) for row, base in pay.due.slices])
    key = pay.pay_period.key
    if pay.at is None:
        taken = _taken_of_period(agreement, pay)
    else:
        back = pay.source.standing.taken_back.get(pay.at)
        taken = [Taken(activity_id, back)] if back else []
    if taken:
        drafts.taken_back[len(drafts)] = taken
    drafts.add(activity_id, pay.day, key, amount, steps, terms)


def _taken_of_period(agreement: AgreementCase, pay: PeriodPay) -> list[Taken]:
    """The cancelled deals of a pay period, in the order in which that was learnt.

    A rate for the whole period was paid on each deal of it; an amount for a result was not.
    """
    standing, component = pay.source.standing, pay.piece.component
    if not standing.taken_back or not pay.units:
        return []
    factor = agreement.factor(component)
    selection, columns = pay.source.selection(component), pay.source.columns
    paid = {
        at: _taken_part(unit, Fraction(selection.values[number], selection.scale), factor)
        for number, at in enumerate(selection.where)
        if at in standing.taken_back
        for unit in pay.units
        if unit.first_day <= selection.days[number] < unit.end_day
    }
    return [
        Taken(columns.activity_ids[at], standing.taken_back[at], paid[at])
        for at in sorted(paid, key=lambda at: columns.reversed_at[at])
    ]


def _taken_part(unit: UnitPaid, base: Fraction, factor: int) -> TakenPart:
    """What a deal of so much base was paid: its slices and all that the line says of its span."""
    working = {ROWS: unit.due.rows, **unit.stakes.working, **unit.due.notes}
    return TakenPart(round_half_up(unit.paid(base) * factor), unit.slices(base), working)


def line_terms(
    agreement: AgreementCase,
    piece: ComponentSpan,
    stakes: Stakes,
    rows: Rows,
    scale: int,
    notes: Mapping[str, Any] | None = None,
) -> Terms:
    """What the lines of a run have in common."""
    component = piece.component
    working = {ROWS: rows, SCALE: str(scale), **stakes.working, **(notes or {})}
    return Terms(
        piece.version.plan_id,
        piece.version.version_id,
        component.key,
        component.yields,
        agreement.currency if component.yields == MONEY else None,
        working,
    )


def _with_rate(terms: Terms, rate: Rate) -> Terms:
    said = {
        "currency": rate.currency,
        "rate": plain(rate.rate),
        "since": rate.first_day.isoformat(),
        "provider": rate.provider,
    }
    return terms.saying(exchange=said)


def add_back(
    agreement: AgreementCase, drafts: Drafts, number: int, taken: Taken, paid: int
) -> None:
    """A line that takes back of line `number` what one activity was paid, or its share."""
    share = taken.back.share
    amount = -(paid if share is ALL_OF_IT else round_half_up(paid * share))
    if amount == 0:
        return
    origin = drafts.periods[number]
    if taken.part is None:
        steps = drafts.steps[number]
        terms = _back_terms(drafts, drafts.terms[number], origin, taken.back)
    else:
        steps, terms = _part_told(drafts.terms[number], taken.part, paid)
        terms = terms_of_back(terms, origin, taken.back)
    drafts.back_lines.append(
        ResultLine(
            terms,
            taken.activity_id,
            agreement.pay_period(taken.back.day).key,
            TAKEN_BACK,
            amount,
            taken.back.day,
            steps,
        )
    )


def _part_told(terms: Terms, part: TakenPart, paid: int) -> tuple[str, Terms]:
    """The steps and terms of what a deal was paid on a line; `left` where less was left of it."""
    scale = lcm(1, *(base.denominator for _, base in part.slices))
    notes = {"left": str(paid)} if paid < part.amount else {}
    steps = write_steps([(row, int(base * scale)) for row, base in part.slices], notes)
    return steps, terms._replace(working={SCALE: str(scale), **part.working})


def _back_terms(drafts: Drafts, terms: Terms, origin: str, back: TakeBack) -> Terms:
    """The terms of what is taken back, the same object for all of one origin."""
    key = id(terms), origin, back.share
    if key not in drafts.back_terms:
        drafts.back_terms[key] = terms_of_back(terms, origin, back)
    return drafts.back_terms[key]


def terms_of_back(terms: Terms, origin: str, back: TakeBack) -> Terms:
    """What explains that a line of these terms, of the period `origin`, is taken back."""
    if back.share is ALL_OF_IT:
        return terms.saying(origin=origin)
    share = f"{back.share.numerator}/{back.share.denominator}"
    return terms.saying(origin=origin, share_taken_back=share)
