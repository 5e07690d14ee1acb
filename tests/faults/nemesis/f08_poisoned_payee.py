"""One payee of a thousand cannot be calculated and the sum of another never ends; the others go on,
both are parked where their manager sees it, and come back by themselves when they are healed."""

import time

from tests.faults.plan import Plan

NAME = "F8"
WHAT = "of 1,000 payees one's sum raises and another's never ends; later both are well again"
PLAN = Plan(payees=1_000, poisoned=True)
TIMES = (1, 10)
LOAD = 0
POISONS = {"Person 3": "fails", "Person 4": "never ends"}
SECONDS_TO_PARK = 120.0
# So much later than without the poison are the others through.
MOST_DELAY_SECONDS = 5.0


def inject(house, chance, times):
    ids = dict(house.database.rows("SELECT name, id FROM person"))
    poisons = {ids[name]: how for name, how in POISONS.items()}
    house.note("wrong", [])
    for _ in range(times):
        well = _seconds_for_the_others(house, poisons)
        house.set_poison(poisons)
        delayed = _seconds_for_the_others(house, poisons) - well
        others = house.plan.payees - len(poisons)
        house.tell(f"{others} payees: {well:.1f} s without the poison, {delayed:+.1f} s with it")
        if delayed > MOST_DELAY_SECONDS:
            house.noted["wrong"].append(f"the others waited {delayed:.1f} s longer than without")
        house.wait_for(lambda: _parked(house) >= poisons.keys(), SECONDS_TO_PARK)
        seen = _seen_by_their_manager(house)
        if _parked(house) != poisons.keys() or seen != poisons.keys():
            house.noted["wrong"].append(f"parked {_parked(house)}, their manager sees {seen}")
        house.set_poison({})
        yield "poisoned and healed"


def _seconds_for_the_others(house, poisons):
    """A deal for each of the thousand, until all but the poisoned have theirs worked in."""
    client = house.client("f8")
    payees = [f"person-{number}" for number in range(house.plan.payees)]
    client.send_at_once([house.deal(payee) for payee in payees])
    begun = time.monotonic()
    wanted = {payee: n for payee, n in house.wanted().items() if payee not in poisons}

    def others_are_through():
        computed = house.computed()
        return all(computed[payee] >= count for payee, count in wanted.items())

    house.wait_for(others_are_through, SECONDS_TO_PARK)
    return time.monotonic() - begun


def _parked(house):
    rows = house.database.rows("SELECT payee_id FROM marker WHERE problem IS NOT NULL")
    return {payee for (payee,) in rows}


def _seen_by_their_manager(house):
    ids = dict(house.database.rows("SELECT name, id FROM person"))
    page = house.page("/earnings")
    rows = [row for row in page.split("<tr") if "Parked" in row]
    return {ids[name] for name in POISONS for row in rows if f">{name}<" in row}


def holds(house):
    yield from house.noted["wrong"]
