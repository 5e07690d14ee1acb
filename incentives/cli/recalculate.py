"""`flask recalculate`: payees calculated anew, all or some."""

import click
from flask.cli import with_appcontext

from incentives.clock import now
from incentives.operations.recalculate import recalculate
from incentives.store import people


@click.command("recalculate")
@click.argument("payees", nargs=-1, metavar="[PAYEE]…")
@with_appcontext
def command(payees: tuple[str, ...]) -> None:
    """Calculate payees anew by code, e-mail or full name, or everybody where none is named.

    Only what differs from what is posted is posted.
    """
    found = people.payees_called(payees)
    unknown = [name for name in payees if name not in found]
    if unknown:
        raise click.ClickException(f"Nobody who can earn is called {unknown[0]}.")
    ids = sorted(set(found.values())) or people.payee_ids()
    posted = recalculate(ids, clock=now)
    people_said = "1 payee" if len(ids) == 1 else f"{len(ids):,} payees"
    lines_said = "1 line" if posted == 1 else f"{posted:,} lines"
    click.echo(f"Calculated {people_said}: {lines_said} posted.")
