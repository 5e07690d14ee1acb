"""Announcements: made, changed and ended by managers, to the company or to a team they manage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.errors import Forbidden, Invalid, NotFound
from incentives.live.announce import announce
from incentives.operations.take_part import problem_of, words
from incentives.store import teams
from incentives.store.announcements import Announcement
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.recognition import count_change
from incentives.store.teams import Team
from incentives.store.transaction import writing

LONGEST_TITLE, LONGEST_TEXT = 120, 2_000
_NOT_SAVED = "The announcement was not saved."


@dataclass(frozen=True, slots=True)
class Notice:
    """What an announcement says: from `starts_at`, at once without one, until `ends_at`, for good
    without one; to a `team`, its code, or to everybody."""

    title: str
    text: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    team: str | None = None
    is_pinned: bool = False


def make_announcement(
    notice: Notice,
    *,
    by: int | None,
    anywhere: bool,
    now: datetime,
    via: str | None = None,
) -> int:
    """Returns the id. `anywhere` lets it go to any team, not only to those `by` manages.

    Raises Invalid naming each field, or Forbidden for another's team.
    """
    with writing() as session:
        team = _checked(session, notice, by, anywhere, now)
        made = Announcement(author_id=by, created_at=now)
        _write(made, notice, team, now)
        session.add(made)
        session.flush()
        record(session, "announced", made.title, by=by, now=now, after=_said(made), via=via)
        count_change(session)
        announcement_id = made.id
    announce()
    return announcement_id


def change_announcement(
    announcement_id: int,
    notice: Notice,
    *,
    by: int | None,
    anywhere: bool,
    now: datetime,
    via: str | None = None,
) -> None:
    """Put other words in its place. Raises NotFound, Invalid or Forbidden."""
    with writing() as session:
        found = _locked(session, announcement_id, by, anywhere, now)
        team = _checked(session, notice, by, anywhere, now)
        before = _said(found)
        _write(found, notice, team, found.starts_at)
        after = _said(found)
        if before == after:
            return
        title = found.title
        record(
            session,
            "announcement changed",
            title,
            by=by,
            now=now,
            before=before,
            after=after,
            via=via,
        )
        count_change(session)
    announce()


def end_announcement(
    announcement_id: int, *, by: int | None, anywhere: bool, now: datetime, via: str | None = None
) -> None:
    """Show it no more from now on. What it said is kept. Raises NotFound or Forbidden."""
    with writing() as session:
        found = _locked(session, announcement_id, by, anywhere, now)
        if found.ends_at is not None and found.ends_at <= now:
            return
        found.starts_at, found.ends_at = min(found.starts_at, now), now
        record(session, "announcement ended", found.title, by=by, now=now, via=via)
        count_change(session)
    announce()


def teams_to_tell(by: int | None, *, anywhere: bool, now: datetime) -> list[Team]:
    """The teams that somebody may announce to."""
    day = the_company().calendar.day_of(now)
    managed = teams.teams_managed_by(by, day) if by is not None and not anywhere else set()
    return [
        team
        for team in teams.all_teams()
        if team.retired_on is None and (anywhere or team.id in managed)
    ]


def _checked(
    session: Session, notice: Notice, by: int | None, anywhere: bool, now: datetime
) -> Team | None:
    """The team it is for. Raises Invalid or Forbidden."""
    problems: dict[str, list[str]] = {}
    for name, text, longest in (
        ("title", " ".join(notice.title.split()), LONGEST_TITLE),
        ("text", words(notice.text), LONGEST_TEXT),
    ):
        if problem := problem_of(text, longest):
            problems[name] = [problem]
    if notice.ends_at is not None and notice.ends_at <= (notice.starts_at or now):
        problems["ends_at"] = ["Write a moment after it starts, or leave it empty."]
    team = _team(notice.team, problems)
    if problems:
        raise Invalid("announcement", _NOT_SAVED, fields=problems)
    _refuse_anothers(team, by, anywhere, now)
    return team


def _team(code: str | None, problems: dict[str, list[str]]) -> Team | None:
    found = teams.team_by_code(code) if code else None
    if code and found is None:
        problems["team"] = ["There is no such team. Choose one, or everybody."]
    return found


def _refuse_anothers(team: Team | None, by: int | None, anywhere: bool, now: datetime) -> None:
    allowed = {each.id for each in teams_to_tell(by, anywhere=anywhere, now=now)}
    if team is not None and team.id not in allowed:
        raise Forbidden(
            "not_your_team", "You can announce to everybody and to the teams you manage."
        )


def _write(found: Announcement, notice: Notice, team: Team | None, starts_at: datetime) -> None:
    found.title, found.text = " ".join(notice.title.split()), words(notice.text)
    found.starts_at, found.ends_at = notice.starts_at or starts_at, notice.ends_at
    found.team_id, found.is_pinned = team.id if team else None, notice.is_pinned


def _said(found: Announcement) -> Mapping[str, object]:
    return {
        "title": found.title,
        "text": found.text,
        "from": found.starts_at.isoformat(),
        "until": found.ends_at.isoformat() if found.ends_at else None,
        "team": found.team_id,
        "pinned": found.is_pinned,
    }


def _locked(
    session: Session, announcement_id: int, by: int | None, anywhere: bool, now: datetime
) -> Announcement:
    """Kept from every other change; one's own, or of a team one may announce to."""
    query = select(Announcement).where(Announcement.id == announcement_id)
    locked = query.with_for_update(of=Announcement).execution_options(populate_existing=True)
    found = session.scalars(locked).unique().first()
    if found is None:
        raise NotFound("There is no such announcement.")
    if not anywhere and found.author_id != by:
        if found.team is None:
            raise Forbidden("not_yours", "Only its author or an administrator changes this.")
        _refuse_anothers(found.team, by, anywhere, now)
    return found
