"""Who may be seen taking part, and how what they write is read."""

from incentives.core.activity_checks import is_clean
from incentives.core.boards.privacy import Viewer
from incentives.errors import Forbidden, Refused
from incentives.operations.feed_curtain import hidden_people


def taking_part(viewer: Viewer) -> int:
    """The person behind a viewer. Raises Forbidden for a screen or a program, and Refused as
    below."""
    if viewer.person_id is None:
        raise Forbidden("nobody", "Only somebody who is signed in can do this.")
    refuse_hidden(viewer.person_id)
    return viewer.person_id


def refuse_hidden(person_id: int) -> None:
    """Raise Refused for whoever is left out of a board: what they say would name them."""
    if person_id in hidden_people():
        raise Refused(
            "hidden",
            "You are left out of a board, so you are not named here either and cannot take part. "
            "Ask a manager to put you back on the board.",
        )


def words(text: str) -> str:
    """What somebody wrote, without space around it and with line ends of one kind."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def problem_of(text: str, longest: int) -> str | None:
    """What to write instead, if this cannot be kept."""
    if not text:
        return "Write something."
    if len(text) > longest:
        return f"Write at most {longest:,} characters. These are {len(text):,}."
    if not is_clean(text.replace("\n", " ")):
        return "There is a character in it that cannot be seen. Remove it."
    return None
