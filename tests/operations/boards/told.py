"""Who looks at the boards of these tests, and what they are told."""

from incentives.core.boards.privacy import Viewer

MANAGER = Viewer("manager")
TEAMS = {"Ana": "East", "Bo": "West", "Cy": "West", "Di": "East"}


def told(reading):
    return [
        (row.entrant.name.split()[0], row.standing.score, row.standing.place)
        for row in reading.rows
    ]


def names(reading):
    return [row.entrant.name.split()[0] for row in reading.rows]
