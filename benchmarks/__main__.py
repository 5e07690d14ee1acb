"""`bin/bench [SUBJECT …]`: run the measures, print each beside its peer, write build/bench.json."""

import sys
from pathlib import Path

from benchmarks import boards, intake, late_deal, live, recalculation, screens, to_the_screen
from benchmarks.calculation import subject as calculation
from benchmarks.measure import Measure, as_line, write_report
from benchmarks.workshop import a_workshop

# The screen first: intake leaves thousands of activities behind.
SUBJECTS = {
    "screen": to_the_screen,
    "live": live,
    "boards": boards,
    "screens": screens,
    "intake": intake,
    "calculation": calculation,
    "recalculation": recalculation,
    "late_deal": late_deal,
}
REPORT = Path("build/bench.json")


def main(names: list[str]) -> int:
    unknown = set(names) - SUBJECTS.keys()
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}. Subjects: {', '.join(SUBJECTS)}.")
        return 2
    done: list[Measure] = []
    with a_workshop() as workshop:
        for name in names or SUBJECTS:
            for measure in SUBJECTS[name].measures(workshop):
                print(as_line(measure), flush=True)
                done.append(measure)
    write_report(done, REPORT)
    print(f"Written to {REPORT}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
