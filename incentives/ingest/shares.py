"""Who shares an activity, as a cell or a JSON list tells it."""

from decimal import Decimal
from typing import Any

from incentives.core.activity import Share
from incentives.ingest.values import Unclear, number_of, truth_of

_HOW = 'Write shares like "ana:60; bo:40", or "cy:20:overlay" for one that comes on top.'
_NAMES = {"payee", "percent", "overlay"}


def shares_of(written: Any) -> tuple[Share, ...]:
    """The shares of "ana:60; bo:40; cy:20:overlay", or of a list of objects with payee, percent
    and overlay. Raises Unclear. Whether they total 100 is for others to check."""
    if isinstance(written, str):
        return tuple(_from_text(part.strip()) for part in written.split(";") if part.strip())
    if isinstance(written, list):
        return tuple(_from_item(item) for item in written)
    raise Unclear("bad_shares", _HOW)


def _from_text(text: str) -> Share:
    *named, last = text.split(":")
    overlay = last.strip().casefold() == "overlay"
    if overlay and named:
        *named, last = named
    return _share(":".join(named), last, overlay=overlay)


def _from_item(item: Any) -> Share:
    if not isinstance(item, dict) or not item.keys() <= _NAMES:
        raise Unclear("bad_shares", "Write each share as an object with payee and percent.")
    overlay = truth_of(item["overlay"]) if item.get("overlay") else False
    return _share(item.get("payee", ""), item.get("percent", ""), overlay=overlay)


def _share(payee: Any, percent: Any, *, overlay: bool) -> Share:
    if not isinstance(payee, str) or not isinstance(percent, str) or not payee.strip():
        raise Unclear("bad_shares", _HOW)
    return Share(payee.strip(), _percent(percent), overlay)


def _percent(text: str) -> Decimal:
    return number_of(text.strip().removesuffix("%").strip())
