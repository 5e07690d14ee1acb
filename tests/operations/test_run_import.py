"""An import from upload to result: its states, what a worker does, what a killed one leaves."""

from datetime import timedelta

import pytest

from incentives.errors import Invalid, NotFound, Refused
from incentives.operations import import_opportunities as importing
from incentives.operations import import_progress
from incentives.operations import run_import as running
from incentives.operations.change_people import retire_person
from incentives.operations.import_formats import opportunities
from incentives.operations.run_import import run_import
from incentives.operations.start_import import apply_import, check_import, upload_import
from incentives.store import people, teams
from incentives.store.activities import count_activities
from incentives.store.audit import entries_about
from incentives.store.import_runs import import_run, unfinished_runs
from incentives.store.transaction import writing

HEADER = "opportunity_id,sales_agent,deal_stage,close_date,close_value"
COLUMNS = {name: name for name in HEADER.split(",")}
ROWS = "\n".join(f"A{n},Ana Silva,Won,2026-11-0{n},{n}00" for n in (1, 2, 3))


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


def upload(world, rows=ROWS):
    return upload_import("deals.csv", f"{HEADER}\n{rows}".encode(), by=None, now=world.now)


def work(world, run_id):
    run_import(run_id, now=lambda: world.now)
    return import_run(run_id)


def check(world, run_id, columns=COLUMNS, aliases=()):
    check_import(run_id, "opportunities", columns, dict(aliases), by=None, now=world.now)


def test_a_check_stores_nothing_and_the_import_does_what_it_said(world, ana):
    run_id = upload(world, f"{ROWS}\nA4,Nobody,Won,2026-11-04,1")
    assert import_run(run_id).state == "uploaded"
    check(world, run_id)
    assert import_run(run_id).state == "checking"
    checked = work(world, run_id)
    assert (checked.state, checked.report["created"], checked.report["rejected"]) == (
        "checked",
        3,
        1,
    )
    assert count_activities() == 0
    said = dict(checked.report)
    apply_import(run_id, by=None, now=world.now)
    done = work(world, run_id)
    assert done.state == "done"
    assert done.report == {**said, "dry_run": False}
    assert (done.rows_done, done.rows_total, count_activities()) == (3, 3, 3)


def test_a_job_that_comes_twice_does_its_work_once(world, ana):
    run_id = upload(world)
    check(world, run_id)
    first = work(world, run_id).report
    assert work(world, run_id).report == first
    assert work(world, 999) is None


def test_a_killed_worker_leaves_an_import_that_goes_on(world, ana, monkeypatch):
    monkeypatch.setattr(import_progress, "CHUNK", 1)
    run_id = upload(world)
    check(world, run_id)
    work(world, run_id)
    apply_import(run_id, by=None, now=world.now)

    real, calls = importing.record_activities, []

    def killed_at_the_second_chunk(*arguments, **options):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return real(*arguments, **options)

    monkeypatch.setattr(importing, "record_activities", killed_at_the_second_chunk)
    with pytest.raises(SystemExit):
        work(world, run_id)
    assert (import_run(run_id).state, import_run(run_id).rows_done) == ("applying", 1)
    # Another worker keeps off while it might be alive; then the sweeper finds the import.
    assert work(world, run_id).state == "applying"
    world.now += timedelta(minutes=1)
    assert unfinished_runs(world.now - timedelta(seconds=30)) == [run_id]
    done = work(world, run_id)
    assert (done.state, done.report["created"], count_activities()) == ("done", 3, 3)


def test_an_import_that_stops_says_so_and_can_be_started_again(world, ana, monkeypatch, caplog):
    run_id = upload(world)
    check(world, run_id)
    work(world, run_id)
    apply_import(run_id, by=None, now=world.now)

    def breaks(*_, **__):
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(opportunities, "import_opportunities", breaks)
        stopped = work(world, run_id)
    assert stopped.state == "failed"
    assert "Start it again" in stopped.report["problem"]
    apply_import(run_id, by=None, now=world.now)
    assert work(world, run_id).state == "done"


def test_columns_that_are_not_clear_are_named(world, ana):
    run_id = upload(world)
    with pytest.raises(Invalid) as refused:
        check(world, run_id, {**COLUMNS, "deal_stage": "close_value", "close_date": "nowhere"})
    assert set(refused.value.fields) == {"close_value", "close_date"}
    assert import_run(run_id).state == "uploaded"


def test_what_was_not_checked_cannot_be_imported(world, ana):
    run_id = upload(world)
    with pytest.raises(Refused, match="moved on"):
        apply_import(run_id, by=None, now=world.now)
    with pytest.raises(NotFound):
        apply_import(999, by=None, now=world.now)


def test_a_file_that_is_no_table_is_refused_at_once(world):
    with pytest.raises(Invalid, match="Save it as CSV"):
        upload_import("deals.xlsx", b"PK\x03\x04...", by=None, now=world.now)


def test_everything_an_import_does_is_audited(world, ana):
    run_id = upload(world)
    check(world, run_id)
    work(world, run_id)
    apply_import(run_id, by=ana, now=world.now)
    work(world, run_id)
    actions = [entry.action for entry in reversed(entries_about(4))]
    assert actions == [
        "import uploaded",
        "import check asked for",
        "import asked for",
        "opportunities imported",
    ]
    assert entries_about(1)[0].actor_id == ana


TEAM_COLUMNS = {name: name for name in ("sales_agent", "manager", "regional_office")}


def team_list(*rows):
    return "\n".join([",".join(TEAM_COLUMNS), *rows]).encode()


def check_teams(world, *rows):
    run_id = upload_import("teams.csv", team_list(*rows), by=None, now=world.now)
    check_import(run_id, "teams", TEAM_COLUMNS, {}, by=None, now=world.now)
    return run_id, work(world, run_id)


def test_a_list_of_teams_does_in_chunks_what_its_check_said(world, monkeypatch):
    monkeypatch.setattr(import_progress, "SLOW_CHUNK", 1)
    # Mia is made as a manager by the first chunk, and sells by the last.
    run_id, checked = check_teams(world, "Ana,Mia,East", "Bo,Leo,West", "Mia,Leo,West")
    assert checked.state == "checked"
    said = dict(checked.report)
    assert (said["created"], said["changed"]) == (2, 1)
    assert teams.all_teams() == []
    apply_import(run_id, by=None, now=world.now)
    done = work(world, run_id)
    assert done.report == {**said, "dry_run": False}
    assert done.rows_done == 3
    assert [person.name for person in people.payees()] == ["Ana", "Bo", "Mia"]


def test_a_killed_worker_leaves_a_list_of_teams_that_goes_on(world, monkeypatch):
    monkeypatch.setattr(import_progress, "SLOW_CHUNK", 1)
    run_id, checked = check_teams(world, "Ana,Mia,East", "Bo,Leo,West")
    said = dict(checked.report)
    apply_import(run_id, by=None, now=world.now)

    real = running._note_progress

    def killed_after_the_first_chunk(*arguments):
        real(*arguments)
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(running, "_note_progress", killed_after_the_first_chunk)
        with pytest.raises(SystemExit):
            work(world, run_id)
    assert len(people.payees()) == 1
    world.now += timedelta(minutes=1)
    assert work(world, run_id).report == {**said, "dry_run": False}
    assert len(people.payees()) == 2


def test_an_import_that_a_worker_has_taken_up_is_left_to_it(world, ana, monkeypatch):
    run_id = upload(world)
    check(world, run_id)
    with monkeypatch.context() as dying:
        dying.setattr(running, "_work", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            work(world, run_id)
    # Not a row is done yet, and still it has a worker, as far as anybody knows.
    assert work(world, run_id).state == "checking"
    world.now += timedelta(minutes=1)
    assert work(world, run_id).state == "checked"


def test_whoever_has_left_is_not_brought_back_by_an_old_list(world, ana):
    with writing() as session:
        person = session.get(people.Person, ana)
        retire_person(session, person, on=world.now.date(), by=None, now=world.now)
    _, checked = check_teams(world, "Ana Silva,Mia,West")
    assert (checked.report["created"], checked.report["changed"]) == (0, 0)
    assert "Gone, and not brought back: Ana Silva." in checked.report["notes"]


def test_a_manager_who_sells_from_now_on_is_a_change_once(world):
    run_id, first = check_teams(world, "Ana,Mia,East", "Mia,Mia,East")
    assert (first.report["created"], first.report["changed"]) == (1, 1)
    apply_import(run_id, by=None, now=world.now)
    work(world, run_id)
    _, again = check_teams(world, "Ana,Mia,East", "Mia,Mia,East")
    assert [again.report[name] for name in ("created", "changed", "unchanged")] == [0, 0, 2]
