"""`flask recalculate` as somebody types it."""

from sqlalchemy import text

from incentives.operations import recalculate as recalculation
from incentives.store.transaction import writing


def run(app, *names):
    return app.test_cli_runner().invoke(args=["recalculate", *names])


def test_everybody_is_calculated_and_only_what_differs_is_posted(app, world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    world.deal(ana, "400", product="GTX Pro")
    assert run(app).stdout == "Calculated 1 payee: 2 lines posted.\n"
    assert world.total(ana, "money") == 1600
    assert run(app).stdout == "Calculated 1 payee: 0 lines posted.\n"


def test_only_those_who_are_named(app, world):
    ana, bo = world.payee("Ana Silva"), world.payee("Bo Lind")
    world.plan()
    for payee in (ana, bo):
        world.quota(payee, "1000")
        world.deal(payee, "400")
    assert run(app, "bo-lind").exit_code == 0
    assert (world.total(ana, "money"), world.total(bo, "money")) == (0, 1600)


def test_nobody_of_that_name(app, world):
    answer = run(app, "nobody")
    assert answer.exit_code == 1
    assert "Nobody who can earn is called nobody." in answer.output


def test_many_are_shared_among_processes(app, world, monkeypatch):
    monkeypatch.setattr(recalculation, "WORTH_SHARING", 2)
    monkeypatch.setattr(recalculation, "PORTION", 1)
    payees = [world.payee(f"Payee {number}") for number in range(3)]
    world.plan()
    for payee in payees:
        world.quota(payee, "1000")
        world.deal(payee, "400")
    assert run(app).stdout == "Calculated 3 payees: 6 lines posted.\n"
    assert [world.total(payee, "money") for payee in payees] == [1600] * 3
    with writing() as session:
        assert session.scalar(text("SELECT count(*) FROM marker WHERE wanted > computed")) == 0
