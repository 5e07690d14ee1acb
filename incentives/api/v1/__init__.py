"""Version 1 of the API."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to wire yet."""
