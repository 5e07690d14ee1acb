"""The sum for one payee: a case in, result lines out. Pure, and the same for every use.

Full recalculation, a single late deal, an estimate, a simulation and an explanation all call
`calculate`. The way of a component is that of semantics 10: what counts, attainment, gate, rate
table, multiplier, cap and floor, one rounding a line.
"""

from collections.abc import Sequence

from incentives.core.by_activity import earn_by_activity
from incentives.core.by_period import earn_by_period
from incentives.core.case import Case
from incentives.core.columns import Columns, columns_of
from incentives.core.components import POOL
from incentives.core.drafts import Drafts
from incentives.core.finishing import add_floors, cap_drafts, take_back, use_budget
from incentives.core.line_making import add_period, add_run
from incentives.core.pooling import pool_drafts
from incentives.core.results import Calculation, CalculationIssue
from incentives.core.sources import AgreementCase
from incentives.core.stakes import Gaps
from incentives.core.versions import ComponentSpan, component_spans


def calculate(case: Case, own: Columns | None = None) -> Calculation:
    """Everything that a payee should have.

    `own` are the payee's credits as columns, where the caller has them so. A component without the
    quota, target or rate that it needs gives an issue and no line, and the others go on.
    """
    result = Calculation()
    columns = columns_of(case.credits, case.calendar) if own is None else own
    for agreement in case.agreements:
        _calculate_agreement(AgreementCase(case, agreement, columns), result)
    return result


def _calculate_agreement(agreement: AgreementCase, result: Calculation) -> None:
    for key, pieces in component_spans(agreement.agreement).items():
        gaps = Gaps()
        drafts = _drafts(agreement, pieces, gaps)
        agreement.final[key] = drafts.lines()
        result.lines.extend(agreement.final[key])
        result.issues.extend([*_told(agreement, gaps), *_waiting_for_rates(agreement, pieces)])


def _drafts(
    agreement: AgreementCase,
    pieces: Sequence[ComponentSpan],
    gaps: Gaps,
) -> Drafts:
    runs = earn_by_activity(agreement, pieces, gaps)
    pays = earn_by_period(agreement, pieces, gaps)
    if pieces[-1].component.credited == POOL:
        drafts = pool_drafts(agreement, pieces, list(runs), list(pays), gaps)
        add_floors(agreement, pieces, drafts, gaps)
        return drafts
    drafts = Drafts()
    for run in runs:
        add_run(agreement, drafts, run)
    for pay in pays:
        add_period(agreement, drafts, pay)
    use_budget(agreement, pieces, drafts)
    cap_drafts(agreement, pieces, drafts, gaps)
    take_back(agreement, drafts)
    add_floors(agreement, pieces, drafts, gaps)
    return drafts


def _told(agreement: AgreementCase, gaps: Gaps) -> list[CalculationIssue]:
    """What holds a component up while the payee is on the plan; a pool goes on without them."""
    named = agreement.calendar.period_named
    return [
        issue
        for issue in gaps.issues.values()
        if (period := named(issue.period)) is None
        or (period.first_day < agreement.end_day and agreement.first_day < period.end_day)
    ]


def _waiting_for_rates(
    agreement: AgreementCase, pieces: Sequence[ComponentSpan]
) -> list[CalculationIssue]:
    """The deals that count but whose amount cannot be converted yet (semantics 9)."""
    found = []
    for piece in pieces:
        columns = agreement.source_of(piece.component).columns
        if not columns.without_rate:
            continue
        selection = agreement.source_of(piece.component).selection(piece.component)
        for at in selection.without_rate:
            if columns.owners and columns.owners[at] != agreement.case.payee:
                continue
            if piece.first_day <= columns.days[at] < piece.end_day:
                found.append(
                    CalculationIssue(
                        piece.component.key,
                        columns.days[at].isoformat(),
                        "rate_missing",
                        f"{columns.external_ids[at]} is in {columns.currencies[at]} and no rate "
                        f"to {agreement.currency} is set.",
                    )
                )
    return found
