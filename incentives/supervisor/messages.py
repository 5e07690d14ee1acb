"""What the supervisor says. Lines of its children carry their name, its own sentences do not."""

import sys
from threading import Lock

_one_line_at_a_time = Lock()


class CannotStart(Exception):
    """Why the service cannot start: one sentence for the person who started it."""


class Stopped(Exception):
    """Somebody asked us to end."""


def say(text: str) -> None:
    with _one_line_at_a_time:
        # A closed terminal must not keep us from ending the children in order.
        try:
            print(text, flush=True)
        except OSError:
            sys.stdout = sys.stderr


def relay(name: str, line: str) -> None:
    say(f"{name:>7} | {line}")
