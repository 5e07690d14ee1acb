"""What is answered about boards, as plain values. Only what a viewer sees comes in here."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from incentives.core.boards.told import told
from incentives.core.measures import Kpi
from incentives.operations.board_items import Contribution
from incentives.operations.board_rows import BoardRow
from incentives.operations.read_board import BoardReading
from incentives.operations.read_contributions import Contributions
from incentives.store.boards import Board


def standings_of(reading: BoardReading) -> dict[str, Any]:
    return {
        "board": summary(reading.board, reading.kpi),
        "version": reading.version,
        "period": reading.period,
        "standings": [standing(row) for row in reading.rows],
        "first": reading.first,
        "total": reading.total,
        "entrants": reading.entrants,
        "groups": reading.groups,
        "shows": reading.form,
        "frozen_at": reading.frozen_at,
        "at": reading.at,
        "benchmarks": benchmarks(reading),
    }


def summary(board: Board, kpi: Kpi) -> dict[str, Any]:
    return {
        "slug": board.slug,
        "name": board.name,
        "kpi": kpi.slug,
        "unit": kpi.unit,
        "revision": board.revision,
    }


def standing(row: BoardRow) -> dict[str, Any]:
    return {
        "place": row.standing.place,
        "tied": row.standing.tied,
        "entrant": row.entrant,
        "score": told(row.standing.score),
        "gap": told(row.standing.gap),
        "moved": row.moved,
        "attainment": told(row.attainment),
        "group": row.group,
        "zone": row.zone,
    }


def benchmarks(reading: BoardReading) -> list[dict[str, Any]]:
    return [{"percent": mark.percent, "score": told(mark.score)} for mark in reading.benchmarks]


def contribution(item: Contribution) -> dict[str, Any]:
    credit = item.credit
    return {
        "activity_id": credit.activity_id,
        "source": credit.source,
        "external_id": credit.external_id,
        "kind": credit.kind,
        "occurred_at": credit.occurred_at,
        "payee": item.payee,
        "value": told(item.value),
        "adds": told(item.adds),
        "points": item.points,
        "plan": item.plan,
        "given": [asdict(each) for each in item.given],
    }


def tie(found: Contributions) -> dict[str, Any] | None:
    if found.tie is None:
        return None
    other = found.tied_with.entrant.name if found.tied_with else None
    said = {**asdict(found.tie), "other": other}
    for name in ("mine", "theirs"):
        value = said[name]
        said[name] = format(value, "f") if isinstance(value, Decimal) else value
    return said


def why_of(found: Contributions, first: int, limit: int) -> dict[str, Any]:
    return {
        "standing": standing(found.row),
        "contributions": [contribution(item) for item in found.items[first : first + limit]],
        "for_periods": found.for_periods,
        "periods": [asdict(each) for each in found.periods],
        "total": len(found.items),
        "level_with": [row.entrant.name for row in found.level_with],
        "tie": tie(found),
        "above": standing(found.above) if found.above else None,
        "benchmarks": benchmarks(found.board),
    }
