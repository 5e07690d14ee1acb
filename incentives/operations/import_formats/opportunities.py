"""Files of a CRM's opportunities."""

from incentives.ingest.opportunities import FIELDS
from incentives.operations.import_formats import ImportFormat, ImportTask, Need
from incentives.operations.import_opportunities import import_opportunities
from incentives.operations.import_products import add_product_aliases
from incentives.operations.import_report import ImportReport
from incentives.store.activities import count_activities


def _work(task: ImportTask) -> ImportReport:
    if not task.dry_run:
        add_product_aliases(task.aliases, by=task.by, now=task.clock())
    return import_opportunities(
        task.table,
        columns=task.columns,
        aliases=task.aliases,
        by=task.by,
        clock=task.clock,
        dry_run=task.dry_run,
        resume=task.resume,
        progress=task.progress,
    )


FORMAT = ImportFormat(
    kind="opportunities",
    order=3,
    label="Opportunities",
    things="opportunities",
    makes=(
        "Each row is a deal of somebody who sells. A row that was in an earlier file changes "
        "nothing, or becomes a revision; deals that the file leaves out stay."
    ),
    fields=FIELDS,
    work=_work,
    there=count_activities,
    aliased="product",
    needs=(
        Need("unknown_agent", "teams", "Nobody who can earn is called"),
        Need("unknown_product", "products", "The catalogue does not have"),
    ),
)
