"""A board that follows another, because some results have changed, equals one ranked anew."""

import random
from datetime import date

import pytest

from incentives.operations import board_snapshots, ranked_board
from incentives.operations.board_snapshots import forget
from incentives.store.markers import everybody_is_behind
from incentives.store.transaction import writing

BOARDS = {
    "a plain sum": {},
    "teams": {"entrants": "teams"},
    "one team": {"audience": {"of": "teams", "named": ["east"]}},
    "ordinal places, ties by deals": {"places": "ordinal", "ties": ["deals_won"]},
    "dense places": {"places": "dense"},
    "a ratio": {"scores": [{"kpi": "average_deal"}]},
    "against the own target": {"reading": {"kind": "of_target"}},
    "for each day": {"reading": {"kind": "per_available_day"}},
    "the most improved": {"reading": {"kind": "improvement"}},
    "the most improved team": {"entrants": "teams", "reading": {"kind": "improvement"}},
    "new hires apart": {"divide": {"by": "new_hires", "days": 90}},
    "without whom it hides": {"hidden": ["cy-x"]},
    "several measures": {
        "scores": [{"kpi": "revenue"}, {"kpi": "deals_won", "weight": "250"}],
    },
}
DAYS = ["2026-09-20", "2026-10-05", "2026-11-10", "2026-11-17", "2026-11-18"]


def shown(read):
    """All that hangs on a board, in the order of its places."""
    reading = read(since="day")
    others = [read(since=since) for since in ("week", "period")]
    return (
        [repr(row) for row in reading.rows],
        [[row.moved for row in other.rows] for other in others],
        [repr(best) for best in reading.best_splits],
        reading.benchmarks,
        reading.lead,
        dict(reading.look.snapshot.place_of),
    )


@pytest.fixture
def followed(monkeypatch):
    """How many people were looked at anew, each time that a board followed another."""
    counts = []
    follow = ranked_board.follow

    def watched(before, asked, payee_ids):
        counts.append(len(payee_ids))
        return follow(before, asked, payee_ids)

    monkeypatch.setattr(board_snapshots, "follow", watched)
    return counts


@pytest.mark.parametrize("said", BOARDS.values(), ids=BOARDS.keys())
def test_after_every_change_it_is_as_if_it_were_ranked_anew(world, people, board, followed, said):
    for payee in people.values():
        world.quota(payee, "1000", "2026-Q4")
    # What he did in West until then is still West's.
    world.move(people["Bo"], "East", date(2026, 10, 1))
    chance = random.Random(11)  # the same in every run
    world.refresh()
    read = board(**said)
    shown(read)
    stored = []
    for _ in range(8):
        for _ in range(chance.randrange(1, 4)):
            deal = {
                "payee": chance.choice([people["Ana"], people["Bo"], people["Cy"]]),
                "amount": str(chance.randrange(1, 5) * 100),
                "day": chance.choice(DAYS),
            }
            # A deal that is known already is told otherwise: another amount, payee or day.
            again = chance.choice(stored) if stored and chance.random() < 0.3 else None
            number = again or f"F{len(stored)}"
            world.deal(**deal, external_id=number, reversed=bool(again and chance.random() < 0.5))
            stored.append(number)
        world.refresh()
        then = shown(read)
        forget()
        assert then == shown(read)
        # What was forgotten is ranked, and the next one follows it.
    assert len(followed) == 8
    assert max(followed) < len(people)


def test_who_sold_nothing_is_not_asked_for(world, people, board, followed):
    read = board()
    world.deal(people["Ana"], "100")
    world.refresh()
    read()
    world.deal(people["Bo"], "300")
    world.refresh()
    read()
    assert followed == [1]


def test_a_league_is_always_ranked_from_the_beginning(world, people, board, followed):
    read = board(divide={"by": "leagues", "since": "2026-Q3", "size": 2, "move": 1})
    read()
    world.deal(people["Bo"], "300", day="2026-08-03")
    world.refresh()
    then = shown(read)
    forget()
    assert then == shown(read)
    assert not followed


def test_after_a_restore_everybody_is_looked_at(world, people, board, followed):
    read = board()
    world.deal(people["Ana"], "100")
    world.refresh()
    read()
    with writing() as session:
        everybody_is_behind(session, world.now)
    world.refresh()
    read()
    assert not followed
