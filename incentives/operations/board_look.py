"""One look at a board: which days, what may be known of them, ranked, and as the viewer sees it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from incentives.core.activity_checks import EARLIEST
from incentives.core.boards.definition import TEAMS, Definition
from incentives.core.boards.parts import Form
from incentives.core.boards.privacy import Seen, Viewer, seen, shows_names
from incentives.core.boards.spans import rolling
from incentives.core.calendar import PERIOD_KINDS, Calendar, Period
from incentives.errors import Invalid, NotFound, Refused
from incentives.operations.board_ranking import Asked, contest_days
from incentives.operations.board_snapshots import Stamp, snapshot, stamp
from incentives.operations.board_sums import Cut
from incentives.operations.ranked_board import Snapshot, rank_board
from incentives.store import contests, teams
from incentives.store.boards import Board, board_by_slug, definition_at
from incentives.store.companies import Company, the_company
from incentives.store.contests import Contest
from incentives.store.teams import Team

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Look:
    """`seen` is the only way to its rows. `frozen_at` is set where it is frozen for the viewer,
    `at` where it is read as it stood then."""

    board: Board
    definition: Definition
    viewer: Viewer
    asked: Asked
    snapshot: Snapshot
    seen: Seen
    made_of: Stamp
    frozen_at: datetime | None
    at: datetime | None


def look(
    slug: str,
    *,
    viewer: Viewer,
    now: datetime,
    period: str | None = None,
    team: str | None = None,
    at: datetime | None = None,
) -> Look:
    """A board as it is, or as it stood just before `at`: by what had happened and was known then.

    Raises NotFound, Invalid or Refused in the user's words.
    """
    # Before the board is read: what is changed in between is then looked at once more.
    made_of = stamp()
    board = board_by_slug(slug)
    if board is None:
        raise NotFound("There is no such board.")
    definition = board.definition if at is None else _as_it_stood(board, _past(at, now))
    return _look(board, definition, viewer, now, period, team, at, made_of, is_kept=True)


def look_at_draft(
    board: Board, definition: Definition, *, viewer: Viewer, now: datetime, period: str | None
) -> Look:
    """A board that is not stored."""
    return _look(board, definition, viewer, now, period, None, None, stamp(), is_kept=False)


def _look(
    board: Board,
    definition: Definition,
    viewer: Viewer,
    now: datetime,
    period: str | None,
    team: str | None,
    at: datetime | None,
    made_of: Stamp,
    *,
    is_kept: bool,
) -> Look:
    form = definition.form_for(viewer.role)
    if team:
        _refuse_to_narrow(form)
    company = the_company()
    moment = at or now
    frozen_at = definition.frozen_for(viewer.role)
    if frozen_at is not None and frozen_at > moment:
        frozen_at = None
    # A frozen board goes on standing in the period in which it was frozen.
    moment = moment if frozen_at is None else frozen_at - _MOMENT
    today = company.calendar.day_of(moment)
    contest = _the_contest(definition)
    asked = Asked(
        definition=definition,
        span=_the_span(definition, contest, period, company, today),
        team=_the_team(team) if team else None,
        contest=contest,
        now=moment,
        today=today,
        cut=Cut(occurred_before=frozen_at, known_before=at),
        company=company,
    )
    found = snapshot(asked, board.id, made_of) if is_kept else rank_board(asked)
    own = _entrant_id(definition, found, viewer)
    return Look(
        board=board,
        definition=definition,
        viewer=viewer,
        asked=asked,
        snapshot=found,
        seen=seen(found.rows, found.place_of, form, own, board.salt),
        made_of=made_of,
        frozen_at=frozen_at,
        at=at,
    )


def _as_it_stood(board: Board, at: datetime) -> Definition:
    """What the board said then, seen as today: whom it hides by now, the past does not tell."""
    then, now = definition_at(board, at), board.definition
    hidden = then.hidden | now.hidden
    return replace(then, privacy=now.privacy, freeze=now.freeze, hidden=hidden)


def _past(at: datetime, now: datetime) -> datetime:
    problem = ""
    if at > now:
        problem = "This is still to come. Write a moment that has passed."
    elif at < EARLIEST:
        problem = "Nothing is known of that time. Write a moment after 1970."
    if problem:
        raise Invalid("at", problem, fields={"at": [problem]})
    return at


def _refuse_to_narrow(form: Form) -> None:
    """A team of two would tell who is who."""
    if not shows_names(form):
        raise Refused(
            "not_by_team",
            "This board does not show everybody by name, so it cannot be narrowed to a team.",
        )


def _the_contest(definition: Definition) -> Contest | None:
    if definition.contest is None:
        return None
    found = contests.contest_by_slug(definition.contest)
    if found is None:
        raise NotFound("The contest of this board is not there any more.")
    return found


def _the_span(
    definition: Definition,
    contest: Contest | None,
    period: str | None,
    company: Company,
    today: date,
) -> Period:
    if contest is not None:
        return contest_days(contest, company.calendar)
    if period is None and definition.span.rolling is not None:
        return rolling(definition.span.rolling, today)
    return the_period(period or definition.span.period or "quarter", company.calendar, today)


def the_period(name: str, calendar: Calendar, today: date) -> Period:
    """The period a kind or a key means on a day. Raises NotFound for a name that means none."""
    if name in PERIOD_KINDS:
        return calendar.period_of(today, name)
    found = calendar.period_named(name)
    if found is None:
        raise NotFound(f"{name} is no period. Write quarter, month, week, day, year or 2026-Q4.")
    return found


def _the_team(code: str) -> Team:
    found = teams.team_by_code(code)
    if found is None:
        raise NotFound(f"There is no team called {code}.")
    return found


def _entrant_id(definition: Definition, found: Snapshot, viewer: Viewer) -> int | None:
    """Whose row is the viewer's: the own one, or that of the team they were in last."""
    if viewer.person_id is None or definition.entrants != TEAMS:
        return viewer.person_id
    spells = found.field.spells.get(viewer.person_id, ())
    last = max(spells, key=lambda spell: spell.first_day, default=None)
    return last.entrant_id if last else None
