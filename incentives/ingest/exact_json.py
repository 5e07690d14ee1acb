"""JSON without floats and without names said twice."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from incentives.ingest.csv_reading import Unreadable


@dataclass(frozen=True, slots=True)
class Inexact:
    """A number that would be read as a float, as it is written."""

    text: str

    @property
    def message(self) -> str:
        return f'Put quotes around {self.text}: "{self.text}", so that it is read exactly.'


def refuse(number: Inexact) -> Any:
    raise Unreadable(number.message)


def read_json(text: str, on_inexact: Callable[[Inexact], Any] = refuse) -> Any:
    """What a text says. `on_inexact` gives the value of a number with decimals, or raises.

    Raises Unreadable where it is no JSON, is nested too deep or says a name twice in one part.
    """
    try:
        return json.loads(
            text,
            parse_float=lambda number: on_inexact(Inexact(number)),
            parse_constant=lambda number: on_inexact(Inexact(number)),
            object_pairs_hook=_no_name_twice,
        )
    except json.JSONDecodeError as error:
        raise Unreadable(f"The JSON cannot be read in line {error.lineno}.") from error
    except RecursionError as error:
        raise Unreadable("The document is nested too deep.") from error
    except ValueError as error:
        raise Unreadable("A number in the JSON has too many digits.") from error


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"{twice!r} is written twice in one part. Keep one of them.")
    return found
