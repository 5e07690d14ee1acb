"""A transaction that may be a rehearsal: everything is done, and then undone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from incentives.store.transaction import writing


@contextmanager
def writing_unless(dry_run: bool) -> Iterator[Session]:
    """Writes as `writing` does. In a dry run nothing lasts, so its answers are those of the real
    run and the database is as it was."""
    with writing() as session:
        yield session
        if dry_run:
            session.rollback()
