"""Pools: a whole team's amount, divided among its members (semantics 8)."""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from incentives.core.by_activity import Run
from incentives.core.by_period import PeriodPay
from incentives.core.calendar import Period
from incentives.core.case import Pool
from incentives.core.components import BY_CREDIT, EQUAL, Component
from incentives.core.drafts import Drafts
from incentives.core.finishing import cap_drafts
from incentives.core.line_making import factor_of, line_terms
from incentives.core.money import divide
from incentives.core.results import NO_ACTIVITY
from incentives.core.scaled import round_half_up
from incentives.core.sources import AgreementCase
from incentives.core.stakes import Gaps, Stakes
from incentives.core.versions import ComponentSpan
from incentives.core.words import plain


def pool_drafts(
    agreement: AgreementCase,
    pieces: Sequence[ComponentSpan],
    runs: Sequence[Run],
    pays: Sequence[PeriodPay],
    gaps: Gaps,
) -> Drafts:
    """The payee's part of what the whole team earned in each pay period.

    The team's amount is rounded once and capped, then divided by largest remainder.
    """
    totals: dict[str, Fraction] = {}
    pieces_of: dict[str, tuple[ComponentSpan, Period, Stakes]] = {}
    for run in runs:
        _add_run(agreement, totals, pieces_of, run)
    for pay in pays:
        factor = agreement.factor(pay.piece.component)
        key = pay.pay_period.key
        totals[key] = totals.get(key, Fraction(0)) + pay.amount * factor
        pieces_of[key] = pay.piece, pay.pay_period, pay.stakes
    team = Drafts()
    for key in sorted(totals, key=lambda key: pieces_of[key][1].first_day):
        piece, period, stakes = pieces_of[key]
        terms = line_terms(agreement, piece, stakes, [], 1)
        team.add(NO_ACTIVITY, period.last_day, key, round_half_up(totals[key]), "", terms)
    cap_drafts(agreement, pieces, team, gaps)
    return _own_part(agreement, pieces_of, team)


def _add_run(
    agreement: AgreementCase,
    totals: dict[str, Fraction],
    pieces_of: dict[str, tuple[ComponentSpan, Period, Stakes]],
    run: Run,
) -> None:
    """A run's amounts by pay period, unrounded."""
    factor = factor_of(agreement, run.piece.component, run.stakes)
    days, at = run.selection.days, run.start
    while at < run.end:
        period = agreement.pay_period(days[at])
        end = bisect_left(days, period.end_day, at, run.end)
        earned = sum(run.earned.amounts[at - run.start : end - run.start])
        total = totals.get(period.key, Fraction(0))
        totals[period.key] = total + Fraction(earned, run.earned.per) * factor
        pieces_of[period.key] = run.piece, period, run.stakes
        at = end


def _own_part(
    agreement: AgreementCase,
    pieces_of: dict[str, tuple[ComponentSpan, Period, Stakes]],
    team: Drafts,
) -> Drafts:
    pool = agreement.case.pool
    drafts = Drafts()
    if pool is None:
        return drafts
    for number, key in enumerate(team.periods):
        piece, period, stakes = pieces_of[key]
        weights = _weights(agreement, pool, piece.component, period)
        is_assigned = agreement.first_day < period.end_day and period.first_day < agreement.end_day
        if agreement.case.payee not in weights or not is_assigned:
            continue
        members = sorted(weights)
        parts = divide(team.amounts[number], [weights[member] for member in members])
        part = parts[members.index(agreement.case.payee)]
        notes = {
            "team_amount": str(team.amounts[number]),
            "members": str(len(members)),
            "own_weight": plain(weights[agreement.case.payee]),
        }
        terms = line_terms(agreement, piece, stakes, [], 1, notes)
        drafts.add(NO_ACTIVITY, period.last_day, key, part, team.steps[number], terms)
    return drafts


def _weights(
    agreement: AgreementCase, pool: Pool, component: Component, period: Period
) -> dict[int, Decimal]:
    """How the members of a pay period share, by payee; whoever has no weight is left out."""
    days: dict[int, int] = {}
    for member in pool.members:
        end_day = min(member.end_day or period.end_day, period.end_day)
        inside = (end_day - max(member.first_day, period.first_day)).days
        if inside > 0:
            days[member.payee] = days.get(member.payee, 0) + inside
    assert component.pool is not None, "a pool says how it is divided"
    by = component.pool["by"]
    if by == BY_CREDIT:
        credited = _credited(agreement, component, period, frozenset(days))
        if any(value > 0 for value in credited.values()):
            return {payee: value for payee, value in credited.items() if value > 0}
    if by in (EQUAL, BY_CREDIT):
        return dict.fromkeys(days, Decimal(1))
    return {payee: Decimal(count) for payee, count in days.items()}


def _credited(
    agreement: AgreementCase, component: Component, period: Period, members: frozenset[int]
) -> dict[int, Decimal]:
    """What each member was credited, in one common whole unit."""
    source = agreement.source_of(component)
    selection = source.selection(component)
    found: dict[int, int] = dict.fromkeys(members, 0)
    start = bisect_left(selection.days, period.first_day)
    end = bisect_left(selection.days, period.end_day)
    for number in range(start, end):
        owner = (source.columns.owners or [])[selection.where[number]]
        if owner in found:
            found[owner] += selection.values[number]
    return {payee: Decimal(value) for payee, value in found.items()}
