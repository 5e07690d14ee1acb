"""What a run has shown, in a table and a few lines."""

from collections.abc import Iterator, Sequence
from statistics import median

from tests.faults.trial import Trial


def as_line(trial: Trial) -> str:
    survived = trial.tried if trial.held else 0
    line = (
        f"{trial.recipe:<5} {trial.database:<9} {survived:>4}/{trial.tried:<4} "
        f"{_seconds(trial.seconds):<24} {trial.took:6.1f} s  {trial.what}"
    )
    told = [f"      {figure}" for figure in (*_books(trial), *trial.told)]
    return "\n".join([line, *told, *(f"      ✗ {failure}" for failure in trial.failures[:5])])


def _books(trial: Trial) -> Iterator[str]:
    if trial.acknowledged:
        yield (
            f"{trial.acknowledged:,} acknowledged, {trial.found:,} found, "
            f"{trial.duplicated:,} duplicated"
        )


def totals(trials: Sequence[Trial]) -> Iterator[str]:
    tried = sum(trial.tried for trial in trials)
    survived = sum(trial.tried for trial in trials if trial.held)
    seconds = [each for trial in trials for each in trial.seconds]
    acknowledged = sum(trial.acknowledged for trial in trials)
    found = sum(trial.found for trial in trials)
    duplicated = sum(trial.duplicated for trial in trials)
    tries = sum(trial.tries for trial in trials)
    yield f"Faults survived          {survived:,} of {tried:,}"
    yield f"Recipes that held        {sum(t.held for t in trials):,} of {len(trials):,}"
    yield (
        f"Activities acknowledged  {acknowledged:,}; found {found:,}, lost "
        f"{acknowledged - found:,}, duplicated {duplicated:,}"
    )
    yield (
        f"Requests                 {tries:,}; {sum(t.errors for t in trials):,} answered with an "
        f"error and {sum(t.unanswered for t in trials):,} not at all, all sent again"
    )
    yield f"Seconds to catch up      {_seconds(seconds)}"


def _seconds(seconds: Sequence[float]) -> str:
    """Median, 95th per cent, worst."""
    if not seconds:
        return "–"
    ordered = sorted(seconds)
    worst_but_few = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    return f"{median(ordered):.1f} · {worst_but_few:.1f} · {ordered[-1]:.1f}"
