"""`flask plan`: check, explain and describe plan documents, from files, without a database."""

import json
import sys
from pathlib import Path

import click

from incentives.cli.on_files import OnFilesGroup
from incentives.cli.plan_file import FILE, document_of, plan_of
from incentives.core.describe import describe_plan, plan_hash
from incentives.core.lint import ERROR, Finding, check
from incentives.core.plan_schema import json_schema


@click.group("plan", cls=OnFilesGroup)
def command() -> None:
    """Check and explain plan documents in files."""


@command.command("lint")
@click.argument("plan_file", metavar="PLAN", type=FILE)
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
def lint(plan_file: Path, strict: bool) -> None:
    """Say what is wrong with a plan, and what may not be meant.

    Fails if the plan would be refused. A warning alone does not fail, unless with --strict.
    """
    plan, findings = check(document_of(plan_file))
    for finding in findings:
        click.echo(_line(plan_file, finding), err=True)
    if plan is not None and not findings:
        click.echo(f"{plan_file.name}: {plan.name} can be published as it is.")
    if plan is None or (strict and findings):
        sys.exit(1)


def _line(plan_file: Path, finding: Finding) -> str:
    kind = "" if finding.severity == ERROR else " (warning)"
    where = f" {finding.path}" if finding.path else ""
    return f"{plan_file.name}{where}:{kind} {finding.sentence}"


@command.command("describe")
@click.argument("plan_file", metavar="PLAN", type=FILE)
def describe(plan_file: Path) -> None:
    """Say in plain words how a plan pays, and the hash under which it is published."""
    click.echo("\n".join(describe_plan(plan_of(plan_file))))
    click.echo(f"Hash of document and text: {plan_hash(document_of(plan_file))}")


@command.command("schema")
def schema() -> None:
    """The JSON Schema of plan documents, for editors."""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
