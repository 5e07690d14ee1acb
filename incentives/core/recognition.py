"""Recognition: what is told as a win, what people answer with, and when it is quiet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

DEAL, BADGE, MILESTONE, LEAD, CONTEST = "deal", "badge", "milestone", "lead", "contest"
# Wins that make themselves from facts and the ledger.
WINS = {
    DEAL: "Deals won",
    BADGE: "Badges earned",
    MILESTONE: "Milestones reached",
    LEAD: "The lead taken on a board",
    CONTEST: "Contests won",
}
KUDOS = "kudos"

REACTIONS = {
    "well_done": "Well done",
    "on_fire": "On fire",
    "thanks": "Thank you",
    "celebrate": "Let’s celebrate",
}

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The minutes [starts, ends) of the company's day, by the clock on the wall: 22:00 to 07:00
    goes over midnight. Where clocks are put forward or back it lasts an hour less or more."""

    starts: int
    ends: int

    def holds_at(self, instant: datetime, zone: ZoneInfo) -> bool:
        local = instant.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if self.starts < self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends


def is_quiet(hours: Iterable[QuietHours], instant: datetime, zone: ZoneInfo) -> bool:
    """Whether nothing may pop up or sound: in the company's quiet hours or in one's own."""
    return any(each.holds_at(instant, zone) for each in hours)


def is_told(worth: Decimal | None, floor: Decimal) -> bool:
    """Whether a won deal is large enough to be told; `worth` is None where no exchange rate says
    what it is worth, or where it has no amount. Reaching the floor is enough."""
    return floor <= 0 or (worth is not None and worth >= floor)


def kudos_left(allowance: int, given: int) -> int:
    """How many colleagues may still be thanked in a month."""
    return max(0, allowance - given)
