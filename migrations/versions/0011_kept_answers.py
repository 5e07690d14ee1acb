"""Answers that are kept for a day, for whoever sends the same once more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "kept_answer",
        _code("sender", 40),
        _code("key", 200),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", "key", name=op.f("pk_kept_answer")),
    )
    op.create_index(op.f("ix_kept_answer_answered_at"), "kept_answer", ["answered_at"])


def _code(name, length):
    text = sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
    return sa.Column(name, text, nullable=False)


def downgrade():
    raise RuntimeError("There is no way back: restore a copy that was made before the upgrade.")
