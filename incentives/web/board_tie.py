"""A tie in words: who is level, which place comes next, and what would decide."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from incentives.core.boards.tie_chain import FIRST_REACHED, NAME, TieReason
from incentives.core.measures import KPIS
from incentives.operations.read_contributions import Contributions
from incentives.web import formats

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tie(found: Contributions) -> dict[str, Any] | None:
    """None where nobody is level whom the viewer sees, and of those who have nothing."""
    if not found.level_with or not found.row.standing.score or found.tie is None:
        return None
    names = [row.entrant.name for row in found.level_with]
    text = Markup("{shared} {winner}: <b>{reason}</b>.").format(
        shared=_shared(found), winner=_winner(found), reason=_reason(found, found.tie)
    )
    return {"title": f"Level with {', '.join(names)}", "text": text}


def _shared(found: Contributions) -> str:
    together, place = len(found.level_with) + 1, found.row.standing.place or 0
    everybody = "Both" if together == 2 else f"All {together}"
    if found.board.definition.places == "ordinal":
        return f"{everybody} have the same score, and each place is given once."
    next_place = place + (1 if found.board.definition.places == "dense" else together)
    stand = f"{everybody} stand {formats.ordinal(place)}"
    return f"{stand}, so the next place is {formats.ordinal(next_place)}."


def _winner(found: Contributions) -> str:
    first = found.first_of_tie
    if first is None:
        who = "somebody who is not shown here"
    elif first.entrant.id == found.row.entrant.id and found.row.is_own:
        who = "you"
    else:
        who = first.entrant.name
    if found.board.definition.places == "ordinal":
        return f"First of them is {who}"
    return f"If a prize needs one winner it is {who}"


def _reason(found: Contributions, said: TieReason) -> str:
    """What decided, with the number of who stands above before the other's."""
    numbers = (said.mine, said.theirs) if said.is_above else (said.theirs, said.mine)
    if said.link == NAME:
        return "first by name"
    if said.link == FIRST_REACHED:
        score = formats.score(found.board.kpi, found.row.standing.score)
        above, below = (_moment(each, found) for each in numbers)
        told = f", {above} before {below}" if above and below and above != below else ""
        return f"first to reach {score}{told}"
    above, below = (_measured(said.kpi, each) for each in numbers)
    return f"{said.label.lower()}, {above} against {below}"


def _moment(micros: Decimal | int | None, found: Contributions) -> str:
    if micros is None:
        return ""
    at = _EPOCH + timedelta(microseconds=int(micros))
    local = at.astimezone(found.board.company.calendar.zone)
    return f"{formats.short_day(local.date())} {local:%H:%M}"


def _measured(slug: str | None, value: Decimal | int | None) -> str:
    return (
        formats.NONE if slug is None or value is None else formats.score(KPIS[slug], Decimal(value))
    )
