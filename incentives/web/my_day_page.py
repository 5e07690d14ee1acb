"""A payee's own day in words, figures and shapes."""

from decimal import Decimal
from typing import Any

from flask import url_for

from incentives.core.ranking import around
from incentives.operations.read_board import BoardReading
from incentives.operations.read_contest import ContestReading
from incentives.operations.read_my_day import MyDay
from incentives.web import attainment_chart, formats, ladder, links, streak_strip, tier_shapes
from incentives.web.badges_page import earned_plate, earned_text, open_plate
from incentives.web.board_dock import standings_near

BADGES_SHOWN = 12
# How far apart the names of neighbours stand in a card of five twelfths.
APART = 140


def day_view(day: MyDay) -> dict[str, Any]:
    """Everything `my_day/_cards.html` needs; a part that cannot be told is None."""
    return {
        "place": _place(day),
        "quota": _quota(day),
        "pay": _pay(day),
        "changes": _changes(day),
        "contests": _contests(day),
        "streak": streak_strip.streak(day.streak, day.attainment.span.kind),
        "badges": _badges(day),
    }


def head_view(day: MyDay) -> dict[str, str]:
    left = day.working_days_left
    days = f"{left} working day{'' if left == 1 else 's'} left in the {day.attainment.span.kind}"
    zone = day.company.calendar.zone
    return {
        "date_text": f"{formats.long_day(day.today)}. {days}.",
        "as_of": f"as of {formats.clock_time(day.now, zone)}",
    }


def _place(day: MyDay) -> dict[str, Any] | None:
    board, row = day.board, day.row
    if board is None or row is None:
        return None
    standing = row.standing
    ranked = standing.score is not None
    return {
        "heading": f"Your place, {board.kpi.label.lower()} this {board.period.kind}",
        "board_url": url_for("boards.show", slug=board.board.slug),
        "place_label": formats.place(standing.place, standing.tied),
        "change": row.moved,
        "movement_text": _movement(row.moved),
        "notes": _place_notes(day),
        "points": _points(day),
        "ladder": _ladder(board, day.payee.id) if ranked else None,
    }


def _ladder(board: BoardReading, payee_id: int) -> dict[str, Any]:
    """Three neighbours on each side, to scale; on a phone the nearest."""
    ranked = standings_near(board)

    def marks(window: int, apart: int) -> list[ladder.LadderMark]:
        shown = around(ranked, payee_id, window)
        return ladder.neighbours(shown, payee_id, board.kpi, apart=apart)

    return {
        "label": "Your neighbours on the board and how far away they are",
        "marks": marks(7, APART),
        "near_marks": marks(4, ladder.NEAR),
    }


def _movement(moved: int | None) -> str:
    if moved is None:
        return "New on the board"
    if moved == 0:
        return "Where you were yesterday"
    return f"{'Up' if moved > 0 else 'Down'} {abs(moved)} since yesterday"


def _place_notes(day: MyDay) -> list[str]:
    """Level with whom, and what is missing to the next place."""
    assert day.board is not None, "notes are about a place"
    assert day.row is not None, "notes are about a place"
    own = day.row.standing
    rows = [row.standing for row in day.board.rows if row.standing.place is not None]
    notes = []
    level = [r.name for r in rows if own.tied and r.place == own.place and r != own]
    if level and own.score is not None:
        names = level[0] if len(level) == 1 else f"{len(level)} others"
        notes.append(f"Level with {names} on {formats.score(day.board.kpi, own.score)}")
    above = [row for row in rows if own.place and row.place is not None and row.place < own.place]
    if above and own.gap:
        gap = formats.score(day.board.kpi, own.gap)
        place = formats.ordinal(above[-1].place or 0)
        notes.append(f"{gap} behind {above[-1].name.split()[0]} in {place}")
    return notes


def _points(day: MyDay) -> list[tuple[str, str, str]]:
    if day.points_board is None:
        return []

    def behind(period: str) -> str:
        slug = day.points_board.slug if day.points_board else ""
        return url_for("board_why.contributions", slug=slug, payee_id=day.payee.id, period=period)

    span = day.attainment.span.kind
    return [
        (formats.number(day.points_today), "points today", behind("day")),
        (formats.number(day.points_span), f"this {span}", behind(span)),
    ]


def _quota(day: MyDay) -> dict[str, Any] | None:
    found = day.attainment
    if found.quota is None or found.ratio is None:
        return None
    statement = links.statement(day.payee.code, day.month.key)
    largest = max((credited for _, credited in found.months), default=Decimal(0)) or Decimal(1)
    return {
        "heading": f"Quota, this {found.span.kind}",
        "of_text": f"{_figure(found.credited, day)} of {_figure(found.quota, day)}",
        "url": statement,
        "percent": formats.number(found.ratio * 100, 1),
        "pace_text": attainment_chart.pace_text(found).capitalize(),
        "pace_ahead": found.ahead is not None and found.ahead > 0,
        "forecast_text": _forecast(day),
        "curve": attainment_chart.curve(found, day.company.calendar),
        "months": [
            {
                "label": f"{formats.month_name(month)}{' so far' if day.today in month else ''}",
                "text": formats.number(credited),
                "width": max(0, int(100 * credited / largest)),
                "current": day.today in month,
                "url": links.statement(day.payee.code, month.key),
            }
            for month, credited in found.months
            if month.first_day <= day.today
        ],
    }


def _figure(value: Decimal, day: MyDay) -> str:
    if day.attainment.unit == "money":
        return formats.money_whole(value, day.company.currency)
    return formats.number(value)


def _forecast(day: MyDay) -> str:
    finish = day.attainment.finish
    if finish is None:
        return "Too early to say where it leads"
    return f"On this pace you finish near {formats.percent(finish, 0)}"


def _pay(day: MyDay) -> dict[str, Any]:
    own = day.company.currency
    statement = links.statement(day.payee.code, day.month.key)
    zone = day.company.calendar.zone
    return {
        "heading": f"{formats.month_name(day.month)} commission",
        "estimate": True,
        "amount": formats.money_parts(day.commission_minor, own),
        "as_of_text": f"As of {formats.clock_time(day.now, zone)}. "
        "It moves when activity or a plan changes.",
        "url": statement,
        "next_text": tier_shapes.next_tier(day.tiers, _next_gap(day)) if day.tiers else "",
        "tiers": tier_shapes.tiers(day.tiers) if day.tiers else [],
        "tiers_label": tier_shapes.label(day.tiers) if day.tiers else "",
    }


def _next_gap(day: MyDay) -> str:
    gap = day.tiers.gap if day.tiers else None
    return "" if gap is None else _figure(gap, day)


def _changes(day: MyDay) -> dict[str, Any]:
    found, then, own = day.attainment, day.then, day.company.currency
    statement = links.statement(day.payee.code, day.month.key)
    rows = [
        {
            "icon": "cash",
            "label": "Credited" if found.measure != "revenue" else "Revenue",
            "before": formats.number(then.credited),
            "after": formats.number(found.credited),
            "url": _behind(day) or statement,
        }
    ]
    if day.board is not None and day.row is not None and then.place is not None:
        rows.append(
            {
                "icon": "list-numbers",
                "label": "Place",
                "before": formats.ordinal(then.place),
                "after": formats.ordinal(day.row.standing.place or 0),
                "url": url_for("boards.show", slug=day.board.board.slug),
            }
        )
    if found.ratio is not None:
        rows.append(
            {
                "icon": "target",
                "label": "Quota",
                "before": formats.percent(then.ratio),
                "after": formats.percent(found.ratio),
                "url": statement,
            }
        )
    rows.append(
        {
            "icon": "wallet",
            "label": "Commission, estimate",
            "before": formats.money(then.commission_minor, own),
            "after": formats.money(day.commission_minor, own),
            "url": statement,
        }
    )
    return {"since_text": "start of today to now", "rows": rows}


def _behind(day: MyDay) -> str | None:
    """The activities behind one's score."""
    if day.board is None:
        return None
    return url_for("board_why.contributions", slug=day.board.board.slug, payee_id=day.payee.id)


def _contests(day: MyDay) -> dict[str, Any] | None:
    if not day.contests:
        return None
    return {
        "all_url": url_for("contests.index"),
        "items": [_contest(reading, day) for reading in day.contests],
    }


def _contest(reading: ContestReading, day: MyDay) -> dict[str, Any]:
    row = reading.row_of(day.payee.id)
    assert row is not None, "only contests one is in are listed"
    rows = []
    if row.standing.place is not None:
        place = formats.place(row.standing.place, row.standing.tied)
        rows.append(("Your place", f"{place} of {len(reading.rows)}"))
    if row.prize_minor:
        currency = reading.contest.prizes[0].currency
        rows.append(("As it stands you win", formats.money(row.prize_minor, currency)))
    elif row.to_prize is not None:
        rows.append(("To a prize", formats.score(reading.kpi, row.to_prize)))
    return {
        "name": reading.contest.name,
        "url": url_for("contests.show", slug=reading.contest.slug),
        "ends_label": "Ends in",
        "ends_text": formats.left(reading.time_left),
        "ends_at": reading.contest.ends_at.isoformat(),
        "rows": rows,
    }


def _badges(day: MyDay) -> dict[str, Any] | None:
    """Newest first, then those within reach."""
    if not day.badges.rows:
        return None
    url = url_for("badges.index")
    plates = [
        earned_plate(row, day.badges, url=f"{url}#badge-{row.component_id}")
        for row in day.badges.earned
    ]
    plates += [open_plate(row, day.badges, url=url) for row in day.badges.within_reach]
    return {
        "earned_text": earned_text(day.badges),
        "url": url,
        "items": plates[:BADGES_SHOWN],
    }
