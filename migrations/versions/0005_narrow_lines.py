"""Narrow lines: what many lines have in common is said once, and credits stand by themselves.

The ledger is made anew from the facts: what was posted is dropped, and everybody is marked as
behind, so that it is calculated again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = ("line_terms", "posting", "posted_line")
# The end of time, for deals that have no date yet.
NO_DATE = 2**63 - 1


def upgrade():
    op.drop_table("posted_line")
    _component_currency()
    _ledger()
    for table in APPEND_ONLY:
        _protect(table)
    _prizes()
    _credit()
    _day_result()
    with op.batch_alter_table("marker", schema=None) as batch_op:
        batch_op.add_column(sa.Column("days_said", sa.Text(), nullable=True))
    op.execute(
        "UPDATE marker SET wanted = wanted + 1, "
        "stale_since = coalesce(stale_since, CURRENT_TIMESTAMP)"
    )


def _component_currency():
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.add_column(sa.Column("currency", sa.String(length=3), nullable=True))
    currency = "json_extract(v.document, '$.currency')"
    if op.get_bind().dialect.name == "postgresql":
        currency = "v.document::json ->> 'currency'"
    op.execute(
        f"UPDATE component SET currency = (SELECT max({currency}) FROM plan_version v "  # noqa: S608
        "WHERE v.plan_id = component.plan_id) WHERE yields = 'money' AND plan_id IS NOT NULL"
    )
    op.execute(
        "UPDATE component SET currency = (SELECT max(p.currency) FROM contest_prize p "
        "WHERE p.contest_id = component.contest_id) WHERE contest_id IS NOT NULL"
    )


def _ledger():
    op.create_table(
        "line_terms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.Column("plan_version_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"], ["component.id"], name=op.f("fk_line_terms_component_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name=op.f("fk_line_terms_plan_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_terms")),
        sa.UniqueConstraint("hash", name=op.f("uq_line_terms_hash")),
    )
    op.create_table(
        "posting",
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_sequence", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("checks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("payee_id", "number", name=op.f("pk_posting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "posted_line",
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("origin_period", _code(12), nullable=False),
        sa.Column("aspect", _code(14), nullable=False),
        sa.Column("amends", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("terms_id", sa.BigInteger(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "payee_id",
            "component_id",
            "activity_id",
            "origin_period",
            "aspect",
            "amends",
            name=op.f("pk_posted_line"),
        ),
        sqlite_with_rowid=False,
    )


def _code(length):
    """A text that is compared byte by byte, whatever the language is set to."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _protect(table):
    """Nothing posted is updated or deleted, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'what is posted is never changed'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'what is posted is never changed'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _credit():
    """Credits with all that the sum for a payee reads of their activity, by payee and time."""
    op.drop_index("ix_credit_activity_id", "credit")
    op.rename_table("credit", "credit_before")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("pk_credit", "fk_credit_activity_id", "fk_credit_payee_id"):
            op.drop_constraint(op.f(name), "credit_before")
    op.create_table(
        "credit",
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("occurred_micros", sa.BigInteger(), nullable=False),
        sa.Column("received_micros", sa.BigInteger(), nullable=False),
        sa.Column("source", _code(60), nullable=False),
        sa.Column("external_id", _code(120), nullable=False),
        sa.Column("overlay", sa.Boolean(), nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("reversed_micros", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_credit_activity_id")
        ),
        sa.ForeignKeyConstraint(["payee_id"], ["person.id"], name=op.f("fk_credit_payee_id")),
        sa.PrimaryKeyConstraint(
            "payee_id",
            "occurred_micros",
            "received_micros",
            "source",
            "external_id",
            "overlay",
            name=op.f("pk_credit"),
        ),
        sqlite_with_rowid=False,
    )
    occurred, received, reversed_ = map(
        _micros, ("a.occurred_at", "a.received_at", "a.reversed_at")
    )
    op.execute(
        f"INSERT INTO credit SELECT c.payee_id, coalesce({occurred}, {NO_DATE}), "  # noqa: S608
        f"{received}, a.source, a.external_id, c.overlay, c.activity_id, {reversed_}, a.kind, "
        "a.amount, a.currency, a.quantity, c.percent, a.attributes "
        "FROM credit_before c JOIN activity a ON a.id = c.activity_id ORDER BY 1, 2, 3, 4, 5"
    )
    op.drop_table("credit_before")
    op.create_index("ix_credit_activity_id", "credit", ["activity_id"])


def _micros(column):
    """An instant as whole microseconds since 1970; SQLite keeps it as a text."""
    if op.get_bind().dialect.name == "postgresql":
        return f"CAST(extract(epoch FROM {column}) * 1000000 AS BIGINT)"
    return (
        f"(CAST(strftime('%s', {column}) AS INTEGER) * 1000000"
        f" + CAST(substr({column} || '.000000', 21, 6) AS INTEGER))"
    )


def _day_result():
    """Without a second copy of its key on SQLite: there are three rows a day and payee."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_day_result_measure_day", "day_result")
    op.rename_table("day_result", "day_result_before")
    op.create_table(
        "day_result",
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payee_id"], ["person.id"], name=op.f("fk_day_result_payee_id")),
        sa.PrimaryKeyConstraint("payee_id", "measure", "day", name=op.f("pk_day_result")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO day_result SELECT * FROM day_result_before ORDER BY 1, 2, 3")
    op.drop_table("day_result_before")
    op.create_index("ix_day_result_measure_day", "day_result", ["measure", "day"])


def _prizes():
    """The newest result of each contest is declared again, and posts its prizes anew."""
    op.execute(
        "DELETE FROM contest_result WHERE version = (SELECT max(version) FROM contest_result r "
        "WHERE r.contest_id = contest_result.contest_id)"
    )


def downgrade():
    raise RuntimeError("There is no way back: restore a copy that was made before the upgrade.")
