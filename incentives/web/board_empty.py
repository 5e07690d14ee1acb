"""What stands in the place of rows where a board has none to show, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from incentives.core.boards.parts import NEIGHBOURS, SELF, TOP_N
from incentives.operations.read_board import BoardReading
from incentives.web import board_words
from incentives.web.board_address import Asked


@dataclass(frozen=True, slots=True)
class Empty:
    """`actions` are labels with their addresses."""

    icon: str
    title: str
    text: str
    actions: Sequence[tuple[str, str]] = ()


def empty(asked: Asked, reading: BoardReading) -> Empty | None:
    """None where there is something to see."""
    if reading.is_empty and not asked.search:
        return _nothing_counted(reading)
    if reading.shown:
        return None
    return _nobody_found(asked) if asked.search else _nobody_seen(reading)


def _nothing_counted(reading: BoardReading) -> Empty:
    before = reading.company.calendar.before(reading.period) if reading.period.key else None
    actions = []
    if before:
        words = board_words.period_words(before, current=False)
        earlier = url_for("boards.show", slug=reading.board.slug, period=before.key)
        actions.append((f"See {words}", earlier))
    text = "Nothing has been counted in this period yet."
    return Empty("flag", "The first one leads", text, actions)


def _nobody_found(asked: Asked) -> Empty:
    text = f"Nobody on this board has “{asked.search}” in the name as it is shown to you."
    everybody = url_for("boards.show", **asked.but(search=""))
    return Empty("search-off", "Nobody by that name", text, [("Show everybody", everybody)])


def _nobody_seen(reading: BoardReading) -> Empty:
    """By what the board shows its viewers; of the first places only who looks around oneself."""
    top = reading.look.seen.form.top
    places = "the first place" if top == 1 else f"the first {top} places"
    texts = {
        SELF: "This board shows each person their own row, and you are not on it.",
        NEIGHBOURS: "This board shows each person those around them, and you are not on it.",
        TOP_N: f"This board shows {places}, and you are not there yet.",
    }
    text = texts.get(reading.form, "Nobody stands on this board.")
    return Empty("search-off", "Nothing to see here", text)
