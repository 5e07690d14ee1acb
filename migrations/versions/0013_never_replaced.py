"""SQLite refuses to replace what is kept, too.

`INSERT OR REPLACE` deletes the row it meets without asking the triggers of deletion. So whoever
inserts a row under a key that is there already is refused before anything is replaced, in the words
of a unique key, which is what it is for everybody else. PostgreSQL knows no such insert.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Of tables that only grow: the keys by which a row could be met. A table with a row id of its own
# is met by that as well, whatever column it hides behind.
KEYS = {
    "posted_line": [
        ("payee_id", "component_id", "activity_id", "origin_period", "aspect", "amends"),
    ],
    "posting": [("payee_id", "number")],
    "line_terms": [("rowid",), ("hash",)],
    "period_lock": [("rowid",), ("period",)],
    "locked_statement": [("rowid",), ("payee_id", "period")],
    "board_revision": [("rowid",), ("board_id", "revision")],
}


def upgrade():
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, keys in KEYS.items():
        is_there = " OR ".join(
            "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in keys
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  ours
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {is_there}) "
            f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}: "
            "what is there is never changed'); END"
        )


def downgrade():
    raise RuntimeError("There is no way back: restore a copy that was made before the upgrade.")
