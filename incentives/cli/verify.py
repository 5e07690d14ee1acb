"""flask verify: whether all that is stored is sound, by code that is not the engine's."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext

from incentives.cli.report import FILE
from incentives.cli.shown_boards import shown_boards
from incentives.clock import now
from incentives.operations.recompute import recompute
from incentives.store.snapshot import one_moment
from incentives.verify import all_checks
from incentives.verify.book import Book
from incentives.verify.differences import Check, Difference, Seen
from incentives.verify.report import as_document, as_text, run, waiting_text

ENGINE = "engine"


@click.command("verify")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--only", multiple=True, metavar="NAME", help="This check alone; may be repeated.")
@click.option(
    "--acknowledged",
    type=FILE,
    help="A file of activities that must be stored: source, tab and id, one a line.",
)
@click.option("--settled", is_flag=True, help="Whoever is still being calculated is a difference.")
@click.option("--list", "lists", is_flag=True, help="What the checks are called and what they do.")
@with_appcontext
def command(
    form: str, only: tuple[str, ...], acknowledged: Path | None, settled: bool, lists: bool
) -> None:
    """Check facts, ledger, hashes, workings, boards, locks, audit and prizes, and change nothing.

    Ends with 1 where anything differs. The service may run: all is read as it is at one moment.
    """
    checks = checks_called(only)
    if lists:
        for check in checks:
            click.echo(f"{check.name:<9} {check.what}")
        return
    with one_moment() as snapshot:
        book = Book(snapshot, now(), settled=settled, acknowledged=acknowledged)
        book.boards = shown_boards(book)
        if form == "json":
            document = as_document(book, run(book, checks))
            click.echo(json.dumps(document, ensure_ascii=False, indent=2))
            differences = document["differences"]
        else:
            differences = _told(book, checks)
    if differences:
        raise SystemExit(1)


def checks_called(only: tuple[str, ...]) -> list[Check]:
    """All checks, or those that are named."""
    known = all_checks()
    known[ENGINE] = Check(
        ENGINE, "What is posted is what the engine gives from nothing.", engine_differences
    )
    unknown = [name for name in only if name not in known]
    if unknown:
        listed = ", ".join(sorted(known))
        raise click.ClickException(f"There is no check called {unknown[0]}. There are {listed}.")
    return [check for name, check in known.items() if not only or name in only]


def engine_differences(book: Book, seen: Seen) -> Iterator[Difference]:
    """The engine's own sums from an empty ledger, for what the check ledger does not reckon."""
    for each in recompute(book.judged, now=book.now):
        seen.count("payees")
        seen.count("amounts", len(each.wanted))
        for subject in each.differing:
            component_id, activity_id, origin, aspect = subject
            has, should = each.posted.get(subject, 0), each.wanted.get(subject, 0)
            about = {"activity": activity_id} if activity_id else {}
            ids = {"payee": each.payee_id, "component": component_id, **about}
            said = f"{has} are posted in all, but the engine gives {should}"
            yield Difference(said, {**ids, "period": origin, "as": aspect})


def _told(book: Book, checks: list[Check]) -> int:
    differences = 0
    for found in run(book, checks):
        click.echo(as_text(found))
        differences += found.count
    for line in waiting_text(book):
        click.echo(line)
    said = {0: "No difference.", 1: "1 difference."}
    click.echo(said.get(differences, f"{differences:,} differences."))
    return differences
