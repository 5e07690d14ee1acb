"""A CSV file as people have it: any usual encoding, line end and delimiter, within bounds."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
DELIMITERS = ",;\t"

# What a spreadsheet program writes when it is not asked for CSV.
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unreadable(Exception):
    """The file as a whole cannot be read. The text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as a spreadsheet does: the header is row 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    delimiter: str

    def column(self, name: str) -> int:
        return self.header.index(name)


def read_table(content: bytes) -> Table:
    """The header and rows of a CSV file, cells without surrounding spaces.

    Empty rows are left out and still counted; a short row is filled up with empty cells, and one
    that is too long keeps its extra cells, so that whoever checks rows can say so.
    """
    text, encoding = decoded(content)
    delimiter = _delimiter_of(text)
    lines = _lines(text, delimiter)
    _, header = next(lines, (1, ()))
    _check_header(header)
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if len(rows) == MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it in two.")
        missing = len(header) - len(cells)
        rows.append(Row(number, cells + ("",) * missing))
    return Table(header, tuple(rows), encoding, delimiter)


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was written in. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("The file is empty. Export it again with a header row.")
    if len(content) > MOST_BYTES:
        raise Unreadable("The file is larger than 20 MB. Split it in two.")
    if content.startswith((_ZIP, _OLD_EXCEL)):
        raise Unreadable("This is a spreadsheet, not a CSV file. Save it as CSV and choose that.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as_utf16(content), "utf-16"
    try:
        text, encoding = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        # Every byte has a meaning in Latin-1, which older programs write.
        text, encoding = content.decode("latin-1"), "latin-1"
    if "\0" in text:
        raise Unreadable("This is not a text file. Save it as CSV and choose that.")
    return text, encoding


def _as_utf16(content: bytes) -> str:
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Unreadable("The text of the file is damaged. Export it again as CSV.") from error


def _delimiter_of(text: str) -> str:
    """The delimiter that the header uses most; a comma where there is only one column."""
    header = text.lstrip().split("\n", 1)[0]
    unquoted = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=unquoted.count)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    # newline="" leaves line ends to the reader: CR, LF and CRLF, also inside quoted cells.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            yield number, tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        raise Unreadable(
            f"Row {number + 1} cannot be read, nor what follows. Look for a quotation mark that is "
            "missing, or one too many."
        ) from error


def _check_header(header: tuple[str, ...]) -> None:
    if not any(header):
        raise Unreadable("The first row is empty. It must hold the names of the columns.")
    if len(header) > MOST_COLUMNS:
        raise Unreadable(f"The file has more than {MOST_COLUMNS} columns. Leave some out.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Unreadable(f"Two columns are called {twice[0]}. Rename one of them.")
