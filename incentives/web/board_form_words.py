"""What the fields of a board's form are called, and what their choices say."""

from collections.abc import Sequence

from incentives.access import ROLES
from incentives.core.boards.definition import NO_CELEBRATIONS, PEOPLE, SILENT, TEAMS, WITH_SOUND
from incentives.core.boards.parts import (
    EVERYONE,
    LEAGUES,
    NAMED,
    NEIGHBOURS,
    NEW_HIRES,
    PROGRAM,
    PSEUDONYM,
    SELF,
    TOP_N,
    WALL,
)
from incentives.core.boards.readings import IMPROVEMENT, OF_TARGET, PER_DAY, RATIO, RAW
from incentives.core.measures import KPIS, MEASURES
from incentives.store.contests import all_contests
from incentives.web.board_form import CONTEST, NAMED_SPAN, ROLLING

Options = Sequence[tuple[str, str]]

LABELS = {
    "name": "Name",
    "entrants": "Who competes",
    "audience-of": "Out of",
    "audience-named": "Which",
    "audience-people": "Who",
    "hidden": "Left out",
    "reading-kind": "Read as",
    "reading-over": "Divided by",
    "reading-minimum_volume": "Ranks from",
    "reading-baseline": "Against",
    "span": "Counts",
    "span-rolling": "Days",
    "span-period": "Period",
    "places": "Places after a tie",
    "ties": "Decides between equal scores",
    "divide-by": "Ranked apart",
    "divide-days": "New for",
    "divide-size": "In each league",
    "divide-move": "Go up and down",
    "divide-since": "Since",
    "freeze-at": "Frozen from",
    "freeze-for": "For whom",
    "benchmarks": "Show what the best tenth, quarter and half have",
    "celebrations": "Celebrate",
}

VIEWERS = {
    EVERYONE: "Everybody, unless said below",
    **{role: f"{label}s" if role != "finance" else label for role, label in ROLES.items()},
    WALL: "Wall screens",
    PROGRAM: "Programs with a key",
}

ENTRANTS: Options = ((PEOPLE, "People"), (TEAMS, "Teams"))
OUT_OF: Options = (
    ("company", "the whole company"),
    ("teams", "teams"),
    ("roles", "roles"),
    ("people", "people by name"),
)
READINGS: Options = (
    (RAW, "the number itself"),
    (OF_TARGET, "a share of the own target"),
    (PER_DAY, "for each day one was there"),
    (IMPROVEMENT, "how much better than before"),
    (RATIO, "divided by something else"),
)
SPANS: Options = (
    ("day", "today"),
    ("week", "this week"),
    ("month", "this month"),
    ("quarter", "this quarter"),
    ("year", "this year"),
    (ROLLING, "the last so many days"),
    (NAMED_SPAN, "one period by its name"),
)
PLACES: Options = (
    ("competition", "1, 2, 2, 4"),
    ("dense", "1, 2, 2, 3"),
    ("ordinal", "1, 2, 3, 4: the first to reach it stands above"),
)
DIVIDES: Options = (
    ("", "nobody"),
    (NEW_HIRES, "new hires"),
    (LEAGUES, "leagues, with moves up and down"),
)
FORMS: Options = (
    (NAMED, "everybody by name"),
    (TOP_N, "the first places only"),
    (NEIGHBOURS, "those around oneself"),
    (PSEUDONYM, "everybody, without names"),
    (SELF, "only the own row"),
)
OTHER_FORMS: Options = (("", "as everybody"), *FORMS)
CELEBRATIONS: Options = (
    (SILENT, "without a sound"),
    (WITH_SOUND, "with a sound"),
    (NO_CELEBRATIONS, "nothing"),
)

# What the schemas say of what was typed, for people.
SENTENCES = {
    "Length must be between 1 and 120.": "Write a name of 1 to 120 letters.",
    "Not a valid integer.": "Write a whole number, such as 10.",
    "Shorter than minimum length 1.": "Choose at least one.",
    'Write the number as text with a point, such as "1234.50".': "Write a number, such as 1.5.",
    "Longer than maximum length 5.": "Choose at most five.",
}


def kpi_options() -> Options:
    """What can be counted: KPIs, and the scores of contests."""
    contests = [(f"{CONTEST}{each.slug}", f"Contest: {each.name}") for each in all_contests()]
    return [*((kpi.slug, kpi.label) for kpi in KPIS.values()), *contests]


def tie_options() -> Options:
    return [("", "–"), *((kpi.slug, kpi.label) for kpi in KPIS.values())]


def over_options() -> Options:
    return [("", "–"), *((slug, measure.label) for slug, measure in MEASURES.items())]


def label_of(name: str) -> str:
    """What a field is called in the list of what is to be written."""
    if name in LABELS:
        return LABELS[name]
    part, *way = name.split("-")
    if part == "scores" and len(way) == 2:
        return f"Number {int(way[0]) + 1}, {way[1].replace('kpi', 'what counts')}"
    if part == "privacy" and way:
        return f"What is seen, {VIEWERS.get(way[0], way[0]).lower()}"
    return name.replace("-", " ").capitalize()
