"""Nobody calculates for a while; what comes in is taken and worked off when workers are back."""

NAME = "F10"
WHAT = "no worker at all while activities come in, then two"
TIMES = (5, 600)  # seconds without a worker


def inject(house, chance, times):
    for worker in house.refreshers:
        worker.stay_down()
    before = len(house.load.answers.tries)
    house.pause(times)
    taken = len(house.load.answers.tries) - before
    house.tell(f"{taken / times:.0f} activities a second were taken meanwhile")
    waiting = house.connection().llen("rq:queue:refresh")
    for worker in house.refreshers:
        worker.come_back()
    house.note("jobs waiting", waiting)
    yield f"{times} s without a worker"


def holds(house):
    if house.load.answers.failures or house.load.answers.unanswered:
        yield f"intake was hurt: {house.load.answers.failures[:5]}"
    payees = len(house.wanted())
    if house.noted["jobs waiting"] > payees * 3:
        yield f"{house.noted['jobs waiting']} jobs for {payees} payees"
