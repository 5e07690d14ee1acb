"""Redis is emptied while everybody is behind: jobs, hints and RQ's own books are all gone, and no
further activity asks again."""

NAME = "F13"
WHAT = "FLUSHALL while 500 activities wait, and nothing comes in afterwards"
TIMES = (2, 50)
# What comes in later would ask for the lost work as well.
LOAD = 0
ACTIVITIES = 500


def inject(house, chance, times):
    client = house.client("f13")
    for _ in range(times):
        with house.nobody_calculating():
            client.send_at_once([house.deal() for _ in range(ACTIVITIES)])
            house.connection().flushall()
        yield "FLUSHALL"
