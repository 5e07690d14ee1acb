"""Brings a database to the schema of `incentives.store`. Run by `flask --app wsgi db upgrade`."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from incentives.extensions import db


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on_sqlite(connection: Connection) -> None:
    """Altering a table rebuilds it on SQLite; with foreign keys on that would delete its children."""
    # The pragma has no effect inside a transaction, and ours begin by themselves.
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        run(connection)
        connection.rollback()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        assert not broken, f"the migration left rows without their parent: {broken[:5]}"
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


with db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        run_on_sqlite(connection)
    else:
        run(connection)
