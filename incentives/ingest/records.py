"""The rows of a file, CSV or a JSON list, by the fields that a reader looks for in them."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from incentives.core.activity import Issue
from incentives.ingest.columns import Field, column_problems, extra_cells, guess_columns
from incentives.ingest.csv_reading import MOST_ROWS, Unreadable, decoded, read_table
from incentives.ingest.exact_json import Inexact, read_json
from incentives.ingest.values import Unclear

T = TypeVar("T")


class Record:
    """One row, and the issues found in it.

    A cell is a text; in JSON it may also be a list or an object. `row` is counted as `Issue` says.
    """

    def __init__(
        self, row: int, cells: Mapping[str, Any], columns: Mapping[str, str], issues: list[Issue]
    ) -> None:
        self.row = row
        self.issues = issues
        self._cells = cells
        self._columns = columns

    def value(self, field: str) -> Any:
        """What the row says in a field: a text, a list or an object, "" where it says nothing."""
        return self._cells.get(self._columns.get(field, ""), "")

    def text(self, field: str) -> str:
        """The text of a field, "" where there is none. A list or an object is an issue."""
        value = self.value(field)
        if isinstance(value, str):
            return value
        self.refuse(field, "no_text", "Write one text or whole number here.")
        return ""

    def read(self, field: str, reader: Callable[[str], T]) -> T | None:
        """What a reader makes of the text; None where it is empty or, with an issue, unclear."""
        text = self.text(field)
        if not text:
            return None
        try:
            return reader(text)
        except Unclear as error:
            self.refuse(field, error.code, error.message)
            return None

    def needed(self, field: str, reader: Callable[[str], T], message: str) -> T | None:
        """As `read`; an empty field is an issue with this message."""
        if self.value(field) == "":
            self.refuse(field, "missing", message)
        return self.read(field, reader)

    def others(self) -> Iterator[tuple[str, Any]]:
        """Column and value of everything that is in no field."""
        known = set(self._columns.values())
        yield from ((name, value) for name, value in self._cells.items() if name not in known)

    def refuse(self, field: str, code: str, message: str) -> None:
        """Note what is wrong with a field, under the name that it has in the file."""
        value = self.value(field)
        column = self._columns.get(field, field)
        shown = value if isinstance(value, str) else ""
        self.issues.append(Issue(self.row, column, code, message, shown[:200]))


def read_records(content: bytes, fields: Sequence[Field]) -> list[Record]:
    """Every row of a CSV file or a JSON list; a JSON object may hold the list under any one name.

    A row that has lost its shape, or holds an inexact number, comes with the issue that says so.
    Raises Unreadable where the file as a whole says nothing.
    """
    text, _ = decoded(content)
    if text.lstrip().startswith(("[", "{")):
        return _from_json(text, fields)
    return _from_csv(content, fields)


def _from_csv(content: bytes, fields: Sequence[Field]) -> list[Record]:
    table = read_table(content)
    columns = _columns(table.header, fields)
    return [
        Record(
            row.number,
            {name: _plain(cell) for name, cell in zip(table.header, row.cells, strict=False)},
            columns,
            extra_cells(row, len(table.header)),
        )
        for row in table.rows
    ]


def _from_json(text: str, fields: Sequence[Field]) -> list[Record]:
    items = _the_list(read_json(text, on_inexact=lambda number: number))
    header = dict.fromkeys(name for item in items if isinstance(item, dict) for name in item)
    columns = _columns(tuple(header), fields) if items else {}
    return [_from_item(place, item, columns) for place, item in enumerate(items)]


def _the_list(document: Any) -> list[Any]:
    if isinstance(document, dict) and len(document) == 1:
        (document,) = document.values()
    if not isinstance(document, list):
        raise Unreadable("Write a list of objects: [{…}, {…}].")
    if len(document) > MOST_ROWS:
        raise Unreadable(f"The list has more than {MOST_ROWS:,} entries. Split it in two.")
    return document


def _from_item(place: int, item: Any, columns: Mapping[str, str]) -> Record:
    if not isinstance(item, dict):
        issue = Issue(place, "", "no_object", "Write an object with names and values: {…}.")
        return Record(place, {}, columns, [issue])
    cells: dict[str, Any] = {}
    issues = []
    for name, value in item.items():
        try:
            cells[name] = _plain(value)
        except Unclear as error:
            issues.append(Issue(place, name, error.code, error.message))
    return Record(place, cells, columns, issues)


def _columns(header: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    columns = guess_columns(header, fields)
    problems = column_problems(header, fields, columns)
    if problems:
        raise Unreadable(" ".join(problems.values()))
    return columns


def _plain(value: Any) -> Any:
    """A value in one spelling: numbers and truths as text, é as one character everywhere."""
    match value:
        case str():
            text = value.strip()
            return text if text.isascii() else unicodedata.normalize("NFC", text)
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Inexact():
            raise Unclear("inexact_number", value.message)
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {name: _plain(each) for name, each in value.items()}
    raise AssertionError("JSON holds nothing else")
