"""A PostgreSQL database made what it was when migrated: some ten times quicker than a new copy.

Only rows are put back. Where a test changed the schema itself `restore` says so, and does nothing.
"""

import psycopg
from psycopg import sql

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"

# A column, constraint, trigger or function that came, went or changed leaves another number or a
# younger row; rows of the tables themselves, and vacuuming them, leave none of it.
SHAPE = """
    SELECT count(*), max(xmin::text::bigint) FROM (
        SELECT xmin FROM pg_attribute WHERE attrelid >= 16384
        UNION ALL SELECT xmin FROM pg_constraint WHERE oid >= 16384
        UNION ALL SELECT xmin FROM pg_trigger WHERE oid >= 16384
        UNION ALL SELECT xmin FROM pg_proc WHERE oid >= 16384
    ) AS made
"""

# What a test left open would keep its locks.
CUT_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class AsMigrated:
    """Remembers the rows, sequences and shape of a database that was just copied."""

    def __init__(self, address: str):
        self.address = address
        with psycopg.connect(address) as connection:
            self.shape = connection.execute(SHAPE).fetchone()
            tables = [name for (name,) in connection.execute(TABLES)]
            rows = {name: copied_out(connection, name) for name in tables}
            self.rows = {name: content for name, content in rows.items() if content}
            self.empty = sql.SQL(";").join(
                [*map(emptied, tables), *map(set_back, connection.execute(SEQUENCES).fetchall())]
            )

    def restore(self) -> bool:
        with psycopg.connect(self.address) as connection:
            if connection.execute(SHAPE).fetchone() != self.shape:
                return False
            connection.execute(CUT_OTHERS)
            # No trigger and no foreign key has a say in this.
            connection.execute("SET session_replication_role = replica")
            connection.execute(self.empty)
            for name, content in self.rows.items():
                copy_in(connection, name, content)
        return True


def emptied(table: str) -> sql.Composed:
    return sql.SQL("DELETE FROM {}").format(sql.Identifier(table))


def set_back(sequence: tuple[str, int | None]) -> sql.Composed:
    name, last = sequence
    return sql.SQL("SELECT setval({}, {}, {})").format(name, last or 1, last is not None)


def copied_out(connection, table: str) -> bytes:
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            return b"".join(bytes(part) for part in copy)


def copy_in(connection, table: str, content: bytes) -> None:
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
            copy.write(content)
