"""flask pay-periods: list the months of pay, and lock one."""

import click
from flask.cli import AppGroup

from incentives.clock import now
from incentives.errors import Refused
from incentives.operations.lock_period import lock_period
from incentives.operations.pay_months import PayMonth, read_pay_months

command = AppGroup("pay-periods", help="Months of pay, open and locked.")


@command.command("list")
def list_() -> None:
    """List the months from the first with pay to the current one."""
    for month in reversed(read_pay_months(now=now())):
        click.echo(f"{month.period.key}  {_state(month)}")


@command.command("lock")
@click.argument("month")
@click.option("--note", default="", help="Kept with the lock and in the audit log.")
def lock(month: str, note: str) -> None:
    """Lock MONTH, such as 2026-10, for good."""
    try:
        lock_period(month, note=note, by=None, now=now())
    except Refused as error:
        said = [sentence for sentences in error.fields.values() for sentence in sentences]
        raise click.ClickException(" ".join([error.message, *said])) from error
    click.echo(f"{month} is locked.")


def _state(month: PayMonth) -> str:
    lock = month.lock
    if lock is None:
        return "open, can be locked" if month.is_next and month.has_ended else "open"
    by = f" by {lock.person.name}" if lock.person else ""
    return f"locked since {lock.locked_at:%Y-%m-%d %H:%M} UTC{by}"
