"""What is run: the parts of a start that tests replace by small stand-ins."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from config import Config
from incentives.supervisor.children import flask, service_children
from incentives.supervisor.database import Database
from incentives.supervisor.messages import say
from incentives.supervisor.processes import Child, Processes

Environ = Mapping[str, str]


@dataclass(frozen=True)
class Service:
    # Everything that must be done before the first child may run.
    prepare: Callable[[Config, Processes, Environ], None]
    # The first child is the web process; the others start when it answers.
    children: Callable[[Config, int, Environ], Sequence[Child]]
    # What the person who started it should read.
    notice: Callable[[Config, Processes, Environ], str]


def prepare(config: Config, processes: Processes, environ: Environ) -> None:
    with closing(Database(config.SQLALCHEMY_DATABASE_URI)) as database:
        if database.has_pending_migrations():
            upgrade(database, config, processes, environ)
        if config.DEMO and database.is_empty():
            say("Building the demo company, only this once ...")
            processes.complete(Child("demo", flask("demo", "build"), environ))


def upgrade(database: Database, config: Config, processes: Processes, environ: Environ) -> None:
    copy = database.copy_before_migration(config.DATA_DIR / "backups")
    if copy:
        say(f"The database will be upgraded; a copy of it as it was is in {copy}.")
    processes.complete(Child("upgrade", flask("db", "upgrade"), environ), show=False)


def children(config: Config, port: int, environ: Environ) -> Sequence[Child]:
    replay = config.DEMO and config.REPLAY
    live = config.LIVE_PORT is not None
    return service_children(config.HOST, port, environ, live=live, replay=replay)


def notice(config: Config, processes: Processes, environ: Environ) -> str:
    if config.DEMO:
        return processes.complete(Child("demo", flask("demo", "accounts"), environ), show=False)
    with closing(Database(config.SQLALCHEMY_DATABASE_URI)) as database:
        if not database.is_empty():
            return ""
    return processes.complete(Child("set-up", flask("set-up-link"), environ), show=False)


INCENTIVES = Service(prepare=prepare, children=children, notice=notice)
