"""The checker agrees with the engine about every kind of plan there is a golden statement of."""

from incentives.cli.verify import checks_called
from incentives.store.snapshot import one_moment
from incentives.verify.book import Book
from incentives.verify.report import run
from tests.verify.stories import tell, tellable


def test_what_every_golden_plan_posts_is_added_up_again(world):
    statements = tellable()
    for number, statement in enumerate(statements, 1):
        tell(statement, number, world.now)
    world.refresh()
    with one_moment() as snapshot:
        book = Book(snapshot, world.now)
        found = {each.check.name: each for each in run(book, checks_called(()))}
    assert {name: each.told for name, each in found.items() if each.told} == {}
    re_added = found["working"].seen.rows["lines re-added"]
    assert re_added > 5 * sum(found["working"].seen.unjudged.values())
    assert found["ledger"].seen.rows["amounts"] > 50
