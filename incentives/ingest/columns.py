"""Which column of a file holds what: guessed from its names, changed by whoever knows better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incentives.core.activity import Issue
from incentives.ingest.csv_reading import Row, Table, Unreadable


@dataclass(frozen=True, slots=True)
class Field:
    """Something a format looks for in a file. `guesses` are folded names of columns."""

    name: str
    label: str
    guesses: tuple[str, ...]
    required: bool = False


def folded(name: str) -> str:
    """A name without case, spaces and punctuation: 'GTX Pro' and 'GTXPro' are both gtxpro."""
    return "".join(char for char in name.casefold() if char.isalnum())


def guess_columns(header: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Field -> column for every column that a field knows by name. No column is used twice."""
    found: dict[str, str] = {}
    by_name = {folded(column): column for column in reversed(header) if column}
    for field in fields:
        for guess in (folded(field.name), *field.guesses):
            column = by_name.get(guess)
            if column is not None and column not in found.values():
                found[field.name] = column
                break
    return found


def columns_to_use(
    table: Table, fields: Sequence[Field], chosen: Mapping[str, str] | None
) -> dict[str, str]:
    """The chosen columns, or the guessed ones. Raises Unreadable where a needed one is missing."""
    columns = guess_columns(table.header, fields) if chosen is None else dict(chosen)
    problems = column_problems(table.header, fields, columns)
    if problems:
        raise Unreadable(" ".join(problems.values()))
    return columns


def column_problems(
    header: Sequence[str], fields: Sequence[Field], columns: Mapping[str, str]
) -> dict[str, str]:
    """Field -> what to write instead, where this mapping cannot be used."""
    problems = {}
    users: dict[str, str] = {}
    for field in fields:
        column = columns.get(field.name)
        if column is None:
            if field.required:
                problems[field.name] = f"Say which column holds the {field.label.lower()}."
        elif column not in header:
            problems[field.name] = f"There is no column called {column}."
        elif column in users:
            problems[field.name] = f"{column} is already used for the {users[column].lower()}."
        else:
            users[column] = field.label
    return problems


def extra_cells(row: Row, width: int) -> list[Issue]:
    """What is wrong with a row that has more cells than the header: they may all have moved."""
    if len(row.cells) <= width:
        return []
    message = (
        f"The row has {len(row.cells)} cells, the header {width}. "
        "Put quotation marks around a text that holds the delimiter."
    )
    return [Issue(row.number, "", "too_many_cells", message)]
