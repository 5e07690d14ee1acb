"""An uploaded file as a table with known columns, or a sentence that says what to do."""

from collections.abc import Mapping, Sequence

from incentives.errors import Invalid
from incentives.ingest.columns import Field, columns_to_use
from incentives.ingest.csv_reading import Table, Unreadable, read_table


def readable_table(content: bytes) -> Table:
    """The file as a table. Raises Invalid with a sentence that says what to do."""
    try:
        return read_table(content)
    except Unreadable as error:
        raise unreadable(error) from error


def columns_of(
    table: Table, fields: Sequence[Field], chosen: Mapping[str, str] | None
) -> dict[str, str]:
    """The chosen columns, or the guessed ones. Raises Invalid where a needed one is missing."""
    try:
        return columns_to_use(table, fields, chosen)
    except Unreadable as error:
        raise unreadable(error) from error


def unreadable(error: Unreadable) -> Invalid:
    """The refusal of a file that says nothing as a whole."""
    return Invalid("unreadable_file", str(error), fields={"file": [str(error)]})
