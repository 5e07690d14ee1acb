"""Every connection ends in the middle of the last recalculation there is: nothing comes in that
would ask for it again."""

from tests.faults.nemesis.f21_lost_connections import ENDS
from tests.faults.reading import POSTGRES

NAME = "F21Q"
WHAT = "end every connection in the middle of the last job there is"
DATABASES = (POSTGRES,)
TIMES = (1, 20)
LOAD = 0


def inject(house, chance, times):
    client = house.client("f21q")
    for _ in range(times):
        house.seconds_to_settle()
        house.arm("read", "wait")
        client.send(house.deal())
        house.wait_until_reached("read")
        house.database.rows(f"{ENDS} AND datname = current_database()")
        house.let_go("read")
        yield "connections ended"
