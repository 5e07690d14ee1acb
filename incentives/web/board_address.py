"""Which part of a board an address asks for, and the addresses of its other parts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from incentives.core.activity_checks import EARLIEST
from incentives.core.boards.privacy import Viewer
from incentives.core.boards.spans import DAY, SINCE
from incentives.operations.read_board import BoardReading, read_board

ROWS = 50
# Your own row with five on each side.
AROUND = 11


@dataclass(frozen=True, slots=True)
class Asked:
    """`at` is a moment of the past; `problem` says what to write where none can be read."""

    slug: str
    period: str = ""
    team: str = ""
    since: str = DAY
    page: int = 1
    is_around: bool = False
    search: str = ""
    at: datetime | None = None
    at_text: str = ""
    problem: str = ""

    @classmethod
    def sent(cls, slug: str, said: Mapping[str, str], *, zone: ZoneInfo, now: datetime) -> "Asked":
        """What the address says. What is no page or no reading of movement is as if left out."""
        since, page = said.get("since", ""), said.get("page", "")
        at_text = said.get("at", "").strip()
        at = _moment(at_text, zone)
        problem = ""
        if at_text and at is None:
            problem = "Write a day and a time, such as 2026-03-03T10:00."
        elif at is not None and at > now:
            at, problem = None, "This is still to come. Write a moment that has passed."
        elif at is not None and at < EARLIEST:
            at, problem = None, "Nothing is known of that time. Write a moment after 1970."
        return cls(
            slug=slug,
            period=said.get("period", ""),
            team=said.get("team", ""),
            since=since if since in SINCE else DAY,
            page=int(page) if page.isdecimal() and len(page) < 7 and int(page) else 1,
            is_around=said.get("show") == "around",
            search=" ".join(said.get("search", "").split())[:80],
            at=at,
            at_text=at_text,
            problem=problem,
        )

    @property
    def is_live(self) -> bool:
        """Whether it changes by itself: the past does not."""
        return self.at is None

    @property
    def is_slice(self) -> bool:
        """Whether it is a part that only its viewer asked for, and so is not streamed."""
        return self.is_around or bool(self.search)

    @property
    def args(self) -> dict[str, Any]:
        """What the address says beside the name of the board."""
        said = {
            "period": self.period,
            "team": self.team,
            "since": self.since if self.since != DAY else "",
            "show": "around" if self.is_around else "",
            "search": self.search,
            "at": self.at_text if self.at else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in said.items() if value}

    @property
    def with_slug(self) -> dict[str, Any]:
        return {"slug": self.slug, **self.args}

    def but(self, **changed: Any) -> dict[str, Any]:
        """The address of another part, from its first page on."""
        return replace(self, **{"page": 1, **changed}).with_slug

    def read(self, viewer: Viewer, *, now: datetime) -> BoardReading:
        """This part of the board; its last page where it has fewer. Raises NotFound, Invalid or
        Refused."""
        found = self._page(self.page, viewer, now)
        last = last_page(found.total)
        return found if self.page <= last else self._page(last, viewer, now)

    def _page(self, page: int, viewer: Viewer, now: datetime) -> BoardReading:
        return read_board(
            self.slug,
            viewer=viewer,
            now=now,
            period=self.period or None,
            team=self.team or None,
            at=self.at,
            first=0 if self.is_around else (page - 1) * ROWS,
            limit=ROWS,
            around=AROUND if self.is_around else None,
            search=None if self.is_around else self.search,
            since=self.since,
        )


def last_page(total: int) -> int:
    return max(1, -(-total // ROWS))


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)
