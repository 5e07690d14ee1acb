"""Lets viewers in, many at once: after a restart everybody comes back in the same second."""

import asyncio
import logging
import random
from collections.abc import Callable, Collection

from incentives.live.audience import Audience
from incentives.live.connection import HEAD, Connection
from incentives.live.hub import Channel, Hub
from incentives.live.tickets import Ticket
from incentives.live.views import Fragment, View

log = logging.getLogger(__name__)

# So many are looked up together.
AT_ONCE = 500


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
        as_event: Callable[[Fragment], str],
        ping_seconds: float,
        slow_seconds: float,
    ) -> None:
        self._hub, self._read, self._ended, self._as_event = hub, read, ended, as_event
        self._ping_seconds, self.slow_seconds = ping_seconds, slow_seconds
        self._waiting: asyncio.Queue[tuple[Connection, Ticket]] = asyncio.Queue()
        self._audiences: dict[Channel, tuple[Audience, asyncio.Task[None]]] = {}

    def asked(self, connection: Connection, ticket: str) -> None:
        allowed = self._read(ticket)
        if allowed is None:
            _not_open(connection)
        else:
            self._waiting.put_nowait((connection, allowed))

    def gone(self, connection: Connection) -> None:
        audience = connection.audience
        if audience is None:
            return
        audience.viewers.discard(connection)
        self._hub.leave(audience.view, connection)
        if not audience.viewers:
            _, serving = self._audiences.pop(audience.channel)
            serving.cancel()

    async def serve(self) -> None:
        """Ends by being cancelled."""
        while True:
            some = [await self._waiting.get()]
            while not self._waiting.empty() and len(some) < AT_ONCE:
                some.append(self._waiting.get_nowait())
            try:
                ended = await asyncio.to_thread(self._ended, {ticket.session for _, ticket in some})
            except Exception:
                log.exception("The sessions behind %s streams could not be looked up", len(some))
                for connection, _ in some:
                    _not_now(connection)
                continue
            for connection, ticket in some:
                if ticket.session in ended:
                    _not_open(connection)
                else:
                    await self._let_in(connection, ticket)

    async def _let_in(self, connection: Connection, ticket: Ticket) -> None:
        try:
            channel = await self._hub.join(ticket.view, connection, ticket.session)
        except Exception:
            log.exception("%s could not be rendered", ticket.view)
            self._hub.leave(ticket.view, connection)
            _not_now(connection)
            return
        if connection.is_gone():
            self._hub.leave(ticket.view, connection)
            return
        connection.audience = self._audience(ticket.view, channel)
        # Spread out, so that a restarted process is not met by everybody at once.
        retry = random.randint(500, 2500)  # noqa: S311  no secret
        connection.audience.seat(connection, HEAD + b"retry: %d\n\n" % retry)

    def _audience(self, view: View, channel: Channel) -> Audience:
        if channel not in self._audiences:
            audience = Audience(
                view,
                channel,
                as_event=self._as_event,
                ended=lambda: self._hub.ended_sessions,
                ping_seconds=self._ping_seconds,
            )
            self._audiences[channel] = audience, asyncio.create_task(audience.serve())
        return self._audiences[channel][0]

    def close(self) -> None:
        """Let everybody go; they come back to whoever serves next."""
        for audience, serving in self._audiences.values():
            serving.cancel()
            for viewer in audience.viewers:
                viewer.end()


def _not_open(connection: Connection) -> None:
    connection.refuse("403 Forbidden", "This stream is not open to you.")


def _not_now(connection: Connection) -> None:
    connection.refuse("503 Service Unavailable", "The stream cannot be opened at the moment.")
