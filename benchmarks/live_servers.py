"""`python -m benchmarks.live_servers KIND PORT`: servers that stream one and the same small board.

`web` and `live` are the product's own, from Redis to the socket; only what the board shows is made
up here, so that a publish costs no calculation. `each` is what many do first: a subscription for
every viewer, whose messages are handed on.
"""

import asyncio
import os
import sys
from functools import lru_cache

import uvicorn
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from benchmarks.fan_out import as_many_files_as_allowed
from config import Config
from incentives import create_app
from incentives.live.asgi import with_streams
from incentives.live.events import event
from incentives.live.process import serve
from incentives.live.views import Fragment, live_views

VIEW = "bench"
NUMBER = "bench:number"
MESSAGES = "bench:messages"
SIZE = 2048


def marker(number: int) -> str:
    """The last words of a state, by which a viewer knows that they have all of it."""
    return f"state {number:08d}"


def html(number: int) -> str:
    return marker(number).rjust(SIZE, "x")


def message(number: int) -> str:
    return event(Fragment(number, html(number)))


def main(kind: str, port: int) -> None:
    as_many_files_as_allowed()
    if kind == "each":
        uvicorn.run(_a_subscription_for_each, port=port, log_level="warning", access_log=False)
        return
    app = create_app()
    live_views.register(VIEW, lambda args: _board(app.config["REDIS_URL"]))
    if kind == "live":
        asyncio.run(serve(app, "127.0.0.1", port))
    else:
        uvicorn.run(
            with_streams(app), port=port, log_level="warning", access_log=False, backlog=4096
        )


@lru_cache
def _redis(url: str) -> "Redis[str]":
    return Redis.from_url(url, decode_responses=True)


def _board(redis_url: str) -> tuple[int, str]:
    number = int(_redis(redis_url).get(NUMBER) or 0)
    return number, html(number)


async def _a_subscription_for_each(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        return
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    redis = AsyncRedis.from_url(_redis_url())
    async with redis.pubsub() as subscription:
        await subscription.subscribe(MESSAGES)
        await send({"type": "http.response.body", "body": b": here\n\n", "more_body": True})
        async for said in subscription.listen():
            if said["type"] == "message":
                body = {"type": "http.response.body", "body": said["data"], "more_body": True}
                await send(body)


@lru_cache
def _redis_url() -> str:
    return Config.from_environment(os.environ).REDIS_URL or ""


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
