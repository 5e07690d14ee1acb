"""`flask import opportunities`: a CRM's opportunities, with teams and products beside them."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from incentives.cli.report import FILE, FORM, as_text, refresh_without_workers
from incentives.clock import now
from incentives.errors import Refused
from incentives.ingest import products as product_file
from incentives.ingest import sales_teams as team_file
from incentives.ingest.csv_reading import Table
from incentives.operations.import_file import columns_of, readable_table
from incentives.operations.import_opportunities import Newcomers, import_opportunities
from incentives.operations.import_products import add_product_aliases, import_products
from incentives.operations.import_report import ImportReport, as_document
from incentives.operations.import_teams import import_teams

command = AppGroup("import", help="Bring files in.")


@command.command("opportunities")
@click.argument("file", type=FILE)
@click.option("--teams", type=FILE, help="Agents with their managers and offices.")
@click.option("--products", type=FILE, help="The product catalogue.")
@click.option("--alias", "aliases", multiple=True, metavar="NAME=PRODUCT", help="Another name.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and store nothing.")
@click.option("--format", "form", type=FORM, default="table")
def opportunities(
    file: Path,
    teams: Path | None,
    products: Path | None,
    aliases: Sequence[str],
    dry_run: bool,
    form: str,
) -> None:
    """Import a CRM's opportunities. All good rows go in; the others are reported."""
    try:
        reports = _import(file, teams, products, _pairs(aliases), dry_run)
    except Refused as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    if not dry_run:
        refresh_without_workers()
    if form == "json":
        main = as_document(reports.pop("opportunities"))
        extras = {name: as_document(report) for name, report in reports.items()}
        click.echo(json.dumps({**main, **extras}, ensure_ascii=False, indent=2))
    else:
        for name, report in reports.items():
            click.echo(as_text(name, report))


def _import(
    file: Path, teams: Path | None, products: Path | None, aliases: dict[str, str], dry_run: bool
) -> dict[str, ImportReport]:
    """The reports by what was imported. Every file is read before anything is stored."""
    table = readable_table(file.read_bytes())
    reports: dict[str, ImportReport] = {}
    team_table = readable_table(teams.read_bytes()) if teams else None
    product_table = readable_table(products.read_bytes()) if products else None
    newcomers = _newcomers(team_table, product_table)
    if team_table:
        reports["teams"] = import_teams(team_table, by=None, now=now(), dry_run=dry_run)
    if product_table:
        reports["products"] = import_products(product_table, by=None, now=now(), dry_run=dry_run)
    if not dry_run:
        add_product_aliases(aliases, by=None, now=now())
    reports["opportunities"] = import_opportunities(
        table,
        aliases=aliases,
        newcomers=newcomers if dry_run else None,
        by=None,
        clock=now,
        dry_run=dry_run,
    )
    return reports


def _newcomers(teams: Table | None, products: Table | None) -> Newcomers:
    agents: Sequence[team_file.Agent] = ()
    catalogue: Sequence[product_file.CatalogueProduct] = ()
    if teams:
        used = columns_of(teams, team_file.FIELDS, None)
        agents, _ = team_file.read_sales_teams(teams, used)
    if products:
        used = columns_of(products, product_file.FIELDS, None)
        catalogue, _ = product_file.read_products(products, used)
    return Newcomers(
        agents=frozenset(agent.name.casefold() for agent in agents),
        products=frozenset(product.name for product in catalogue),
    )


def _pairs(aliases: Sequence[str]) -> dict[str, str]:
    pairs = [alias.partition("=") for alias in aliases]
    wrong = [name for name, equals, product in pairs if not (name and equals and product)]
    if wrong:
        raise click.BadParameter(f'{wrong[0]}: write it as "GTXPro=GTX Pro".')
    return {name.strip(): product.strip() for name, _, product in pairs}
