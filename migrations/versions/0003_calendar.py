"""The calendar: how fiscal years are named, weeks counted as months, holidays and leave."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "year_named_after", sa.String(length=5), nullable=False, server_default="start"
            )
        )
        batch_op.add_column(sa.Column("weeks_pattern", sa.String(length=5), nullable=True))
        batch_op.add_column(
            sa.Column("year_ends_on", sa.Integer(), nullable=False, server_default="5")
        )
        batch_op.add_column(
            sa.Column(
                "year_end_rule", sa.String(length=7), nullable=False, server_default="nearest"
            )
        )
    # A second step: SQLite rebuilds the table, and fills the columns while it does.
    with op.batch_alter_table("company", schema=None) as batch_op:
        for name in ("year_named_after", "year_ends_on", "year_end_rule"):
            batch_op.alter_column(name, server_default=None)

    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["payee_id"], ["person.id"], name=op.f("fk_leave_payee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
        sa.CheckConstraint(
            "end_day IS NULL OR end_day > first_day", name=op.f("ck_leave_ends_after_it_begins")
        ),
    )
    op.create_index(op.f("ix_leave_payee_id"), "leave", ["payee_id"])


def downgrade():
    op.drop_table("leave")
    op.drop_table("holiday")
    with op.batch_alter_table("company", schema=None) as batch_op:
        for name in ("year_named_after", "weeks_pattern", "year_ends_on", "year_end_rule"):
            batch_op.drop_column(name)
