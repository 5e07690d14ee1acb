"""The same history told to each payee in another order gives every payee the same."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from tests.faults.figures import CODES

NAME = "F27"
WHAT = "one history in twenty orders: early deals late, older versions before and after"
TIMES = (20, 20)
LOAD = 0
DEALS = 25


def inject(house, chance, times):
    history = [house.deal(CODES[0]) for _ in range(DEALS)]
    house.note("history", house.chance.randrange(10**6))
    for number in range(times):
        client, payee = house.client("f27"), CODES[number % len(CODES)]
        for place in chance.sample(range(DEALS), DEALS):
            said = {
                **history[place],
                "payee": payee,
                "source": client.name,
                "external_id": f"F27-{house.noted['history']}-{place}",
            }
            older = {
                "amount": str(20 * chance.randrange(1, 320)),
                "changed_at": (datetime.now(UTC) - timedelta(days=1)).isoformat(),
            }
            versions = [said]
            if chance.random() < 0.5:
                versions.append({**said, **older})
            if chance.random() < 0.3:
                versions.append({**said, **older, "reversed": True})
            for version in chance.sample(versions, len(versions)):
                client.send(version)
        yield f"order {number}"


def holds(house):
    """Each deal gives everybody the same points. What the whole gives, other deals of theirs among
    it, the judge works out for each."""
    told: dict[int, dict[str, int]] = defaultdict(dict)
    for payee, external_id, amount in house.database.rows(
        "SELECT posted_line.payee_id, external_id, sum(posted_line.amount) "
        "FROM posted_line JOIN component ON component.id = component_id "
        "JOIN activity ON activity.id = activity_id "
        "WHERE yields = 'points' AND external_id LIKE ? "
        "GROUP BY posted_line.payee_id, external_id",
        f"F27-{house.noted['history']}-%",
    ):
        told[payee][external_id] = int(amount)
    different = {frozenset(lines.items()) for lines in told.values()}
    if len(told) != len(CODES) or len(different) != 1:
        yield f"{len(told)} payees with the same history have {len(different)} different results"
