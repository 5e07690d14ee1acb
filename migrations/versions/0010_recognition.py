"""The feed: reactions, comments, kudos, announcements, and quiet hours."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade():
    _create_settings()
    _create_responses()
    _create_kudos()
    _create_announcements()


def _create_settings():
    op.create_table(
        "recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wins", sa.Text(), nullable=False),
        sa.Column("deal_floor", sa.BigInteger(), nullable=False),
        sa.Column("kudos_allowance", sa.Integer(), nullable=False),
        sa.Column("kudos_labels", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_recognition_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
    )
    op.execute(
        "INSERT INTO recognition (id, wins, deal_floor, kudos_allowance, kudos_labels, version) "
        """VALUES (1, '["deal","badge","milestone","lead","contest"]', 0, 5, """
        """'["Teamwork","Helped a customer","Shared know-how"]', 0)"""
    )
    op.create_table(
        "quiet_hours",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        _person("quiet_hours", "person_id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_quiet_hours")),
    )
    op.create_table(
        "feed_mark",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        _person("feed_mark", "person_id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_feed_mark")),
    )


def _create_responses():
    op.create_table(
        "reaction",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reaction", sa.String(length=20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _person("reaction", "person_id"),
        sa.PrimaryKeyConstraint("subject", "person_id", "reaction", name=op.f("pk_reaction")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        *_hidden(),
        _person("comment", "author_id"),
        _person("comment", "hidden_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_subject"), "comment", ["subject"])


def _create_kudos():
    op.create_table(
        "kudos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=True),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        *_hidden(),
        _person("kudos", "giver_id"),
        _person("kudos", "hidden_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kudos")),
    )
    op.create_index(op.f("ix_kudos_giver_id"), "kudos", ["giver_id"])
    op.create_index(op.f("ix_kudos_given_at"), "kudos", ["given_at"])
    op.create_table(
        "kudos_receiver",
        sa.Column("kudos_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kudos_id"], ["kudos.id"], name=op.f("fk_kudos_receiver_kudos_id")
        ),
        _person("kudos_receiver", "person_id"),
        sa.PrimaryKeyConstraint("kudos_id", "person_id", name=op.f("pk_kudos_receiver")),
    )
    op.create_index(op.f("ix_kudos_receiver_person_id"), "kudos_receiver", ["person_id"])


def _create_announcements():
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at <= ends_at",
            name=op.f("ck_announcement_starts_before_it_ends"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_announcement_team_id")),
        _person("announcement", "author_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_table(
        "announcement_seen",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_seen_announcement_id"),
        ),
        _person("announcement_seen", "person_id"),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name=op.f("pk_announcement_seen")),
    )


def _person(table, column):
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"))


def _hidden():
    return (
        sa.Column("hidden_at", INSTANT, nullable=True),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("hidden_reason", sa.String(length=200), nullable=True),
    )


def downgrade():
    raise RuntimeError("There is no way back: restore a copy that was made before the upgrade.")
