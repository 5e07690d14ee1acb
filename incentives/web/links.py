"""Where figures lead: the activities behind them, statements, boards; links to hand on."""

from flask import current_app, url_for


def activity(activity_id: int) -> str:
    return url_for("activities.show", activity_id=activity_id)


def statement(code: str, period: str, *, opened: int | None = None) -> str:
    """A payee's statement; with one of its lines opened, where one is named."""
    if opened is None:
        return url_for("earnings.show", code=code, period=period)
    anchor = f"line-{opened}"
    return url_for("earnings.show", code=code, period=period, open=opened, _anchor=anchor)


def wall(token: str) -> str:
    """The whole address of a wall screen, to be opened elsewhere. Where the service says its own
    address, that: a request may claim to be for any host, and the link opens without signing in."""
    public: str | None = current_app.config["PUBLIC_URL"]
    if public is None:
        return url_for("walls.show", token=token, _external=True)
    return public + url_for("walls.show", token=token)
