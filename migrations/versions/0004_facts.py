"""Facts: overlay credit, when a reversal came in, exchange rates, and the quotas of teams."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE activity SET reversed_at = coalesce(revised_at, received_at) WHERE reversed")

    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("overlay", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # A second step: SQLite rebuilds the table, and fills the column while it does.
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.alter_column("overlay", server_default=None)
        batch_op.drop_constraint(op.f("pk_credit"), type_="primary")
        batch_op.create_primary_key(op.f("pk_credit"), ["payee_id", "activity_id", "overlay"])

    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("to_currency", sa.String(length=3), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(length=60), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_exchange_rate_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rate_positive")),
    )
    op.create_table(
        "team_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_quota_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_quota")),
        sa.UniqueConstraint(
            "team_id", "measure", "period", name=op.f("uq_team_quota_team_id_measure_period")
        ),
    )


def downgrade():
    op.drop_table("team_quota")
    op.drop_table("exchange_rate")
    op.execute("DELETE FROM credit WHERE overlay")
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("pk_credit"), type_="primary")
        batch_op.drop_column("overlay")
        batch_op.create_primary_key(op.f("pk_credit"), ["payee_id", "activity_id"])
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_column("reversed_at")
