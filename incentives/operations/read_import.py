"""Read an import for its page: the columns to choose, the first rows, the products not known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from incentives.errors import NotFound
from incentives.ingest.catalogue import Catalogue, Recognised
from incentives.ingest.columns import guess_columns
from incentives.ingest.csv_reading import Table
from incentives.operations.import_file import readable_table
from incentives.operations.import_formats import ImportFormat, import_format
from incentives.operations.import_report import ImportReport, from_document
from incentives.store.import_runs import FAILED, ImportRun, import_run
from incentives.store.products import all_products, product_aliases

PREVIEW_ROWS = 5
# More unknown names than this are a wrong column, not other names of products.
MOST_UNKNOWN = 12


@dataclass(frozen=True, slots=True)
class ImportReading:
    """`report` is there once the file was checked, `problem` where the work stopped."""

    run: ImportRun
    format: ImportFormat
    report: ImportReport | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class UnknownProduct:
    written: str
    rows: int
    meant: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What the form shows before a check: `unknown` are products that need an alias."""

    format: ImportFormat
    columns: Mapping[str, str]
    header: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    unknown: tuple[UnknownProduct, ...]
    recognised: tuple[Recognised, ...]
    products: tuple[str, ...]


def read_import(run_id: int) -> ImportReading:
    run = import_run(run_id)
    if run is None:
        raise NotFound("There is no such import.")
    document = run.report or {}
    problem = document.get("problem") if run.state == FAILED else None
    report = from_document(document) if document and "problem" not in document else None
    return ImportReading(run, import_format(run.format), report, problem)


def read_column_choice(
    run: ImportRun,
    kind: str,
    columns: Mapping[str, str] | None = None,
    aliases: Mapping[str, str] | None = None,
) -> ColumnChoice:
    """The choices for a file of a kind, as they are typed; else as they were chosen before, or
    guessed where the file was of another kind then."""
    format, table = import_format(kind), readable_table(run.content)
    if columns is None:
        as_before = kind == run.format
        columns = (
            run.options["columns"] if as_before else guess_columns(table.header, format.fields)
        )
    aliases = run.options["aliases"] if aliases is None else aliases
    catalogue = Catalogue([product.name for product in all_products()], product_aliases())
    return ColumnChoice(
        format=format,
        columns=columns,
        header=tuple(name for name in table.header if name),
        first_rows=tuple(row.cells for row in table.rows[:PREVIEW_ROWS]),
        unknown=_unknown(table, columns.get(format.aliased or ""), catalogue, aliases),
        recognised=catalogue.recognised(),
        products=tuple(sorted(catalogue.names, key=str.casefold)),
    )


def _unknown(
    table: Table, column: str | None, catalogue: Catalogue, aliases: Mapping[str, str]
) -> tuple[UnknownProduct, ...]:
    if column not in table.header or catalogue.is_empty:
        return ()
    place = table.column(column)
    written = Counter(row.cells[place] for row in table.rows)
    unknown = [
        UnknownProduct(name, rows, aliases.get(name, ""))
        for name, rows in written.most_common()
        if name and catalogue.find(name, rows=rows) is None
    ]
    return tuple(unknown[:MOST_UNKNOWN])
