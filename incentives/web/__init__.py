"""Pages: one blueprint a file, found by its `blueprint`. A view is who, what, answer."""

from flask import Flask

from incentives.discovery import found_in
from incentives.web import errors, headers, pages, sessions


def register(app: Flask) -> None:
    sessions.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    pages.init_app(app)
    for blueprint in found_in("incentives.web", "blueprint"):
        app.register_blueprint(blueprint)
