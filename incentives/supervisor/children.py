"""Which processes make up the service."""

import sys
from collections.abc import Mapping

from incentives.supervisor.embedded_redis import EmbeddedRedis
from incentives.supervisor.processes import Child

REDIS_NOISE = (
    # True of most computers, and harmless at our size.
    "Memory overcommit must be enabled",
    # Said at every ordinary end.
    "Received SIGTERM scheduling shutdown",
    "ready to exit, bye bye",
)


def redis_child(server: EmbeddedRedis) -> Child:
    return Child(
        "redis",
        server.command,
        directory=server.directory,
        stop_order=4,
        grace_seconds=5.0,
        # Intake goes on without it, and the ticker calculates.
        is_vital=False,
        hide=REDIS_NOISE,
    )


def service_children(
    host: str, port: int, environ: Mapping[str, str], *, live: bool, replay: bool
) -> list[Child]:
    children = [
        Child("web", web_command(host, port), environ, stop_order=1),
        Child("ticker", python("workers", "ticker"), environ, stop_order=2, is_vital=False),
        Child("worker", python("workers", "refresh"), environ, stop_order=3, is_vital=False),
        Child("desk", python("workers", "desk"), environ, stop_order=3, is_vital=False),
    ]
    if live:
        # While it is away pages poll, and they come back to it by themselves.
        streams = python("incentives.live")
        children.append(Child("live", streams, environ, stop_order=1, is_vital=False))
    if replay:
        children.append(Child("replay", flask("replay"), environ, stop_order=1, may_end=True))
    return children


def web_command(host: str, port: int) -> list[str]:
    # Open streams never end by themselves: after two seconds they are cut and reconnect later.
    return python(
        *("uvicorn", "asgi:app", "--host", host, "--port", str(port), "--workers", "1"),
        *("--timeout-graceful-shutdown", "2", "--no-access-log", "--log-level", "warning"),
    )


def flask(*arguments: str) -> list[str]:
    return python("flask", "--app", "wsgi", *arguments)


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
