"""What is run: the parts of a start that tests replace by small stand-ins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from config import Config
from incentives.supervisor.children import flask, service_children
from incentives.supervisor.database import Database
from incentives.supervisor.messages import say
from incentives.supervisor.processes import Child, Processes

Environ = Mapping[str, str]


@dataclass(frozen=True)
class Service:
    prepare: Callable[[Config, Processes, Environ], str]
    children: Callable[[Config, int, Environ], Sequence[Child]]


def prepare(config: Config, processes: Processes, environ: Environ) -> str:
    """Schema and first data; returns what the person who started it should read at the end."""
    database = Database(config.SQLALCHEMY_DATABASE_URI)
    try:
        if database.has_pending_migrations():
            upgrade(database, config, processes, environ)
        is_new = database.is_empty()
    finally:
        database.close()
    if is_new and config.DEMO:
        say("Building the demo company, only this once ...")
        processes.complete(Child("demo", flask("demo", "build"), environ))
    if config.DEMO:
        return processes.complete(Child("demo", flask("demo", "accounts"), environ), show=False)
    if is_new:
        return processes.complete(Child("set-up", flask("set-up-link"), environ), show=False)
    return ""


def upgrade(database: Database, config: Config, processes: Processes, environ: Environ) -> None:
    copy = database.copy_before_migration(config.DATA_DIR / "backups")
    if copy:
        say(f"The database will be upgraded; a copy of it as it was is in {copy}.")
    processes.complete(Child("upgrade", flask("db", "upgrade"), environ), show=False)


def children(config: Config, port: int, environ: Environ) -> Sequence[Child]:
    replay = config.DEMO and config.REPLAY
    return service_children(config.HOST, port, environ, replay=replay)


INCENTIVES = Service(prepare=prepare, children=children)
