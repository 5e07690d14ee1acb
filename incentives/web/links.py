"""Where figures lead: the activities behind them, statements, boards."""

from flask import url_for


def activity(activity_id: int) -> str:
    return url_for("activities.show", activity_id=activity_id)


def statement(code: str, period: str, *, opened: int | None = None) -> str:
    """A payee's statement; with one of its lines opened, where one is named."""
    if opened is None:
        return url_for("earnings.show", code=code, period=period)
    anchor = f"line-{opened}"
    return url_for("earnings.show", code=code, period=period, open=opened, _anchor=anchor)
