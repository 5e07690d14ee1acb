"""TLS in front of a PostgreSQL that knows none: a door on loopback that speaks it and passes on to
the server's socket what it hears."""

import asyncio
import shutil
import ssl
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

CAN_BE_SPOKEN = shutil.which("openssl") is not None
# What a client asks first is whether it may speak TLS: eight bytes.
QUESTION, YES = 8, b"S"


class TlsDoor:
    def __init__(self, server_socket: Path, directory: Path) -> None:
        self._server_socket = server_socket
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(_certificate(directory))
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        opening = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._door = asyncio.run_coroutine_threadsafe(opening, self._loop).result(10)
        self.port: int = self._door.sockets[0].getsockname()[1]

    def end(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _close(self) -> None:
        self._door.close()
        guests = asyncio.all_tasks() - {asyncio.current_task()}
        for guest in guests:
            guest.cancel()
        await asyncio.gather(*guests, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A guest leaves as he came, or is shown out at the end.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await reader.readexactly(QUESTION)
            writer.write(YES)
            await writer.drain()
            await writer.start_tls(self._context)
            far_reader, far_writer = await asyncio.open_unix_connection(self._server_socket)
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))


async def _copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65536):
            to.write(piece)
            await to.drain()
    finally:
        to.close()


def _certificate(directory: Path) -> Path:
    """Key and certificate in one file, for a day."""
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    key.write_text(key.read_text() + certificate.read_text())
    return key
