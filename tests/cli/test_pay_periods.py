"""flask pay-periods: list and lock months of pay."""

import pytest

from incentives.store.audit import entries_of
from tests.operations.test_read_settlement import document


@pytest.fixture
def run(app, world, monkeypatch):
    monkeypatch.setattr("incentives.cli.pay_periods.now", lambda: world.now)
    ana = world.payee("Ana Silva")
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    return lambda *words: app.test_cli_runner().invoke(args=["pay-periods", *words])


def test_months_are_listed_and_locked(run):
    assert run("list").output == "2026-10  open, can be locked\n2026-11  open\n"
    assert run("lock", "2026-10", "--note", "Run 10").output == "2026-10 is locked.\n"
    assert run("list").output.startswith("2026-10  locked since 2026-11-18 15:00 UTC\n")
    [entry] = entries_of("pay period locked", 5)
    assert (entry.via, entry.after["note"]) == ("command line", "Run 10")


def test_a_refusal_is_a_sentence(run):
    answer = run("lock", "2026-11")
    assert answer.exit_code == 1
    assert "2026-11 goes on until 2026-11-30" in answer.output
    assert "Name one, such as 2026-11." in run("lock", "soon").output
    assert "Write at most 400 characters." in run("lock", "2026-10", "--note", "x" * 401).output
