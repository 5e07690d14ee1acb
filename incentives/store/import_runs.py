"""Imports: the uploaded file, how far it is, and the report that stays readable."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime
from incentives.store.people import Person

UPLOADED, CHECKING, CHECKED, APPLYING, DONE, FAILED = (
    "uploaded",
    "checking",
    "checked",
    "applying",
    "done",
    "failed",
)


class ImportRun(Base):
    """`options` holds the format, the mapping of columns, the aliases and how far the work is;
    `report` the summary."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    options: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(12))
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    touched_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    creator: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def format(self) -> str:
        """What the file holds. The first imports did not say it: they were of opportunities."""
        return str(self.options.get("format", "opportunities"))

    @property
    def is_taken_up(self) -> bool:
        """Whether a worker has begun what was last asked for."""
        return bool(self.options.get("taken_up"))


def import_run(run_id: int) -> ImportRun | None:
    return db.session.get(ImportRun, run_id)


def latest_runs(count: int = 20) -> Sequence[ImportRun]:
    return db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(count)).all()


def unfinished_runs(untouched_since: datetime) -> list[int]:
    """Runs that were asked for and that nobody has worked on for a while."""
    query = select(ImportRun.id).where(
        ImportRun.state.in_((CHECKING, APPLYING)), ImportRun.touched_at < untouched_since
    )
    return list(db.session.scalars(query))
