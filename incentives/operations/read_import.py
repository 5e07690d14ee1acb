"""Read an import for its page: the columns to choose, the first rows, the products not known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from incentives.errors import NotFound
from incentives.ingest.catalogue import Catalogue, Recognised
from incentives.ingest.columns import Field
from incentives.ingest.csv_reading import Table
from incentives.ingest.opportunities import FIELDS
from incentives.operations.import_opportunities import readable_table
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
    columns: Mapping[str, str]
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

    fields: tuple[Field, ...]
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
    return ImportReading(run, run.options["columns"], report, problem)


def read_column_choice(
    run: ImportRun, columns: Mapping[str, str], aliases: Mapping[str, str]
) -> ColumnChoice:
    """The choices for a file, with columns and aliases as they are chosen so far."""
    table = readable_table(run.content)
    catalogue = Catalogue([product.name for product in all_products()], product_aliases())
    return ColumnChoice(
        fields=FIELDS,
        header=tuple(name for name in table.header if name),
        first_rows=tuple(row.cells for row in table.rows[:PREVIEW_ROWS]),
        unknown=_unknown(table, columns.get("product"), catalogue, aliases),
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
