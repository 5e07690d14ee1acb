"""Nobody reads pay that is not theirs to read, on any page, file, fragment or interface.

Everybody earns a sum of their own that occurs nowhere else. Then somebody signs in and walks to
every address there is: by the routes of the application, and by every link on what they answer.
"""

import re
from datetime import timedelta
from itertools import product

import pytest

from incentives.core.money import from_minor
from incentives.extensions import db
from incentives.operations.change_contests import create_contest
from incentives.operations.contest_rules import ContestRules
from incentives.store import boards, contests, people, plans, teams
from incentives.store.activities import StoredActivity

pytestmark = pytest.mark.usefixtures("today")

LINK = re.compile(r'(?:href|action|hx-get|data-live-poll)="(/[^"#]*)')
# Followed as far as this from a page: enough to open what pages open.
FARTHEST = 200


@pytest.fixture
def database_url(request):
    """The walks take minutes, and are on SQLite alone; on PostgreSQL there is a short one."""
    return request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_database")


@pytest.fixture
def canaries(world):
    """Who earns what, as it would be written: Ana and Bo in the East, Cy in the West."""
    ids = {
        "Ana": world.payee("Ana Silva"),
        "Bo": world.payee("Bo Lind"),
        "Cy": world.payee("Cy Young", team="West"),
    }
    world.plan()
    world.login("Ana", "rep", person_id=ids["Ana"])
    world.login("Bo", "rep", person_id=ids["Bo"])
    world.login("Mia", "manager", manages="East")
    world.login("Dana", "finance")
    world.login("Sam", "administrator")
    amounts = {"Ana": "876543.00", "Bo": "987651.00", "Cy": "765432.00"}
    for name, amount in amounts.items():
        world.quota(ids[name], "10000000")
        world.deal(ids[name], amount)
    rules = ContestRules(
        name="Sprint",
        kpi="revenue",
        starts_at=world.now - timedelta(days=15),
        ends_at=world.now + timedelta(days=1),
        prizes={1: 50_000},
    )
    create_contest(rules, by=None, now=world.now)
    world.refresh()
    # An export is noted with the sum of all, which is for finance alone.
    assert world.sign_in("Dana").get("/payouts/2026-11.csv").status_code == 200
    earned = {name: world.total(payee, "money") for name, payee in ids.items()}
    earned["all"] = sum(earned.values())
    return {name: written(amount_minor) for name, amount_minor in earned.items()}


def written(amount_minor):
    """A sum in every way it could be written: 39,506.04, 39506.04, 3950604, $39,506."""
    amount = from_minor(amount_minor, "USD")
    assert amount_minor > 3_000_000, "a short number could stand on a page by chance"
    return [f"{amount:,f}", f"{amount:f}", str(amount_minor), f"${int(amount):,}"]


def addresses(app):
    """Every route that can be read, with everything there is to put into it."""
    known = {
        "code": [person.code for person in people.everyone()]
        + [team.code for team in teams.all_teams()],
        "period": ["2026-11", "2026-10", "2026-Q4"],
        "slug": [board.slug for board in boards.all_boards()]
        + [plan.slug for plan in plans.all_plans()]
        + [contest.slug for contest in contests.all_contests()],
        "payee_id": people.payee_ids(),
        "activity_id": list(db.session.scalars(db.select(StoredActivity.id))),
        "kind": ["lines", "payees"],
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        names = sorted(rule.arguments)
        for values in product(*(known.get(name, [1]) for name in names)):
            built = rule.build(dict(zip(names, values, strict=True)))
            if built is not None:
                yield built[1]


def everything_read_by(world, name):
    """Address → bytes of all that a person can get to."""
    return walked(world.sign_in(name), list(dict.fromkeys(addresses(world.app))), FARTHEST)


def walked(client, waiting, farthest):
    """Address → bytes of these, and of so many more that they lead to."""
    read = {}
    budget = len(waiting) + farthest
    while waiting and len(read) < budget:
        address = waiting.pop(0)
        if address in read or address.startswith("/static/"):
            continue
        answer = client.get(address)
        assert answer.status_code != 500, f"{address}: {answer.text[:400]}"
        read[address] = answer.data
        found = LINK.findall(answer.text) if answer.mimetype == "text/html" else []
        waiting += [link.replace("&amp;", "&") for link in found]
    return read


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        ("Ana", {"Ana"}),
        ("Bo", {"Bo"}),
        ("Mia", {"Ana", "Bo"}),
        ("Dana", {"Ana", "Bo", "Cy", "all"}),
        ("Sam", set()),
    ],
)
def test_everybody_reads_the_pay_that_is_theirs_to_read(world, canaries, reader, sees):
    read = everything_read_by(world, reader)
    for name, ways in canaries.items():
        where = addresses_with(ways, read)
        if name in sees:
            assert where, f"{reader} finds the pay of {name} nowhere"
        else:
            assert where == [], f"{reader} reads the pay of {name}"


def addresses_with(ways, read):
    return [
        address for address, content in read.items() if any(way.encode() in content for way in ways)
    ]


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_on_postgresql_no_address_of_a_month_tells_a_rep_what_others_earn(world, canaries):
    months = [address for address in addresses(world.app) if "2026-11" in address]
    read = walked(world.sign_in("Ana"), list(dict.fromkeys(months)), 10)
    assert {name for name, ways in canaries.items() if addresses_with(ways, read)} == {"Ana"}
