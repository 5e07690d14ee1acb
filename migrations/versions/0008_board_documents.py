"""Boards are documents, of which every older one is kept."""

import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("salt", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    _write_documents()
    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.alter_column("document", existing_type=sa.Text(), nullable=False)
        batch_op.alter_column("salt", existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column("revision", existing_type=sa.Integer(), server_default=None)
        batch_op.drop_column("kpi")
        batch_op.drop_column("period_kind")
    op.create_table(
        "board_revision",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"], ["board.id"], name=op.f("fk_board_revision_board_id")
        ),
        sa.PrimaryKeyConstraint("board_id", "revision", name=op.f("pk_board_revision")),
    )
    _protect("board_revision")


def _write_documents():
    """What each board says today, as a document. Its salt hides people behind their pseudonyms."""
    board = sa.table(
        "board",
        *(sa.column(name) for name in ("id", "name", "kpi", "period_kind", "document", "salt")),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(board)).all():
        document = {
            "schema": 1,
            "name": row.name,
            "scores": [{"kpi": row.kpi}],
            "span": {"period": row.period_kind},
        }
        said = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        change = board.update().where(board.c.id == row.id)
        connection.execute(change.values(document=said, salt=secrets.token_hex(16)))


def _protect(table):
    """What a board said is never changed."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'what is kept is never changed'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade():
    raise RuntimeError("There is no way back: restore a copy that was made before the upgrade.")
