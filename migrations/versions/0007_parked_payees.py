"""Parked payees: since when, how often they were tried, and whether something has changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("marker", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
        for name in ("changed_since", "holds_up"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
    # Who is parked is tried again at once, and parked again where it is still so.
    op.execute("UPDATE marker SET problem = NULL, tried_at = NULL")


def downgrade():
    with op.batch_alter_table("marker", schema=None) as batch_op:
        for name in ("holds_up", "changed_since", "failing_since", "failures"):
            batch_op.drop_column(name)
