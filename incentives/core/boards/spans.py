"""Which days a board counts, and up to when: periods, rolling windows, and what to compare with."""

from datetime import date, timedelta

from incentives.core.calendar import Calendar, Period

# A span of days that is no period of the calendar and has no name.
WINDOW = "window"

DAY, WEEK, PERIOD = "day", "week", "period"
SINCE = (DAY, WEEK, PERIOD)


def rolling(days: int, today: date) -> Period:
    """The last so many days, today included."""
    end_day = today + timedelta(days=1)
    return Period(WINDOW, "", end_day - timedelta(days=days), end_day)


def span_before(span: Period, calendar: Calendar) -> Period:
    """The period before, or the window of the same length that ends where this one begins."""
    if span.kind != WINDOW:
        return calendar.before(span)
    return Period(WINDOW, "", span.first_day - timedelta(days=span.days), span.first_day)


def spans_before(span: Period, count: int, calendar: Calendar) -> Period:
    """So many periods before, as one span of days."""
    first = span
    for _ in range(count):
        first = span_before(first, calendar)
    return Period(WINDOW, "", first.first_day, span.first_day)


def cut(span: Period, end_day: date) -> Period | None:
    """The part of a span before a day; None where none of it is."""
    if end_day <= span.first_day:
        return None
    return Period(span.kind, span.key, span.first_day, min(span.end_day, end_day))


def compared_with(span: Period, since: str, today: date, calendar: Calendar) -> Period | None:
    """What was counted when today, or this week, began; or by the end of the period before.

    A window moves with the days, a period grows. None where there was nothing to be placed by: on
    the first day of a period, and in periods that are over.
    """
    if since == PERIOD:
        return span_before(span, calendar)
    if today not in span:
        return None
    then = today if since == DAY else calendar.period_of(today, WEEK).first_day
    if span.kind != WINDOW:
        return cut(span, then)
    return rolling(span.days, then - timedelta(days=1))
