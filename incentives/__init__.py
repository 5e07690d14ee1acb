"""Incentives: what people do becomes points, badges and commission, live and explained."""

import os
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from config import Config
from incentives import access
from incentives.extensions import csrf, db, htmx, limiter, login_manager, migrate
from incentives.patience import PatientFlask
from incentives.store import schema  # noqa: F401  registers every table
from incentives.store.transaction import configure_engine
from incentives.unreadable import IdConverter, refuse_nul

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Config | None = None) -> Flask:
    """The application, wired: extensions, pages, API, errors, commands; nothing else."""
    app = create_background_app(config)
    app.url_map.converters["int"] = IdConverter
    app.before_request(refuse_nul)
    app.before_request(access.check_policy)
    _register(app)
    return app


def create_background_app(config: Config | None = None) -> Flask:
    """The same for a process that answers nobody, without pages, API and commands: after a kill it
    is back sooner."""
    app = PatientFlask(
        __name__,
        root_path=str(ROOT),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.config.from_object(config or Config.from_environment(os.environ))
    _wire_extensions(app)
    return app


def _wire_extensions(app: Flask) -> None:
    htmx.init_app(app)
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    login_manager.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    # Files come compressed and with long caching, without a web server in front.
    static_files = WhiteNoise(app.wsgi_app, root=str(ROOT / "static"), prefix="static/")
    app.wsgi_app = static_files  # type: ignore[method-assign]


def _register(app: Flask) -> None:
    from incentives.api import register as register_api
    from incentives.cli import register as register_cli
    from incentives.web import register as register_web

    register_web(app)
    register_api(app)
    register_cli(app)
