"""A line for a week in two months is added up from what it says of each (semantics 25)."""

import json

from sqlalchemy import text

from incentives.cli.verify import checks_called
from incentives.extensions import db
from incentives.store.snapshot import Snapshot
from incentives.verify.book import Book
from incentives.verify.report import run
from tests.golden.statement import all_statements
from tests.verify.conftest import without_triggers
from tests.verify.stories import tell

STORIES = (
    "a-week-in-two-months",
    "a-week-in-two-months-by-attainment",
    "a-week-judged-by-two-months",
    "a-quarter-judged-month-by-month",
)


def told(world):
    statements = [each for each in all_statements() if each.name in STORIES]
    for number, statement in enumerate(statements, 1):
        tell(statement, number, world.now)
    world.refresh()


def working(world):
    """What the check of workings counted, what it left out, and what it tells."""
    session = db.session()
    (result,) = run(Book(Snapshot(session), world.now), checks_called(["working"]))
    return result.seen, [str(each) for each in result.told]


def test_every_week_in_two_months_is_added_up_again(world):
    told(world)
    seen, differences = working(world)
    assert differences == []
    assert seen.rows["lines re-added"] > 8
    assert not seen.unjudged


def test_a_rate_of_one_month_that_was_changed_is_found(world):
    told(world)
    session = db.session()
    session.rollback()
    try:
        without_triggers(session)
        said = 'SELECT id, content FROM line_terms WHERE content LIKE \'%"attainment":"0.25"%\''
        ((terms_id, content),) = session.execute(text(said)).all()
        changed = json.loads(content)
        changed["rows"][0]["rate"] = "0.50"  # January's first tier paid nothing
        changed["rows"][3]["rate"] = "0.50"  # nor did February's second
        _write(session, terms_id, changed)
        assert working(world)[1] == []
        changed["rows"][2]["rate"] = "0.06"
        _write(session, terms_id, changed)
        # 100.00 of January and 500 at 6 % of February.
        (difference,) = working(world)[1]
        assert difference.endswith(": 12500 are posted, but its working comes to 13000")
    finally:
        session.rollback()


def _write(session, terms_id, content):
    session.execute(
        text("UPDATE line_terms SET content = :content WHERE id = :id"),
        {"content": json.dumps(content), "id": terms_id},
    )
    session.expire_all()
