"""Redis is full and refuses to take another key."""

NAME = "F16"
WHAT = "Redis full: every job and hint refused, then room again"
TIMES = (1, 10)


def inject(house, chance, times):
    redis = house.connection()
    for _ in range(times):
        # Less than it needs for itself, so that everything that adds is refused.
        redis.config_set("maxmemory", "1mb")
        house.pause(3)
        redis.config_set("maxmemory", "0")
        yield "full"


def holds(house):
    if house.load.answers.failures or house.load.answers.unanswered:
        yield f"intake was hurt: {house.load.answers.failures[:5]}"
