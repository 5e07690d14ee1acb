"""The desk forks for every import. The forked process is killed in the middle of a file, alone and
together with the worker that watches over it; another goes on where it was."""

import os
import signal

from tests.faults.figures import CODES
from tests.faults.kept import children_of
from tests.faults.load import note, whole_amount

NAME = "F1D"
WHAT = "kill -9 the forked process of an import, alone and with its worker"
TIMES = (2, 20)
# Somebody else's request would reach the point.
LOAD = 0
# Two transactions, so that there is something between them.
ROWS = 600


def inject(house, chance, times):
    house.desk.come_back()
    for number in range(times):
        deals = [house.deal(chance.choice(CODES)) for _ in range(ROWS)]
        file = house.directory / f"deals-{number}.csv"
        file.write_text(_as_table(deals, chance))
        house.arm("stored", "wait")
        house.does("import", str(file))
        house.wait_until_reached("stored")
        assert children_of(house.desk.pid), "the desk works in a process of its own"
        if number % 2:
            house.desk.send(signal.SIGKILL)
        else:
            os.kill(children_of(house.desk.pid)[0], signal.SIGKILL)
        house.disarm()
        house.wait_for(lambda: _states(house)[-1] not in ("applying", "checking"), 120)
        # From now on it must all be there.
        for deal in deals:
            note(house.books / "imports.jsonl", deal)
        yield "killed with its worker" if number % 2 else "killed"
    house.desk.stay_down()


def _as_table(deals, chance):
    """The deals as the CRM lists them; what is in the file is then what the books say."""
    rows = ["opportunity_id,sales_agent,product,deal_stage,close_date,close_value"]
    for deal in deals:
        deal |= {"source": "crm", "amount": whole_amount(chance)}
        who = deal["payee"].replace("person-", "Person ")
        rows.append(
            f"{deal['external_id']},{who},{deal['attributes']['product']},Won,"
            f"{deal['occurred_at'][:10]},{deal['amount']}"
        )
    return "\n".join(rows)


def _states(house):
    return [state for (state,) in house.database.rows("SELECT state FROM import_run ORDER BY id")]


def holds(house):
    if set(_states(house)) != {"done"}:
        yield f"the imports are {_states(house)}"
