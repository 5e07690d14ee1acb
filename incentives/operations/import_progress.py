"""How an import goes through a file: in chunks, each counted, so that another worker can go on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.orm import Session

from incentives.core.activity import Issue
from incentives.ingest.csv_reading import Table
from incentives.operations.import_report import ImportReport, in_order
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED
from incentives.operations.rehearsal import writing_unless
from incentives.store.transaction import writing

# Small enough that nobody else waits long for the one writer of SQLite. A person takes some 13 ms,
# with a team, a marker and the audit of each; an activity far less.
CHUNK = 500
SLOW_CHUNK = 100

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of each thing of a chunk, and what was made beside them: sort -> names."""

    statuses: Sequence[str]
    made: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SoFar:
    """How much of a file is done: enough to go on after a worker was killed."""

    done: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    made: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def plus(self, taken: Taken) -> "SoFar":
        statuses = list(taken.statuses)
        return SoFar(
            done=self.done + len(statuses),
            created=self.created + statuses.count(CREATED),
            changed=self.changed + statuses.count(CHANGED),
            unchanged=self.unchanged + statuses.count(UNCHANGED),
            made={
                sort: [*self.made.get(sort, ()), *taken.made.get(sort, ())]
                for sort in dict.fromkeys([*self.made, *taken.made])
            },
        )


# Is told how much is done, of how many.
Progress = Callable[[SoFar, int], None]


def in_chunks(
    things: Sequence[Thing],
    take: Callable[[Sequence[Thing]], Taken],
    *,
    size: int | None = None,
    resume: SoFar | None = None,
    progress: Progress | None = None,
) -> SoFar:
    """Take everything that is not done yet, a chunk at a time."""
    so_far, size = resume or SoFar(), size or CHUNK
    while so_far.done < len(things):
        so_far = so_far.plus(take(things[so_far.done : so_far.done + size]))
        if progress is not None:
            progress(so_far, len(things))
    return so_far


def stored_in_chunks(
    things: Sequence[Thing],
    take: Callable[[Session, Sequence[Thing]], Taken],
    *,
    dry_run: bool,
    resume: SoFar | None = None,
    progress: Progress | None = None,
) -> SoFar:
    """The same with a transaction for each chunk. A dry run is one transaction that is undone:
    what comes later in the file builds on what came before, as it will in the real run."""
    if dry_run:
        with writing_unless(dry_run) as session:
            return SoFar().plus(take(session, things))

    def store(chunk: Sequence[Thing]) -> Taken:
        with writing() as session:
            return take(session, chunk)

    return in_chunks(things, store, size=SLOW_CHUNK, resume=resume, progress=progress)


def report_of_rows(
    table: Table, so_far: SoFar, issues: Sequence[Issue], *, dry_run: bool
) -> ImportReport:
    """The report of a file whose good rows are things, some of them said more than once."""
    rejected = len({issue.row for issue in issues})
    return ImportReport(
        rows=len(table.rows),
        created=so_far.created,
        changed=so_far.changed,
        unchanged=len(table.rows) - rejected - so_far.created - so_far.changed,
        rejected=rejected,
        issues=in_order(issues),
        notes=tuple(f"{sort}: {', '.join(names)}." for sort, names in sorted(so_far.made.items())),
        dry_run=dry_run,
    )
