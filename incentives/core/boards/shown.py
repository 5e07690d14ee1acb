"""What the number of a board is called, in which unit it stands, and how it is explained."""

from collections.abc import Sequence
from dataclasses import replace

from incentives.core.boards.parts import ReadingTerms
from incentives.core.boards.readings import RATIO
from incentives.core.measures import KPIS, MEASURES, POINTS, Kpi


def kpi_of(slug: str, reading: ReadingTerms) -> Kpi:
    """A KPI as a board reads it: divided by another measure, or with a minimum of its own."""
    kpi = KPIS[slug]
    if reading.kind == RATIO and reading.over is not None:
        over = MEASURES[reading.over]
        least = reading.minimum_volume or 1
        return Kpi(
            f"{slug}_per_{over.slug}",
            f"{kpi.label} / {over.label.lower()}",
            "money" if kpi.unit == "money" else "ratio",
            kpi.counts,
            over=over.slug,
            minimum_volume=least,
            explanation=f"{kpi.label} divided by {over.label.lower()}. Ranks from {least}.",
        )
    if kpi.over and reading.minimum_volume is not None:
        least = reading.minimum_volume
        explanation = f"{kpi.explanation.rsplit('. ', 1)[0]}. Ranks from {least}."
        return replace(kpi, minimum_volume=least, explanation=explanation)
    return kpi


def kpi_shown(name: str, kpis: Sequence[Kpi], reading: ReadingTerms) -> Kpi:
    """The number that stands on a board of these KPIs."""
    if not kpis:
        return Kpi(name, name, "count", POINTS)
    if len(kpis) > 1:
        parts = ", ".join(kpi.label.lower() for kpi in kpis)
        return Kpi(name, "Score", "points", kpis[0].counts, explanation=f"Weighed: {parts}.")
    kpi = kpis[0]
    match reading.kind:
        case "of_target":
            return replace(
                kpi,
                label=f"{kpi.label}, % of target",
                unit="ratio",
                over=None,
                lower_is_better=False,
                explanation=f"{kpi.label} as a share of the own target.",
            )
        case "per_available_day":
            return replace(
                kpi,
                label=f"{kpi.label} a day",
                explanation=f"{kpi.label} for each working day that one was there.",
            )
        case "improvement":
            return replace(
                kpi,
                label=f"{kpi.label}, improvement",
                unit="ratio",
                over=None,
                lower_is_better=False,
                explanation=f"How much better {kpi.label.lower()} is than in the own time before.",
            )
    return kpi
