"""What stands in the feed, as one viewer sees it: a win or thanks, with what people answered."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from incentives.core.boards.parts import PROGRAM, WALL
from incentives.core.recognition import KUDOS, REACTIONS
from incentives.operations.feed_curtain import Curtain
from incentives.operations.wins import Named, Win
from incentives.store.kudos import Kudos, kudos_between
from incentives.store.responses import Comment, Reaction, comments_on, reactions_to

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Answered:
    """How many gave one reaction, and whether the viewer did."""

    reaction: str
    label: str
    count: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class CommentSeen:
    """`hidden_reason` is told to the author and to nobody else."""

    id: int
    author: Named
    text: str
    written_at: datetime
    is_edited: bool
    is_mine: bool
    hidden_reason: str | None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A win, or thanks: then `giver` thanks `people` with `text`. Nothing here is pay."""

    win: Win
    giver: Named | None = None
    text: str = ""
    reactions: Sequence[Answered] = ()
    comments: Sequence[CommentSeen] = ()

    @property
    def key(self) -> str:
        return self.win.key

    @property
    def kind(self) -> str:
        return self.win.kind

    @property
    def at(self) -> datetime:
        return self.win.at

    @property
    def people(self) -> Sequence[Named]:
        return self.win.people


def thanks(
    start: datetime, end: datetime, limit: int, curtain: Curtain, among: Collection[int] | None
) -> Iterator[FeedItem]:
    """Those who take part see it in any case; others only where somebody may be named."""
    me = curtain.viewer.person_id
    for each in kudos_between(start, end + MOMENT, among=among, limit=limit):
        people = [Named(person.id, person.name) for person in each.receivers]
        takes_part = me == each.giver_id or any(person.id == me for person in people)
        seen = [person for person in people if takes_part or curtain.shows(person.id)]
        if seen and (takes_part or curtain.shows(each.giver_id)):
            yield _thank(each, seen)


def _thank(each: Kudos, people: Sequence[Named]) -> FeedItem:
    win = Win(f"{KUDOS}-{each.id}", KUDOS, each.given_at, people, each.label or "")
    return FeedItem(win, giver=Named(each.giver_id, each.giver.name), text=each.message)


def answered(items: Sequence[FeedItem], curtain: Curtain) -> list[FeedItem]:
    """With what people answered; a screen and a program are told none of it."""
    if curtain.viewer.role in (WALL, PROGRAM):
        return list(items)
    keys = [item.key for item in items]
    reactions, comments = reactions_to(keys), comments_on(keys)
    return [
        replace(
            item,
            reactions=_counted(reactions.get(item.key, ()), curtain),
            comments=_seen(comments.get(item.key, ()), curtain),
        )
        for item in items
    ]


def _counted(given: Sequence[Reaction], curtain: Curtain) -> list[Answered]:
    shown = [each for each in given if curtain.shows(each.person_id)]
    me = curtain.viewer.person_id
    return [
        Answered(
            slug,
            label,
            sum(1 for each in shown if each.reaction == slug),
            any(each.person_id == me for each in shown if each.reaction == slug),
        )
        for slug, label in REACTIONS.items()
    ]


def _seen(written: Sequence[Comment], curtain: Curtain) -> list[CommentSeen]:
    """Without those that were hidden, but for their author, who is told why."""
    me = curtain.viewer.person_id
    return [
        CommentSeen(
            each.id,
            Named(each.author_id, each.author.name),
            each.text,
            each.written_at,
            each.edited_at is not None,
            each.author_id == me,
            each.hidden_reason,
        )
        for each in written
        if curtain.shows(each.author_id) and (each.hidden_at is None or each.author_id == me)
    ]
