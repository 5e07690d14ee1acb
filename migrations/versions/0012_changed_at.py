"""When the source changed an activity last: an older version that comes later changes nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("activity", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    raise RuntimeError("There is no way back: restore a copy that was made before the upgrade.")
