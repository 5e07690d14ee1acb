"""One payee cannot be calculated and the sum of another never ends; the others go on, both are
parked with the reason, and come back by themselves when they are healed."""

from tests.faults.plan import Plan

NAME = "F8"
WHAT = "the sum of one payee raises, that of another never ends; later both are well again"
PLAN = Plan(poisoned=True)
TIMES = (1, 10)
LOAD = 20
POISONS = {"person-3": "fails", "person-4": "never ends"}
SECONDS_TO_PARK = 120.0


def inject(house, chance, times):
    ids = {code: payee for payee, code in house.database.rows("SELECT id, code FROM person")}
    poisons = {ids[code]: how for code, how in POISONS.items()}
    for _ in range(times):
        house.set_poison(poisons)
        house.wait_for(lambda: _parked(house) >= poisons.keys(), SECONDS_TO_PARK)
        wanted = {payee: n for payee, n in house.wanted().items() if payee not in poisons}

        def others_are_through(wanted=wanted):
            computed = house.computed()
            return all(computed[payee] >= count for payee, count in wanted.items())

        house.note("others", house.wait_for(others_are_through))
        house.set_poison({})
        yield "poisoned and healed"


def _parked(house):
    rows = house.database.rows("SELECT payee_id FROM marker WHERE problem IS NOT NULL")
    return {payee for (payee,) in rows}
