"""Read the feed: wins, thanks and announcements as one viewer may see them, newest first."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incentives.core.boards.parts import WALL
from incentives.core.boards.privacy import Viewer
from incentives.core.recognition import BADGE, CONTEST, DEAL, LEAD, MILESTONE
from incentives.errors import NotFound
from incentives.operations.feed_curtain import Curtain, curtain_for
from incentives.operations.feed_items import FeedItem, answered, thanks
from incentives.operations.wins import Asked, Win, awards, contests, deals, leads
from incentives.store import announcements, markers, teams
from incentives.store.announcements import Announcement
from incentives.store.companies import the_company
from incentives.store.recognition import recognition_version, the_recognition

# As far as the feed goes back.
LOOK_BACK = timedelta(days=90)
MOST = 300

# How the wins of a kind are found.
FINDS: dict[str, Callable[[Asked], list[Win]]] = {
    DEAL: deals.find,
    BADGE: awards.find_badges,
    MILESTONE: awards.find_milestones,
    LEAD: leads.find,
    CONTEST: contests.find,
}


@dataclass(frozen=True, slots=True)
class Feed:
    """`hides_names` says that a board hides names from this viewer, so that of wins only the own
    are told; `frozen_at` that nothing of then or later is."""

    items: Sequence[FeedItem]
    has_more: bool
    announcements: Sequence[Announcement] = ()
    hides_names: bool = False
    frozen_at: datetime | None = None


def read_feed(
    viewer: Viewer, *, now: datetime, team: str | None = None, mine: bool = False, limit: int = 30
) -> Feed:
    """What happened in the last 90 days, the newest `limit`.

    With `team`, its code, only of those who are in it today; with `mine`, only one's own. A screen
    is shown no thanks, and announcements to everybody only. Raises NotFound for an unknown team.
    """
    curtain, limit = curtain_for(viewer, now=now), min(limit, MOST)
    among = _among(viewer, team, mine, now)
    start = now - LOOK_BACK
    asked = Asked(start, end_of_wins(curtain, now), limit + 1, curtain, among)
    found = [FeedItem(win) for kind in the_recognition().wins for win in FINDS[kind](asked)]
    if viewer.role != WALL:
        found += thanks(start, now, limit + 1, curtain, among)
    found.sort(key=lambda item: (item.at, item.key), reverse=True)
    return Feed(
        items=answered(found[:limit], curtain),
        has_more=len(found) > limit and limit < MOST,
        announcements=announcements.shown_at(now, teams_of(viewer.person_id, now)),
        hides_names=not curtain.names_everybody,
        frozen_at=curtain.frozen_at,
    )


def feed_version(*, now: datetime) -> str:
    """Changes with everything that a feed shows."""
    shown = "-".join(str(each) for each in announcements.ids_shown_at(now))
    today = the_company().calendar.day_of(now)
    return f"{live_version()}.{today:%Y%m%d}.{shown}"


def live_version() -> int:
    """Grows with each change of results, and of what people write or press."""
    return markers.board_version() + recognition_version()


def teams_of(person_id: int | None, now: datetime) -> set[int]:
    """The teams somebody is in or manages now, and those around them and, of a manager, inside
    them."""
    if person_id is None:
        return set()
    day = the_company().calendar.day_of(now)
    own = {each.team_id for each in teams.memberships_of(person_id) if each.covers(day)}
    return teams.with_teams_around(own) | teams.teams_managed_by(person_id, day)


def _among(viewer: Viewer, team: str | None, mine: bool, now: datetime) -> Collection[int] | None:
    if mine:
        return [viewer.person_id] if viewer.person_id is not None else []
    if team is None:
        return None
    found = teams.team_by_code(team)
    if found is None:
        raise NotFound(f"There is no team called {team}.")
    day = the_company().calendar.day_of(now)
    return [each.id for each in teams.team_members(teams.with_teams_inside([found.id]), day)]


def end_of_wins(curtain: Curtain, now: datetime) -> datetime:
    """A freeze holds wherever one looks (semantics 33)."""
    return now if curtain.frozen_at is None else min(now, curtain.frozen_at)
