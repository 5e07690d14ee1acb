"""Read one thing of the feed, whenever it was: found anew, so that it is there only as long as what
it tells of is."""

from collections.abc import Sequence
from datetime import datetime

from incentives.core.boards.privacy import Viewer
from incentives.core.recognition import CONTEST, KUDOS
from incentives.errors import NotFound
from incentives.operations.feed_curtain import curtain_for
from incentives.operations.feed_items import MOMENT, FeedItem, answered, thanks
from incentives.operations.read_feed import FINDS, MOST, end_of_wins
from incentives.operations.wins import Asked
from incentives.store.activities import activities_by_id
from incentives.store.contests import contest
from incentives.store.kudos import kudos
from incentives.store.recognition import the_recognition
from incentives.unreadable import LARGEST_ID


def read_feed_item(key: str, viewer: Viewer, *, now: datetime) -> FeedItem:
    """One thing of the feed, whenever it was. Raises NotFound where it is gone, or was never to be
    seen by this viewer."""
    curtain = curtain_for(viewer, now=now)
    kind, ids = _parts_of(key)
    at = _moment_of(kind, ids, now)
    found: list[FeedItem] = []
    if at is not None and kind == KUDOS:
        found = list(thanks(at, at + MOMENT, MOST, curtain, None))
    elif at is not None and kind in the_recognition().wins:
        end = min(at + MOMENT, end_of_wins(curtain, now))
        found = [FeedItem(win) for win in FINDS[kind](Asked(at, end, MOST, curtain))]
    item = next((item for item in found if item.key == key), None)
    if item is None:
        raise NotFound("This is not in the feed any more.")
    return answered([item], curtain)[0]


def _parts_of(key: str) -> tuple[str, list[int]]:
    """deal-12 is the deal 12; raises NotFound for what is no key."""
    kind, *ids = key.split("-")
    if not ids or not all(each.isascii() and each.isdigit() and len(each) < 19 for each in ids):
        raise NotFound("This is not in the feed.")
    found = [int(each) for each in ids]
    if max(found) > LARGEST_ID:
        raise NotFound("This is not in the feed.")
    return kind, found


def _moment_of(kind: str, ids: Sequence[int], now: datetime) -> datetime | None:
    """When the thing of a key happened: the last of its ids says it."""
    if kind == KUDOS:
        given = kudos(ids[-1])
        return given.given_at if given else None
    if kind == CONTEST:
        held = contest(ids[-1])
        return held.results[-1].declared_at if held and held.results else None
    deed = activities_by_id(ids[-1:]).get(ids[-1]) if kind in FINDS else None
    return deed.occurred_at if deed else None
