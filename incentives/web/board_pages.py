"""Where in a long list one is: '51 to 100 of 10,000', with the pages beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from incentives.web import formats
from incentives.web.board_address import ROWS, last_page


@dataclass(frozen=True, slots=True)
class Pages:
    """`before` and `after` are addresses, empty where there is no such page."""

    text: str
    before: str
    after: str


def pages_of(first: int, shown: int, total: int, *, address: Callable[[int], str]) -> Pages | None:
    """Of the page on which `shown` of them stand behind `first` others; None where it is the only
    one. `address` is that of a page by its number."""
    if total <= ROWS:
        return None
    page = first // ROWS + 1
    begins, ends, of = (formats.number(each) for each in (first + 1, first + shown, total))
    return Pages(
        f"{begins} to {ends} of {of}",
        before=address(page - 1) if page > 1 else "",
        after=address(page + 1) if page < last_page(total) else "",
    )
