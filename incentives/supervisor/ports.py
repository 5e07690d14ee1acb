"""Which ports are free, and where one reaches a server."""

import errno
import socket

from incentives.supervisor.messages import CannotStart

FIRST_PORT = 8000
LAST_PORT = 8099

# Listening on every address is reached, on this computer, by the loopback one.
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def chosen_port(host: str, asked_for: int | None) -> int:
    if asked_for is None:
        return first_free_port(host)
    if is_free(host, asked_for):
        return asked_for
    raise CannotStart(
        f"Port {asked_for} on {host} is used by another program: end that one, "
        f"or start with another PORT, or without PORT to let a free one be chosen."
    )


def first_free_port(host: str) -> int:
    for port in range(FIRST_PORT, LAST_PORT + 1):
        if is_free(host, port):
            return port
    raise CannotStart(
        f"No port from {FIRST_PORT} to {LAST_PORT} is free on {host}; start with PORT=<a free one>."
    )


def is_free(host: str, port: int) -> bool:
    try:
        with bound_socket(host, port):
            return True
    except OSError as error:
        if isinstance(error, PermissionError):
            raise CannotStart(
                f"Port {port} may only be used by root; start with PORT=8000, "
                f"and put a web server in front (docs/operations.md)."
            ) from error
        if isinstance(error, socket.gaierror) or error.errno != errno.EADDRINUSE:
            raise CannotStart(
                f"HOST {host} is no address of this computer ({error.strerror})."
            ) from error
        return False


def any_free_port() -> int:
    """Chosen by the system, so that many starts at once do not meet."""
    with bound_socket("127.0.0.1", 0) as bound:
        return int(bound.getsockname()[1])


def bound_socket(host: str, port: int) -> socket.socket:
    """As servers bind: ports that only wait for stray packets of the last server count as free."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def web_address(host: str, port: int) -> str:
    reached = EVERY_ADDRESS.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
