"""Redis is killed and comes back later, with what it had on disk or with nothing."""

NAME = "F14"
WHAT = "kill -9 Redis under load and start it again, with its file and without"
TIMES = (2, 10)
AWAY_SECONDS = (3, 10)


def inject(house, chance, times):
    for number in range(times):
        house.redis.stay_down()
        if is_lost := number % 2 == 0:
            house.lose_redis_files()
        house.pause(AWAY_SECONDS[times > 2])
        house.redis.come_back()
        house.wait_for_redis()
        yield "killed, its files lost" if is_lost else "killed"


def holds(house):
    """The truth is in the database: nobody is refused because the queue is away."""
    if house.load.answers.failures or house.load.answers.unanswered:
        answers = house.load.answers
        yield f"intake was hurt: {answers.failures[:5]}, {answers.unanswered} without an answer"
