"""`flask replay`: the demo's deals of the days to come, as live activity."""

import signal
from threading import Event

import click
from flask import current_app
from flask.cli import with_appcontext

from incentives.clock import now
from incentives.demo.replay import replay


@click.command("replay")
@click.option(
    "--speed",
    type=click.FloatRange(min=0.1, max=100_000),
    default=6,
    show_default=True,
    help="Deals a minute.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many deals.")
@with_appcontext
def command(speed: float, limit: int | None) -> None:
    """Play the deals that the demo holds back, until none is left."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    played, left = replay(
        current_app.config["DATA_DIR"],
        clock=now,
        pause_seconds=60 / speed,
        limit=limit,
        stop=stop,
    )
    if stop.is_set():
        return
    rest = f"{left:,} are left." if left else "None is left."
    click.echo(f"Deals played: {played:,}. {rest}")
