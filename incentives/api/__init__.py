"""The HTTP API for programs."""

from flask import Flask


def register(app: Flask) -> None:
    from incentives.api import v1

    v1.init_app(app)
