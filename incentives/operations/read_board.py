"""Read a board as one viewer sees it: places, gaps, movement, splits and attainment.

Nothing here is shown that did not go through `core/boards/privacy.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from incentives.core.boards.benchmarks import Benchmark
from incentives.core.boards.definition import Definition
from incentives.core.boards.parts import NAMED
from incentives.core.boards.privacy import Seen, SeenRow, Viewer
from incentives.core.boards.spans import DAY, SINCE
from incentives.core.calendar import Period
from incentives.core.measures import Kpi
from incentives.errors import Invalid, NotFound
from incentives.operations.board_look import Look, look
from incentives.operations.board_rows import BoardRow, Rows
from incentives.store.boards import Board
from incentives.store.companies import Company
from incentives.store.teams import Team

# A quarter shows its months and weeks, a month its weeks, a week its days.
_SPLITS = {"year": "quarter", "quarter": "month"}
_BARS = {"year": "month", "quarter": "week", "month": "week", "week": "day"}


@dataclass(frozen=True)
class BoardReading:
    """What a viewer sees: `shown` is the slice from `first` on of the `total` rows that may be seen
    and were asked for; `entrants` is how many stand on the board. `lead` is what the first place
    is ahead by."""

    look: Look
    shown: Sequence[SeenRow]
    first: int
    total: int
    split_periods: list[Period]
    bar_periods: list[Period]
    since: str
    with_quotas: bool

    @cached_property
    def rows(self) -> list[BoardRow]:
        """What stands beside a score is not looked up for who only asks where they stand."""
        return self._make.several(self.shown)

    @cached_property
    def own(self) -> BoardRow | None:
        """The viewer's row, also where it is not in the slice."""
        found = self.look.seen.own_row
        return self.made(found) if found else None

    @cached_property
    def best_splits(self) -> list[Decimal | None]:
        """The best of the whole board in each split."""
        parts = self.split_periods
        return self.look.snapshot.best_of(parts, self.look.asked) if parts else []

    @property
    def board(self) -> Board:
        return self.look.board

    @property
    def definition(self) -> Definition:
        return self.look.definition

    @property
    def kpi(self) -> Kpi:
        return self.look.asked.kpi

    @property
    def period(self) -> Period:
        return self.look.asked.span

    @property
    def team(self) -> Team | None:
        return self.look.asked.team

    @property
    def company(self) -> Company:
        return self.look.asked.company

    @property
    def today(self) -> date:
        return self.look.asked.today

    @property
    def version(self) -> int:
        return self.look.made_of.version

    @property
    def stamp(self) -> str:
        """Changes with all that this viewer could be shown."""
        return self.look.made_of.on(self.today)

    @property
    def is_current(self) -> bool:
        return self.today in self.period

    @property
    def is_empty(self) -> bool:
        return self.look.snapshot.is_empty

    @property
    def entrants(self) -> int:
        return len(self.look.snapshot.rows)

    @property
    def groups(self) -> tuple[str, ...]:
        return self.look.snapshot.groups

    @property
    def lead(self) -> Decimal | None:
        return self.look.snapshot.lead

    @property
    def benchmarks(self) -> list[Benchmark]:
        """What the best half, quarter and tenth have at least."""
        return self.look.snapshot.benchmarks if self.definition.benchmarks else []

    @property
    def form(self) -> str:
        return self.look.seen.form.form

    @property
    def is_personal(self) -> bool:
        """Whether two viewers of one role see other rows, so that no fragment can be shared."""
        return self.look.seen.is_personal

    @property
    def own_alias(self) -> int | None:
        """The id under which the viewer's row stands in a fragment that is shared."""
        return self.look.seen.own_alias

    @property
    def at(self) -> datetime | None:
        return self.look.at

    @property
    def frozen_at(self) -> datetime | None:
        return self.look.frozen_at

    @property
    def may_show_news(self) -> bool:
        """Whether the wins of the day may stand beside it: they name people, and are of now."""
        return self.form == NAMED and self.frozen_at is None and self.at is None

    def shows_payee(self, payee_id: int) -> bool:
        """Whether what this payee does counts for anybody here; not where they are hidden."""
        return payee_id in self.look.snapshot.field.payee_ids

    def row_of(self, entrant_id: int) -> BoardRow | None:
        """A row that this viewer may see by name."""
        found = self.look.seen.row_of(entrant_id)
        return self.made(found) if found else None

    @property
    def own_position(self) -> int | None:
        """Where in the list of all that may be seen the viewer's own row stands, from 0."""
        return self.look.seen.position_of(self.look.seen.own)

    def neighbours(self, size: int) -> list[BoardRow]:
        """So many rows round the viewer's own, among those that may be seen."""
        around = self.look.seen.around(size)
        return Rows(self.look, [], [], self.since, with_quotas=False).several(around.rows())

    def made(self, row: SeenRow) -> BoardRow:
        """A row that may be seen, with what stands beside its score."""
        return replace(self._make, with_quotas=True).several([row])[0]

    @property
    def _make(self) -> Rows:
        parts = self.split_periods, self.bar_periods
        return Rows(self.look, *parts, self.since, with_quotas=self.with_quotas)


def read_board(
    slug: str,
    *,
    viewer: Viewer,
    now: datetime,
    period: str | None = None,
    team: str | None = None,
    at: datetime | None = None,
    first: int = 0,
    limit: int | None = None,
    around: int | None = None,
    around_whom: int | None = None,
    search: str | None = None,
    since: str = DAY,
    with_parts: bool = True,
) -> BoardReading:
    """A board as a viewer sees it. `period` is a kind (quarter: the current one) or a key
    (2026-Q3), `team` a team's code, and `at` reads it as it stood just before that moment.

    `around` is the size of a window round the viewer's own row, or round the entrant `around_whom`,
    `search` a part of a name, and `since` what movement is told from. Without `with_parts` there
    are places and scores alone, for who asks often. Raises NotFound, Invalid or Refused in the
    user's words.
    """
    found = look(slug, viewer=viewer, now=now, period=period, team=team, at=at)
    return reading_of(
        found,
        first=first,
        limit=limit,
        around=around,
        around_whom=around_whom,
        search=search,
        since=since,
        with_parts=with_parts,
    )


def reading_of(
    found: Look,
    *,
    first: int = 0,
    limit: int | None = None,
    around: int | None = None,
    around_whom: int | None = None,
    search: str | None = None,
    since: str = DAY,
    with_parts: bool = True,
) -> BoardReading:
    """The slice of a board that is shown. `first` is where a window round oneself begins."""
    if since not in SINCE:
        problem = f"Write one of {', '.join(SINCE)}."
        raise Invalid("since", problem, fields={"since": [problem]})
    splits = _parts(found, _SPLITS) if with_parts else []
    bars = _parts(found, _BARS) if with_parts else []
    shown = _shown(found.seen, around, around_whom, search)
    rows = shown.rows(first, limit)
    if around is not None and rows:
        first = found.seen.position_of(shown.found[first]) or 0
    return BoardReading(
        look=found,
        shown=rows,
        first=first,
        total=shown.total if around is None else found.seen.total,
        split_periods=splits,
        bar_periods=bars,
        since=since,
        with_quotas=with_parts,
    )


def _shown(all_seen: Seen, around: int | None, around_whom: int | None, search: str | None) -> Seen:
    shown = all_seen
    if around is not None:
        centre = all_seen.row_of(around_whom) if around_whom is not None else all_seen.own_row
        if centre is None:
            raise NotFound("This person is not on the board, or not shown there by name.")
        shown = all_seen.around(around, centre.at)
    return shown.search(search) if search and search.strip() else shown


def _parts(found: Look, kinds: Mapping[str, str]) -> list[Period]:
    """The parts that add up to the score; none where it is no plain sum or ratio of them."""
    kind = kinds.get(found.asked.span.kind)
    if kind is None or not found.definition.is_plain:
        return []
    return found.asked.calendar.parts(found.asked.span, kind)
