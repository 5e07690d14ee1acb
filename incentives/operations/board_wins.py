"""Read the latest deals won by those who stand on a board, for beside it."""

from collections.abc import Sequence
from datetime import datetime

from incentives.core.recognition import DEAL
from incentives.operations.feed_curtain import curtain_for
from incentives.operations.read_board import BoardReading
from incentives.operations.read_feed import LOOK_BACK, end_of_wins
from incentives.operations.wins import Asked, Win, deals
from incentives.store.recognition import the_recognition


def board_wins(reading: BoardReading, *, count: int, now: datetime) -> Sequence[Win]:
    """Newest first, as the feed tells them; none where the board itself hides names."""
    if not reading.may_show_news or DEAL not in the_recognition().wins:
        return []
    look = reading.look
    curtain = curtain_for(look.viewer, now=now)
    among = look.snapshot.field.payee_ids
    return deals.find(Asked(now - LOOK_BACK, end_of_wins(curtain, now), count, curtain, among))
