"""Amendments: how the rules of a contest changed while it ran, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "contest_amendment",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["amended_by"], ["person.id"], name=op.f("fk_contest_amendment_amended_by")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_contest_amendment_contest_id")
        ),
        sa.PrimaryKeyConstraint("contest_id", "number", name=op.f("pk_contest_amendment")),
    )


def downgrade():
    op.drop_table("contest_amendment")
