"""Files of people who sell, each with the manager and the office."""

from incentives.ingest.sales_teams import FIELDS
from incentives.operations.import_formats import ImportFormat, ImportTask
from incentives.operations.import_report import ImportReport
from incentives.operations.import_teams import import_teams
from incentives.store.people import payee_ids


def _work(task: ImportTask) -> ImportReport:
    return import_teams(
        task.table,
        columns=task.columns,
        by=task.by,
        now=task.clock(),
        dry_run=task.dry_run,
        resume=task.resume,
        progress=task.progress,
    )


FORMAT = ImportFormat(
    kind="teams",
    order=1,
    label="Teams and people",
    things="people",
    makes=(
        "Each row is somebody who sells, with a manager and an office. It makes the person, the "
        "manager, the office and in it a team that is called after the manager. Nobody gets a "
        "sign-in. Somebody who is in another team moves on the day of the import; whoever the "
        "file leaves out stays."
    ),
    fields=FIELDS,
    work=_work,
    there=lambda: len(payee_ids()),
    # Whose team somebody is in decides who sees their pay: a manager must not move people there.
    capability="manage_people",
)
