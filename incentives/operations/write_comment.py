"""Comments: written, edited and deleted by their author, hidden by a manager with a reason."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.core.boards.privacy import Viewer
from incentives.errors import Forbidden, Invalid, NotFound, Refused
from incentives.live.announce import announce
from incentives.operations.read_feed_item import read_feed_item
from incentives.operations.take_part import problem_of, taking_part, words
from incentives.store.audit import record
from incentives.store.recognition import count_change
from incentives.store.responses import Comment
from incentives.store.transaction import writing

LONGEST, LONGEST_REASON = 1_000, 200


def write_comment(key: str, text: str, viewer: Viewer, *, now: datetime) -> int:
    """Comment on something in the feed; returns the comment's id. Raises NotFound, Invalid, or
    Refused for whoever is hidden."""
    author_id = taking_part(viewer)
    text = _checked(text)
    read_feed_item(key, viewer, now=now)
    with writing() as session:
        comment = Comment(subject=key, author_id=author_id, text=text, written_at=now)
        session.add(comment)
        session.flush()
        record(session, "comment written", key, by=author_id, now=now, after={"text": text})
        count_change(session)
        comment_id = comment.id
    announce()
    return comment_id


def edit_comment(comment_id: int, text: str, *, by: int, now: datetime) -> None:
    """Change one's own comment. Raises NotFound, Forbidden, Invalid, or Refused once it is
    hidden."""
    text = _checked(text)
    with writing() as session:
        comment = _own(session, comment_id, by)
        if comment.hidden_at is not None:
            raise Refused("hidden", "This comment was hidden and stays as it is. Delete it.")
        if comment.text == text:
            return
        before, comment.text, comment.edited_at = comment.text, text, now
        _note(session, comment, "comment edited", by, now, {"text": before}, {"text": text})
    announce()


def delete_comment(comment_id: int, *, by: int, now: datetime) -> None:
    """Delete one's own comment. What it said stays in the audit alone."""
    with writing() as session:
        comment = _own(session, comment_id, by)
        _note(session, comment, "comment deleted", by, now, {"text": comment.text}, None)
        session.delete(comment)
    announce()


def hide_comment(comment_id: int, *, reason: str, by: int, now: datetime) -> None:
    """Take somebody's comment off the feed; its author reads why. Raises NotFound or Invalid."""
    reason = checked_reason(reason)
    with writing() as session:
        comment = _locked(session, comment_id)
        if comment.hidden_at is not None:
            return
        comment.hidden_at, comment.hidden_by, comment.hidden_reason = now, by, reason
        said = {"text": comment.text, "author": comment.author.name}
        _note(session, comment, "comment hidden", by, now, said, {"reason": reason})
    announce()


def checked_reason(reason: str) -> str:
    """Why something is hidden, which its author reads. Raises Invalid."""
    reason = " ".join(reason.split())
    if problem := problem_of(reason, LONGEST_REASON):
        sentence = "Write why. The author reads it." if not reason else problem
        raise Invalid("reason", sentence, fields={"reason": [sentence]})
    return reason


def _checked(text: str) -> str:
    text = words(text)
    if problem := problem_of(text, LONGEST):
        raise Invalid("comment", problem, fields={"text": [problem]})
    return text


def _note(
    session: Session,
    comment: Comment,
    action: str,
    by: int,
    now: datetime,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
) -> None:
    record(session, action, comment.subject, by=by, now=now, before=before, after=after)
    count_change(session)


def _own(session: Session, comment_id: int, by: int) -> Comment:
    comment = _locked(session, comment_id)
    if comment.author_id != by:
        raise Forbidden("not_yours", "Only its author changes or deletes a comment.")
    return comment


def _locked(session: Session, comment_id: int) -> Comment:
    query = select(Comment).where(Comment.id == comment_id)
    locked = query.with_for_update(of=Comment).execution_options(populate_existing=True)
    comment = session.scalars(locked).first()
    if comment is None:
        raise NotFound("This comment was deleted.")
    return comment
