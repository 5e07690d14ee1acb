"""Two browsers and a whole running service, on a small company."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from incentives import create_app
from incentives.extensions import db
from incentives.operations.change_api_keys import create_api_key
from tests.conftest import config_for
from tests.services.running_service import RunningService
from tests.world import PASSWORD, World

# A machine that is busy is not a fault: what has to come sooner says so itself.
expect.set_options(timeout=15_000)


@pytest.fixture
def company(sqlite_database, tmp_path):
    """Ana, Bo and Cy of two teams, a plan, quotas and a few deals of this quarter, worked in."""
    app = create_app(config_for(tmp_path, sqlite_database))
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    with app.app_context():
        now = datetime.now(UTC)
        world = World(app, now)
        period = f"{now.year}-Q{(now.month - 1) // 3 + 1}"
        world.ana = world.payee("Ana Silva", "East")
        world.bo = world.payee("Bo Lind", "West")
        world.cy = world.payee("Cy Okoro", "West")
        world.plan()
        for payee, name, amount in (
            (world.ana, "Ana Silva", "900"),
            (world.bo, "Bo Lind", "700"),
            (world.cy, "Cy Okoro", "500"),
        ):
            world.quota(payee, "1000", period)
            world.deal(payee, amount, at=now)
            world.login(name, "rep", person_id=payee)
        world.login("Max Manager", "manager", manages="East")
        world.login("Fay Finance", "finance")
        world.login("Ada Admin", "administrator")
        world.refresh()
        scopes = ["activities:write", "boards:read"]
        world.key = create_api_key("tests", scopes, by=None, now=now)
        db.session.remove()
        yield world
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def service(company, sqlite_database, redis_url, tmp_path):
    running = RunningService(tmp_path, sqlite_database, redis_url)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def sign_in(new_context, service):
    """A page of a browser in which this person is signed in."""

    def signed_in(name, **options):
        page = new_context(**options).new_page()
        page.goto(f"{service.url}/sign-in")
        page.get_by_label("E-mail").fill(f"{name.split()[0].lower()}@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return signed_in
