"""What people answer to what stands in the feed: reactions and comments.

`subject` is the key of what is answered to. Where that goes, because a deal was reversed, its
answers are no longer shown and come back with it.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime
from incentives.store.people import Person


class Reaction(Base):
    """Each person has each reaction once for a thing."""

    __tablename__ = "reaction"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    reaction: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Comment(Base):
    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(1000))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_reason: Mapped[str | None] = mapped_column(String(200))

    author: Mapped[Person] = relationship(foreign_keys=author_id, lazy="joined")


def reactions_to(subjects: Collection[str]) -> dict[str, list[Reaction]]:
    query = select(Reaction).where(Reaction.subject.in_(subjects))
    found: dict[str, list[Reaction]] = defaultdict(list)
    for reaction in db.session.scalars(query):
        found[reaction.subject].append(reaction)
    return found


def comments_on(subjects: Collection[str]) -> dict[str, list[Comment]]:
    """Oldest first, the hidden ones among them."""
    query = select(Comment).where(Comment.subject.in_(subjects)).order_by(Comment.id)
    found: dict[str, list[Comment]] = defaultdict(list)
    for comment in db.session.scalars(query):
        found[comment.subject].append(comment)
    return found


def comment(comment_id: int) -> Comment | None:
    return db.session.get(Comment, comment_id)
