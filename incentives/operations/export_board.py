"""A board as a CSV file: exactly the rows that the viewer sees."""

from incentives.core.boards.told import told
from incentives.export.csv_file import Cell, to_csv
from incentives.operations.board_rows import BoardRow
from incentives.operations.read_board import BoardReading

HEADER = (
    "place",
    "tied",
    "name",
    "team",
    "group",
    "score",
    "gap",
    "moved",
    "quota",
    "attainment",
)


def export_board(reading: BoardReading) -> bytes:
    """The same reading gives the same bytes."""
    return to_csv(HEADER, (_cells(row) for row in reading.rows))


def _cells(row: BoardRow) -> tuple[Cell, ...]:
    return (
        row.standing.place,
        "yes" if row.standing.tied else "no",
        row.entrant.name,
        row.entrant.team,
        row.group,
        told(row.standing.score),
        told(row.standing.gap),
        row.moved,
        told(row.quota),
        told(row.attainment),
    )
