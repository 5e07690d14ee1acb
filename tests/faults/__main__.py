"""`bin/faults`: hurt the service by every recipe and say what held.

RECIPES=F1,F13   these only
DATABASE=        sqlite, postgres or both (both unless told)
SEED=7           the luck of an earlier run
SEEDS=20         the long form: so many runs, each fault as often as its recipe says
"""

import json
import os
import random
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from tests.faults import needed
from tests.faults.databases import databases
from tests.faults.reading import POSTGRES, SQLITE
from tests.faults.recipes import recipes
from tests.faults.report import as_line, totals
from tests.faults.run import LONG, SHORT, run
from tests.faults.trial import Trial

REPORT = Path("build/faults.json")
KINDS = {"sqlite": [SQLITE], "postgres": [POSTGRES], "both": [SQLITE, POSTGRES]}


def main(environ: Mapping[str, str], arguments: list[str]) -> int:
    if arguments[:1] == ["--safeguards"]:
        return needed.main(arguments[1:], _seeds(environ)[0])
    known = recipes()
    names = [name for name in environ.get("RECIPES", "").split(",") if name] or list(known)
    unknown = [name for name in names if name not in known]
    kinds = KINDS.get(environ.get("DATABASE") or "both")
    if arguments or unknown or not kinds:
        print(__doc__, f"There are {', '.join(known)}.", sep="\n")
        return 2
    seeds = _seeds(environ)
    form = LONG if "SEEDS" in environ else SHORT
    trials: list[Trial] = []
    REPORT.parent.mkdir(exist_ok=True)
    with databases() as made:
        for seed in seeds:
            print(f"Seed {seed}. Seconds to catch up: median · 95 % · worst", flush=True)
            chosen = [known[name] for name in names]
            for trial in run(chosen, kinds, seed, made, form=form):
                print(as_line(trial), flush=True)
                trials.append(trial)
                # Each time, because a long form may be ended early.
                REPORT.write_text(json.dumps([asdict(each) for each in trials], indent=1))
    print("", *totals(trials), sep="\n")
    return 0 if all(trial.held for trial in trials) else 1


def _seeds(environ: Mapping[str, str]) -> list[int]:
    first = int(environ.get("SEED") or random.SystemRandom().randrange(1, 10**6))
    return [first + number for number in range(int(environ.get("SEEDS") or 1))]


if __name__ == "__main__":
    sys.exit(main(os.environ, sys.argv[1:]))
