"""One recipe in one house: load, faults, quiet, judgement."""

import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field

from incentives.supervisor.processes import PROJECT
from tests.faults.databases import environment
from tests.faults.house import House
from tests.faults.recipes import Recipe

# Clients have a little to say before the first fault comes.
BEFORE_SECONDS = 1.0


@dataclass
class Trial:
    recipe: str
    database: str
    what: str
    tried: int = 0
    # To catch up after each fault, and to settle in the end.
    seconds: list[float] = field(default_factory=list)
    acknowledged: int = 0
    found: int = 0
    duplicated: int = 0
    failures: list[str] = field(default_factory=list)
    # Figures of the recipe's own.
    told: list[str] = field(default_factory=list)
    tries: int = 0
    errors: int = 0
    unanswered: int = 0
    p99: float = 0.0
    took: float = 0.0

    @property
    def held(self) -> bool:
        return not self.failures


def try_out(house: House, recipe: Recipe, chance: random.Random, times: int) -> Trial:
    begun = time.monotonic()
    trial = Trial(recipe.name, house.plan.database, recipe.what)
    load = None
    if recipe.load:
        load = house.begin_load(recipe.load, recipe.at_once, catches_up=recipe.catches_up)
    try:
        house.pause(BEFORE_SECONDS if load else 0)
        for _ in recipe.inject(house, chance, times):
            trial.tried += 1
            trial.seconds.append(house.seconds_to_catch_up(recipe.limit))
        if load:
            load.end()
        trial.seconds.append(house.seconds_to_settle(recipe.limit))
        trial.failures += recipe.holds(house)
    except Exception as wrong:
        trial.failures.append(f"after fault {trial.tried}: {type(wrong).__name__}: {wrong}")
    finally:
        house.disarm()
        if load:
            load.end()
    _judge(house, trial)
    if load:
        answers = load.answers
        trial.tries, trial.errors = len(answers.tries), len(answers.failures)
        trial.unanswered, trial.p99 = answers.unanswered, answers.percentile(99)
        rate = recipe.at_once * answers.taken_a_second
        house.tell(f"of {recipe.load:.0f} activities a second {rate:.0f} were taken")
    trial.told, house.told = house.told, []
    trial.took = time.monotonic() - begun
    return trial


def verified(house: House) -> Trial:
    """The product's own checker, at the end of a house."""
    begun = time.monotonic()
    trial = Trial("–", house.plan.database, "flask verify --settled, after all of these")
    # What a recipe has begun may just come to its end, such as a contest.
    house.seconds_to_settle()
    trial.failures += house.verify()
    trial.took = time.monotonic() - begun
    return trial


def _judge(house: House, trial: Trial) -> None:
    """As an independent process, as a stranger would look."""
    asked = subprocess.run(
        [sys.executable, "-m", "tests.faults.judge", house.database.url, str(house.books)],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.PIPE,
        timeout=300,
    )
    if not asked.stdout:
        trial.failures.append("the judge could not read the database")
        return
    verdict = json.loads(asked.stdout)
    # A house may have had other recipes before.
    trial.acknowledged = verdict["acknowledged"] - house.acknowledged
    trial.found = verdict["found"] - house.found
    house.acknowledged, house.found = verdict["acknowledged"], verdict["found"]
    trial.duplicated = verdict["duplicated"]
    trial.failures += verdict["differences"]
    if house.frozen_statements() != house.frozen:
        trial.failures.append("a frozen statement is not what it was")
