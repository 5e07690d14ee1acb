"""Boards: scores are sums of day results, and places follow from them (semantics 27 and 31)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from incentives.verify.book import Book, ShownBoard
from incentives.verify.differences import Difference, Seen

NAME = "boards"
WHAT = "Each board as it is shown now has the sums of the day results, and who ties shares a place."

# What each is made of: a measure, what it is divided by, from which volume it ranks, and whether
# less is better.
_KPIS: Mapping[str, tuple[str, str | None, int, bool]] = {
    "win_rate": ("deals_won", "deals_closed", 10, False),
    "average_deal": ("revenue", "deals_won", 5, False),
    "days_to_close": ("days_to_close", "deals_dated", 5, True),
}


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    for board in book.boards:
        if board.why_not is not None:
            seen.leave(f"board not judged: {board.slug} ({board.why_not})")
            continue
        seen.count("boards")
        seen.count("rows", len(board.rows))
        sums = _sums(book, board)
        scores = {payee_id: _score(board.kpi, sums[payee_id]) for payee_id, *_ in board.rows}
        ranked = sorted(score for score in scores.values() if score is not None)
        for payee_id, shown, place in board.rows:
            score, ids = scores[payee_id], {"board": board.slug, "payee": payee_id}
            if not _is_shown(shown, score):
                yield Difference(f"{shown} is shown, but the days come to {score}", ids)
            expected = _place(score, ranked, board.kpi)
            if place != expected:
                yield Difference(f"stands in place {place}, but by the days in {expected}", ids)


def _kpi(kpi: str) -> tuple[str, str | None, int, bool]:
    return _KPIS.get(kpi, (kpi, None, 0, False))


def _place(score: Fraction | None, ranked: Sequence[Fraction], kpi: str) -> int | None:
    """1 and one more for each who is better; `ranked` ascends."""
    if score is None:
        return None
    less_is_better = _kpi(kpi)[3]
    return 1 + (
        bisect_left(ranked, score) if less_is_better else len(ranked) - bisect_right(ranked, score)
    )


def _is_shown(shown: str | None, score: Fraction | None) -> bool:
    """A ratio without end is shown with many decimals, and never more than half of the last off."""
    if shown is None or score is None:
        return shown is None and score is None
    return abs(Fraction(shown) - score) <= (0 if score * 10**6 % 1 == 0 else Fraction(1, 10**12))


def _score(kpi: str, sums: Mapping[str, int]) -> Fraction | None:
    counts, over, least, _ = _kpi(kpi)
    if over is None:
        return Fraction(sums.get(counts, 0), 10**6)
    volume = sums.get(over, 0)
    if volume <= 0 or volume < least * 10**6:
        return None
    return Fraction(sums.get(counts, 0), volume)


def _sums(book: Book, board: ShownBoard) -> Mapping[int, Mapping[str, int]]:
    rows = book.snapshot.rows(
        "SELECT payee_id, measure, CAST(sum(value) AS BIGINT) FROM day_result "
        "WHERE day >= ? AND day < ? GROUP BY payee_id, measure",
        board.first_day.isoformat(),
        board.end_day.isoformat(),
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for payee_id, measure, value in rows:
        found[payee_id][measure] = value
    return found
