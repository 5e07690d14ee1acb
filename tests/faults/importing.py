"""A file of deals, imported as a person would who has checked it before."""

import random

from tests.faults.figures import CODES
from tests.faults.house import House
from tests.faults.load import Activity, note, whole_amount

HEADER = "opportunity_id,sales_agent,product,deal_stage,close_date,close_value"


def ask_for_import(house: House, chance: random.Random, rows: int) -> list[Activity]:
    """Returns the deals of the file; they are not promised to anybody yet."""
    deals = [house.deal(chance.choice(CODES)) for _ in range(rows)]
    for deal in deals:
        deal |= {"source": "crm", "amount": whole_amount(chance)}
    file = house.directory / f"deals-{chance.randrange(10**9)}.csv"
    file.write_text("\n".join([HEADER, *(_as_row(deal) for deal in deals)]))
    house.does("import", str(file))
    return deals


def _as_row(deal: Activity) -> str:
    who = deal["payee"].replace("person-", "Person ")
    product, day = deal["attributes"]["product"], deal["occurred_at"][:10]
    return f"{deal['external_id']},{who},{product},Won,{day},{deal['amount']}"


def wait_until_done(house: House, deals: list[Activity], seconds: float = 120.0) -> float:
    """Returns how long it took. From then on all of it must be there."""
    took = house.wait_for(lambda: states(house)[-1] not in ("applying", "checking"), seconds)
    for deal in deals:
        note(house.books / "imports.jsonl", deal)
    return took


def states(house: House) -> list[str]:
    """Of all imports, the first one first."""
    return [state for (state,) in house.database.rows("SELECT state FROM import_run ORDER BY id")]
