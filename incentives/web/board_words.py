"""A board in words: its title, its days, who leads, and what is missing to whom."""

from incentives.core.boards.definition import TEAMS
from incentives.core.boards.readings import IMPROVEMENT, OF_TARGET, PER_DAY
from incentives.core.boards.spans import DAY, PERIOD, WEEK, WINDOW
from incentives.core.calendar import Period
from incentives.operations.board_rows import BoardRow
from incentives.operations.read_board import BoardReading
from incentives.web import formats

_WITHOUT_PLACE = {
    OF_TARGET: "Who lacks a target for what is counted is not ranked.",
    PER_DAY: "Who was away all the time is not ranked.",
    IMPROVEMENT: "Who did nothing before is not ranked.",
}


def title(reading: BoardReading) -> str:
    return f"{reading.board.name}, {period_words(reading.period, current=reading.is_current)}"


def period_words(period: Period, *, current: bool) -> str:
    """'this quarter' for the running one, else its name: third quarter 2026."""
    if period.kind == WINDOW:
        return f"the last {period.days} days"
    if current:
        return "today" if period.kind == "day" else f"this {period.kind}"
    first = period.first_day
    match period.kind:
        case "quarter":
            return f"quarter {period.key[-1]} of {period.key[:4]}"
        case "month":
            return f"{formats.month_name(period)} {period.key[:4]}"
        case "week":
            return f"week {period.key[-2:]} of {period.key[:4]}"
        case "year":
            return period.key
    return formats.day(first)


def period_text(reading: BoardReading) -> str:
    """'1 Oct to 31 Dec 2026. 35 people, US dollars. Movement since midnight.'"""
    period = reading.period
    span = formats.day(period.first_day)
    if period.days > 1:
        last = period.last_day
        span = f"{formats.short_day(period.first_day)} to {formats.short_day(last)} {last.year}"
    unit = f", {reading.company.currency}" if reading.kpi.unit == "money" else ""
    many = "teams" if reading.definition.entrants == TEAMS else "people"
    one = "team" if many == "teams" else "person"
    whom = one if reading.entrants == 1 else many
    return f"{span}. {reading.entrants:,} {whom}{unit}.{_movement_text(reading)}"


def since_options(reading: BoardReading) -> list[tuple[str, str]]:
    """What movement may be told from."""
    return [
        (DAY, "midnight"),
        (WEEK, "the week began"),
        (PERIOD, f"the {_kind_word(reading.period)} before"),
    ]


def _kind_word(period: Period) -> str:
    return "days" if period.kind == WINDOW else period.kind


def _movement_text(reading: BoardReading) -> str:
    if not reading.is_current or (reading.since == DAY and reading.period.kind == "day"):
        return ""
    if reading.since == PERIOD:
        return f" Movement against the {_kind_word(reading.period)} before."
    return f" Movement since {dict(since_options(reading))[reading.since]}."


def summary(reading: BoardReading) -> str:
    """The board in one sentence, for those who listen; nothing where no leader is shown."""
    if reading.is_empty:
        return "Nobody has scored yet."
    leader = leader_of(reading)
    if leader is None:
        return ""
    text = f"{leader.entrant.name} leads with {_score(reading, leader)}"
    second = reading.rows[1] if len(reading.rows) > 1 else None
    if second and second.standing.score and second.above == leader.standing.place:
        text += f", {second.entrant.name} follows with {_score(reading, second)}"
    return text


def leader_of(reading: BoardReading) -> BoardRow | None:
    """Who alone is first, where the first row is shown and all are ranked together."""
    first = reading.rows[0] if reading.rows and not reading.groups else None
    if first is None or not first.standing.score or first.standing.tied:
        return None
    return first if first.standing.place == 1 else None


def takes_lead(reading: BoardReading, leader: BoardRow) -> str:
    return f"takes the lead with {_score(reading, leader)}"


def marks(reading: BoardReading) -> list[tuple[str, str]]:
    """What the best tenth, quarter and half have at least, and what the first is ahead by."""
    if reading.is_empty:
        return []
    found = []
    if reading.lead and not reading.groups:
        found.append(("The first leads by", formats.score(reading.kpi, reading.lead)))
    for mark in sorted(reading.benchmarks, key=lambda mark: mark.percent):
        found.append((f"Top {mark.percent}{formats.THIN}%", formats.score(reading.kpi, mark.score)))
    return found


def explanation(reading: BoardReading) -> str:
    """What the number is; and where somebody shown has no place, who has none."""
    said = reading.kpi.explanation
    if all(seen.row.standing.score is not None for seen in reading.shown):
        return said
    return f"{said} {_unranked(reading)}".strip()


def _unranked(reading: BoardReading) -> str:
    if reading.kpi.minimum_volume:
        return f"Ranked from {reading.kpi.minimum_volume} on: few tries say little."
    return _WITHOUT_PLACE.get(reading.definition.reading.kind, "")


def split_label(part: Period) -> str:
    return formats.short_month(part) if part.kind == "month" else part.key[-2:]


def gap_phrase(reading: BoardReading, row: BoardRow) -> str:
    """'1,241 to 8th', or what the leader is ahead by."""
    standing, kpi = row.standing, reading.kpi
    if standing.score is None:
        return f"ranks from {kpi.minimum_volume}" if kpi.minimum_volume else "not yet ranked"
    if standing.gap is not None:
        return f"{formats.score(kpi, standing.gap)} to {formats.ordinal(row.above or 0)}"
    if reading.lead is None or not standing.score or reading.groups:
        return ""
    return f"leads by {formats.score(kpi, reading.lead)}"


def told(reading: BoardReading, row: BoardRow, above: BoardRow | None) -> str:
    """'3rd, 800 behind Ben Lind': the end of 'you are …'."""
    standing = row.standing
    if standing.place is None or not standing.score:
        return "not yet ranked"
    place = formats.ordinal(standing.place)
    if standing.gap is None:
        return f"{place}, level with others" if standing.tied else place
    whom = above.entrant.name if above else formats.ordinal(row.above or 0)
    return f"{place}, {formats.score(reading.kpi, standing.gap)} behind {whom}"


def _score(reading: BoardReading, row: BoardRow) -> str:
    return formats.score(reading.kpi, row.standing.score)
