"""SQLite and PostgreSQL hand over the same bytes, whatever the names and their order."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from incentives import create_app
from incentives.core.activity import Share
from incentives.core.exchange import Rate
from incentives.extensions import db
from incentives.operations.set_exchange_rates import set_exchange_rates
from tests.conftest import NOW, config_for
from tests.world import World

# Two of one name, capitals beside small letters, and letters that collations move about.
NAMES = ("ana silva", "Ana Silva", "Ana Silva", "Ángela Ruiz", "Zoë Lind", "Öz Demir", "a-b", "ab")
FILES = (
    "/payouts/2026-11.csv",
    "/payouts/2026-11/lines.csv",
    "/payouts/2026-10/lines.csv",
)


def tell(world):
    """Splits, a late deal, a revision, a reversal and two currencies, worked in bit by bit."""
    world.login("Dana Ortiz", "finance")
    payees = [world.payee(name, team="EAST" if at % 2 else "east") for at, name in enumerate(NAMES)]
    world.plan()
    codes = [world.code(payee) for payee in payees]
    rate = Rate("EUR", "USD", date(2026, 10, 1), Decimal("1.0853"), "ECB")
    set_exchange_rates([rate], by=None, now=world.now)
    for at, payee in enumerate(payees):
        world.quota(payee, f"{1000 + at}")
        world.deal(payee, f"{333 + at}.33", day="2026-11-10", external_id=f"d{at}")
        thirds = [Decimal("33.333333"), Decimal("33.333333"), Decimal("33.333334")]
        shares = [Share(codes[(at + n) % len(codes)], part) for n, part in enumerate(thirds)]
        world.deal(payee, "1000.01", currency="EUR", shares=tuple(shares), external_id=f"D{at}")
    world.refresh()
    world.deal(payees[0], "700", day="2026-10-02", external_id="=late")
    world.deal(payees[1], "334.34", external_id="d1", reversed=True)
    world.deal(payees[2], "99.99", external_id="d2")
    world.refresh()
    return codes


@pytest.mark.postgres
def test_every_file_of_pay_is_the_same_to_the_byte(sqlite_database, postgres_database, tmp_path):
    said = []
    for number, url in enumerate((sqlite_database, postgres_database)):
        app = create_app(config_for(tmp_path / str(number), url))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
        with app.app_context(), time_machine.travel(NOW, tick=False):
            world = World(app, NOW)
            codes = tell(world)
            dana = world.sign_in("Dana Ortiz")
            statements = [f"/earnings/{code}/2026-11.csv" for code in codes]
            said.append({address: read(dana, address) for address in (*FILES, *statements)})
            db.session.remove()
            db.engine.dispose()
    sqlite, postgres = said
    assert sqlite.keys() == postgres.keys()
    for address in sqlite:
        assert sqlite[address] == postgres[address], address
        assert sqlite[address].count(b"\r\n") > 1, address


def read(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return answer.data
