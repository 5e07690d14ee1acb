"""Version 1 of the API."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the API and describe it."""
    from incentives.api.v1 import activities, boards, description, exchange_rates, plans

    app.config.update(API_TITLE="Incentives", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = description.DescribedApi(app, spec_kwargs={"security": [{"key": []}]})
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    for part in (activities, boards, exchange_rates, plans, description):
        api.register_blueprint(part.blueprint)
