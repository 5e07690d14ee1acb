"""A streak as a strip of weeks."""

from decimal import Decimal
from typing import Any

from incentives.operations.read_my_day import Streak


def streak(found: Streak, span_kind: str) -> dict[str, Any]:
    """The arguments of the streak card, with its boxes placed."""
    width = Decimal(100) / len(found.weeks)
    boxes = []
    for number, (monday, won) in enumerate(found.weeks):
        is_current = monday == found.this_week
        x = round(number * width, 2)
        boxes.append(
            {
                "x": x,
                "width": round(width - 1, 2),
                "middle": round(x + (width - 1) / 2, 2),
                "state": "open" if not won else "new" if is_current else "done",
                "label": str(monday.day),
                "current": is_current,
            }
        )
    won_weeks = sum(won for _, won in found.weeks)
    begun = sum(monday <= found.this_week for monday, _ in found.weeks)
    return {
        "heading": "Streak, weeks with a win",
        "count": found.count,
        "title": _title(found),
        "note": f"{won_weeks} of the {begun} weeks of this {span_kind} so far",
        "boxes": boxes,
        "label": f"{won_weeks} weeks with a win in this {span_kind}",
        "rule_text": "One won deal makes a week count. This week is not missed before it ends.",
    }


def _title(streak: Streak) -> str:
    if streak.count == 0:
        return "A win this week starts one"
    weeks = "week" if streak.count == 1 else "weeks in a row"
    if streak.count >= streak.longest:
        return f"{weeks}, your longest yet"
    return f"{weeks}, your longest was {streak.longest}"
