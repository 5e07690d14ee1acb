"""Take a CRM's list of opportunities in: all good rows, and a report on the others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incentives.core.activity import WON, Activity, Issue
from incentives.ingest.catalogue import Catalogue
from incentives.ingest.csv_reading import Table
from incentives.ingest.opportunities import (
    FIELDS,
    SOURCE,
    Expected,
    Reading,
    read_opportunities,
)
from incentives.operations.import_file import columns_of
from incentives.operations.import_products import check_aliases
from incentives.operations.import_progress import Progress, SoFar, Taken, in_chunks
from incentives.operations.import_report import ImportReport, audit_report, in_order
from incentives.operations.record_activities import (
    CHANGED,
    CREATED,
    Recorded,
    record_activities,
)
from incentives.store import people
from incentives.store.activity_search import ids_there
from incentives.store.companies import the_company
from incentives.store.products import all_products, product_aliases


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Who and what other files bring along with this one: in a dry run they are not stored.

    `agents` are names in small letters.
    """

    agents: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.agents


def import_opportunities(
    table: Table,
    *,
    columns: Mapping[str, str] | None = None,
    aliases: Mapping[str, str] | None = None,
    newcomers: Newcomers | None = None,
    by: int | None,
    clock: Callable[[], datetime],
    dry_run: bool = False,
    resume: SoFar | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Record every good row, in chunks of a transaction each. A dry run stores nothing and reports
    what would be done.

    `columns` says which column holds which field (guessed if not given), `aliases` which product
    another name means. Rows that are no longer in the file change nothing. Done again, or resumed,
    it changes nothing twice. Raises Invalid where the file as a whole cannot be used.
    """
    newcomers = newcomers or Newcomers()
    reading, expected = _read(table, columns, aliases or {}, newcomers)
    refusals: list[Issue] = []

    def take(chunk: Sequence[tuple[int, Activity]]) -> Taken:
        answers = _record(chunk, newcomers, clock(), dry_run)
        refusals.extend(issue for answer in answers for issue in answer.issues)
        return Taken([answer.status for answer in answers])

    so_far = in_chunks(reading.activities, take, resume=resume, progress=progress)
    report = _report(reading, expected, so_far, refusals, dry_run)
    audit_report("opportunities imported", SOURCE, report, by=by, now=clock())
    return report


def _read(
    table: Table,
    columns: Mapping[str, str] | None,
    aliases: Mapping[str, str],
    newcomers: Newcomers,
) -> tuple[Reading, Expected]:
    company = the_company()
    names = {product.name for product in all_products()} | newcomers.products
    check_aliases(aliases, names)
    used = columns_of(table, FIELDS, columns)
    expected = Expected(
        calendar=company.calendar,
        currency=company.currency,
        catalogue=Catalogue(names, {**product_aliases(), **aliases}),
        agents=_known_agents(table, used["sales_agent"], newcomers),
    )
    return read_opportunities(table, used, expected), expected


def _known_agents(table: Table, column: str, newcomers: Newcomers) -> set[str]:
    place = table.column(column)
    named = {row.cells[place] for row in table.rows}
    return people.payees_called(named).keys() | {n for n in named if n in newcomers}


def _record(
    chunk: Sequence[tuple[int, Activity]], newcomers: Newcomers, now: datetime, dry_run: bool
) -> list[Recorded]:
    """What becomes of each activity. One of a newcomer, who is not stored in a dry run, is new
    itself or a change."""
    if not newcomers.agents:
        return record_activities(chunk, now=now, dry_run=dry_run)
    assert dry_run, "newcomers are stored before what they did"
    names = {activity.shares[0].payee for _, activity in chunk}
    stored = people.payees_called(names)
    known = [each for each in chunk if each[1].shares[0].payee in stored]
    others = [each for each in chunk if each[1].shares[0].payee not in stored]
    there = ids_there(SOURCE, [activity.external_id for _, activity in others])
    return record_activities(known, now=now, dry_run=True) + [
        Recorded(row, CHANGED if activity.external_id in there else CREATED)
        for row, activity in others
    ]


def _report(
    reading: Reading, expected: Expected, so_far: SoFar, refusals: list[Issue], dry_run: bool
) -> ImportReport:
    refused = {issue.row for issue in refusals}
    won = [
        activity.amount or Decimal(0)
        for row, activity in reading.activities
        if activity.kind == WON and row not in refused
    ]
    return ImportReport(
        rows=reading.rows,
        created=so_far.created,
        changed=so_far.changed,
        unchanged=so_far.unchanged + reading.repeated,
        rejected=reading.rejected + len(refused),
        won=len(won),
        total_won=sum(won, Decimal(0)),
        currency=expected.currency,
        issues=in_order([*reading.issues, *refusals]),
        aliases=expected.catalogue.recognised(),
        notes=tuple(_notes(reading, expected)),
        dry_run=dry_run,
    )


def _notes(reading: Reading, expected: Expected) -> Iterator[str]:
    if expected.catalogue.is_empty:
        yield "There is no product catalogue yet, so products were taken as written."
    if reading.repeated:
        yield f"Rows that repeat an earlier row word for word: {reading.repeated:,}."
