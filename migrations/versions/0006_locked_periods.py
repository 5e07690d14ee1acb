"""Locked pay periods, the statements frozen with them, and adjustments.

What is locked stays as it was paid: the database itself refuses to change a lock or a frozen
statement, and to post into a locked period.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FOR_GOOD = ("period_lock", "locked_statement")
REFUSAL = "a locked period is closed to everyone"


def upgrade():
    op.create_table(
        "period_lock",
        sa.Column("period", sa.String(length=12), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["locked_by"], ["person.id"], name=op.f("fk_period_lock_locked_by")
        ),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_period_lock")),
    )
    op.create_table(
        "locked_statement",
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=12), nullable=False),
        sa.Column("payout", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["payee_id"], ["person.id"], name=op.f("fk_locked_statement_payee_id")
        ),
        sa.ForeignKeyConstraint(
            ["period"], ["period_lock.period"], name=op.f("fk_locked_statement_period")
        ),
        sa.PrimaryKeyConstraint("payee_id", "period", name=op.f("pk_locked_statement")),
    )
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.add_column(sa.Column("adjusts_plan_id", sa.Integer(), nullable=True))
    op.create_index(
        op.f("ix_component_adjusts_plan_id"), "component", ["adjusts_plan_id"], unique=True
    )
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite()
    else:
        _refuse_on_postgresql()


def _refuse_on_sqlite():
    for table in FOR_GOOD:
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    op.execute(
        "CREATE TRIGGER posted_line_not_locked BEFORE INSERT ON posted_line "  # noqa: S608  ours
        "WHEN EXISTS (SELECT 1 FROM period_lock WHERE period = NEW.period) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _refuse_on_postgresql():
    op.execute(
        "CREATE FUNCTION refuse_what_is_locked() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in FOR_GOOD:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_what_is_locked()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_is_locked()"
        )
    # Once a statement, not once a row: lines come by the million.
    op.execute(
        "CREATE FUNCTION refuse_lines_of_locked_periods() "  # noqa: S608  ours alone
        "RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF EXISTS (SELECT 1 FROM added JOIN period_lock USING (period)) "
        f"THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER posted_line_not_locked AFTER INSERT ON posted_line "
        "REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_lines_of_locked_periods()"
    )
