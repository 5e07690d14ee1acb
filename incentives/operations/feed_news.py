"""What somebody has not looked at yet, and what they are told of as it comes: thanks to them, and
announcements. In quiet hours nobody is told, and nothing is lost: it is told after them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from incentives.operations.read_feed import teams_of
from incentives.operations.read_quiet_hours import is_quiet_for
from incentives.store import announcements
from incentives.store.announcements import Announcement, AnnouncementSeen
from incentives.store.kudos import Kudos, kudos_received
from incentives.store.recognition import FeedMark, feed_mark, mark_of
from incentives.store.transaction import writing


@dataclass(frozen=True, slots=True)
class News:
    """`unseen` counts thanks and announcements; the others are to be told now."""

    unseen: int
    kudos: Sequence[Kudos] = ()
    announcements: Sequence[Announcement] = ()


def read_news(person_id: int, *, now: datetime) -> News:
    """What there is, without telling it."""
    mark, shown = mark_of(person_id), _shown(person_id, now)
    seen = announcements.seen_by(person_id, [each.id for each in shown])
    kudos = kudos_received(person_id, mark.seen_at if mark else None, now)
    return News(len(kudos) + len({each.id for each in shown} - seen))


def tell_news(person_id: int, *, now: datetime) -> News:
    """What is to pop up now. It is told once, in whichever tab asks first."""
    unseen = read_news(person_id, now=now).unseen
    if not unseen or is_quiet_for(person_id, now=now):
        return News(unseen)
    if _untold(person_id, mark_of(person_id), now) is None:
        return News(unseen)
    with writing() as session:
        mark = feed_mark(session, person_id)
        found = _untold(person_id, mark, now)
        if found is None:
            return News(unseen)
        mark.told_at = now
        return News(unseen, *found)


def mark_feed_seen(person_id: int, announcement_ids: Collection[int], *, now: datetime) -> None:
    """Note that somebody has looked at the feed, with these announcements on it. Written only where
    it was not so before."""
    news = read_news(person_id, now=now)
    if not news.unseen:
        return
    with writing() as session:
        feed_mark(session, person_id).seen_at = now
        new = set(announcement_ids) - announcements.seen_by(person_id, announcement_ids)
        for announcement_id in sorted(new):
            session.add(
                AnnouncementSeen(announcement_id=announcement_id, person_id=person_id, seen_at=now)
            )


def _untold(
    person_id: int, mark: FeedMark | None, now: datetime
) -> tuple[Sequence[Kudos], Sequence[Announcement]] | None:
    """What came since the last telling and was not looked at; None where that is nothing."""
    told = [at for at in (mark.told_at, mark.seen_at) if at] if mark else []
    since = max(told, default=None)
    kudos = kudos_received(person_id, since, now)
    shown = _shown(person_id, now)
    seen = announcements.seen_by(person_id, [each.id for each in shown])
    new = [
        each for each in shown if each.id not in seen and (since is None or each.starts_at > since)
    ]
    return (kudos, new) if kudos or new else None


def _shown(person_id: int, now: datetime) -> Sequence[Announcement]:
    """Asked on every page: nobody's teams are looked up where nothing is announced."""
    if not announcements.ids_shown_at(now):
        return []
    return announcements.shown_at(now, teams_of(person_id, now))
