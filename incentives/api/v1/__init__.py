"""Version 1 of the API."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the API and describe it."""
    from incentives.api.v1 import (
        activities,
        adjustments,
        announcements,
        boards,
        description,
        exchange_rates,
        feed,
        kudos,
        pay_periods,
        plans,
    )

    app.config.update(API_TITLE="Incentives", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = description.DescribedApi(app, spec_kwargs={"security": [{"key": []}]})
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    parts = (
        activities,
        adjustments,
        announcements,
        boards,
        exchange_rates,
        feed,
        kudos,
        pay_periods,
        plans,
        description,
    )
    for part in parts:
        api.register_blueprint(part.blueprint)
