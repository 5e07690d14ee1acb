"""Rows as text in columns, for a terminal."""

from collections.abc import Collection, Sequence


def to_text_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[str] = ()
) -> str:
    """Columns as wide as their widest cell, two spaces apart; those named in `right` end alike,
    and the last of the others is as long as it is."""
    table = [list(header), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    aligned = [
        [
            cell.rjust(width) if name in right else cell.ljust(width)
            for name, cell, width in zip(header, row, widths, strict=True)
        ]
        for row in table
    ]
    return "\n".join("  ".join(row).rstrip() for row in aligned)
