"""Files of products with their list prices."""

from incentives.ingest.products import FIELDS
from incentives.operations.import_formats import ImportFormat, ImportTask
from incentives.operations.import_products import import_products
from incentives.operations.import_report import ImportReport
from incentives.store.products import all_products


def _work(task: ImportTask) -> ImportReport:
    return import_products(
        task.table,
        columns=task.columns,
        by=task.by,
        now=task.clock(),
        dry_run=task.dry_run,
        resume=task.resume,
        progress=task.progress,
    )


FORMAT = ImportFormat(
    kind="products",
    order=2,
    label="Products",
    things="products",
    makes=(
        "Each row is a product of the catalogue. New names are added, known ones get the series "
        "and the list price of the file, where it has such a column; products that the file "
        "leaves out stay."
    ),
    fields=FIELDS,
    work=_work,
    there=lambda: len(all_products()),
)
