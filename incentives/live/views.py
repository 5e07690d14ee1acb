"""The fragments that can be streamed, by name. Pages register theirs, the hub knows none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Gives a fragment's version and HTML. Called in a request of nobody's, so a fragment holds nothing
# personal.
Render = Callable[[dict[str, str]], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class View:
    """One thing that viewers watch: the name of a fragment and what it is asked for with."""

    name: str
    args: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, name: str, args: Mapping[str, str]) -> "View":
        return cls(name, tuple(sorted(args.items())))


@dataclass(frozen=True, slots=True)
class Fragment:
    version: int
    html: str


class LiveViews:
    def __init__(self) -> None:
        self._renders: dict[str, Render] = {}

    def register(self, name: str, render: Render) -> None:
        self._renders[name] = render

    def render(self, view: View) -> Fragment:
        return Fragment(*self._renders[view.name](dict(view.args)))


live_views = LiveViews()
