"""Lets viewers in, many at once: after a restart everybody comes back in the same second."""

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Protocol

from incentives.live.audience import Audience, Viewer
from incentives.live.events import opening
from incentives.live.hub import Channel, Hub
from incentives.live.tickets import Ticket
from incentives.live.views import View

log = logging.getLogger(__name__)

# So many are looked up together, and whoever comes within so long.
AT_ONCE, TOGETHER_SECONDS = 500, 0.01


class Guest(Viewer, Protocol):
    """Somebody who asks to be let in. `audience` is whom they were seated with."""

    audience: Audience | None

    def is_gone(self) -> bool: ...

    def refuse(self, status: str, sentence: str) -> None: ...


class Door:
    """Whoever waits is let in together: one look at the sessions, one rendering for each view.

    `read` says what a ticket allows. `ended` says which sessions are over; it touches the database
    and is run in a thread.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        read: Callable[[str], Ticket | None],
        ended: Callable[[Collection[str]], set[str]],
        ping_seconds: float,
        slow_seconds: float,
    ) -> None:
        self._hub, self._read, self._ended = hub, read, ended
        self._ping_seconds, self._slow_seconds = ping_seconds, slow_seconds
        self._waiting: asyncio.Queue[tuple[Guest, Ticket]] = asyncio.Queue()
        self._audiences: dict[Channel, tuple[Audience, asyncio.Task[None]]] = {}

    def asked(self, guest: Guest, ticket: str) -> None:
        allowed = self._read(ticket)
        if allowed is None:
            _not_open(guest)
        else:
            self._waiting.put_nowait((guest, allowed))

    def gone(self, guest: Guest) -> None:
        audience = guest.audience
        if audience is None:
            return
        audience.viewers.discard(guest)
        self._hub.leave(audience.view, guest)
        if not audience.viewers:
            _, serving = self._audiences.pop(audience.channel)
            serving.cancel()

    async def serve(self) -> None:
        """Ends by being cancelled."""
        async with asyncio.TaskGroup() as welcome:
            while True:
                for guest, ticket in await self._looked_up():
                    # A view that is slow to draw holds up nobody who wants another.
                    welcome.create_task(self._let_in(guest, ticket))

    async def _looked_up(self) -> list[tuple[Guest, Ticket]]:
        """The next to be let in. Who may not is told so."""
        some = [await self._waiting.get()]
        await asyncio.sleep(TOGETHER_SECONDS)
        while not self._waiting.empty() and len(some) < AT_ONCE:
            some.append(self._waiting.get_nowait())
        some = [(guest, ticket) for guest, ticket in some if not guest.is_gone()]
        try:
            ended = await asyncio.to_thread(self._ended, {ticket.session for _, ticket in some})
        except Exception:
            log.exception("The sessions behind %s streams could not be looked up", len(some))
            for guest, _ in some:
                _not_now(guest)
            return []
        for guest, ticket in some:
            if ticket.session in ended:
                _not_open(guest)
        return [(guest, ticket) for guest, ticket in some if ticket.session not in ended]

    async def _let_in(self, guest: Guest, ticket: Ticket) -> None:
        try:
            channel = await self._hub.join(ticket.view, guest, ticket.session)
        except Exception:
            log.exception("%s could not be rendered", ticket.view)
            self._hub.leave(ticket.view, guest)
            _not_now(guest)
            return
        if guest.is_gone():
            self._hub.leave(ticket.view, guest)
            return
        guest.audience = self._audience(ticket.view, channel)
        guest.audience.seat(guest, opening())

    def _audience(self, view: View, channel: Channel) -> Audience:
        if channel not in self._audiences:
            audience = Audience(
                view,
                channel,
                ended=lambda: self._hub.ended_sessions,
                ping_seconds=self._ping_seconds,
                slow_seconds=self._slow_seconds,
            )
            self._audiences[channel] = audience, asyncio.create_task(audience.serve())
        return self._audiences[channel][0]

    def close(self) -> None:
        """Let everybody go; they come back to whoever serves next."""
        for audience, serving in self._audiences.values():
            serving.cancel()
            for viewer in audience.viewers:
                viewer.end()


def _not_open(guest: Guest) -> None:
    guest.refuse("403 Forbidden", "This stream is not open to you.")


def _not_now(guest: Guest) -> None:
    guest.refuse("503 Service Unavailable", "The stream cannot be opened at the moment.")
