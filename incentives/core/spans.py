"""In which spans of a component the days of a pay period lie (semantics 10 and 15)."""

from incentives.core.calendar import Period
from incentives.core.components import POOL, Component
from incentives.core.sources import AgreementCase


def spans_around(
    agreement: AgreementCase, component: Component, pay_period: Period
) -> list[Period]:
    """The spans, as long as the pay period or longer, in which it lies: a week may lie in two
    months.

    A month in which the payee was not on the plan is none of them; a team goes on without.
    """
    spans = agreement.calendar.parts(pay_period, component.accumulates)
    return _on_the_plan(agreement, component, spans)


def spans_begun(agreement: AgreementCase, component: Component, pay_period: Period) -> list[Period]:
    """The spans, shorter than the pay period, that begin in it; the same months are left out."""
    spans = agreement.calendar.parts(pay_period, component.accumulates)
    begun = [span for span in spans if span.first_day in pay_period]
    return _on_the_plan(agreement, component, begun)


def _on_the_plan(
    agreement: AgreementCase, component: Component, spans: list[Period]
) -> list[Period]:
    if len(spans) == 1 or component.credited == POOL:
        return spans
    first_day, end_day = agreement.first_day, agreement.end_day
    return [span for span in spans if span.first_day < end_day and first_day < span.end_day]
