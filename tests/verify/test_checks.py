"""Each check finds what was planted for it, and a sound world has nothing to find."""

import json
import re
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import text

from incentives.cli.shown_boards import shown_boards
from incentives.cli.verify import checks_called
from incentives.extensions import db
from incentives.operations.change_boards import create_board
from incentives.operations.change_teams import change_team
from incentives.operations.set_quota import set_team_quota
from incentives.store import teams
from incentives.store.snapshot import one_moment
from incentives.store.transaction import writing
from incentives.verify.book import Book
from incentives.verify.report import run
from tests.verify.conftest import found_in, without_triggers

# Ana's first deal of 1,234.56 at 4 %: 49.38, at the quota of 10,000.
FIRST = "payee_id = 1 AND component_id = 2 AND activity_id = 1 AND amends = 0"


def test_a_sound_world_has_no_difference(sound, found):
    with one_moment() as snapshot:
        book = Book(snapshot, sound.now, settled=True)
        results = list(run(book, checks_called(())))
    assert {each.check.name: each.told for each in results if each.told} == {}
    assert found() == {}
    seen = {each.check.name: each.seen.rows for each in results}
    assert seen["facts"]["activities"] == 6
    assert seen["facts"]["credits"] == 7
    assert seen["facts"]["revisions"] == 7
    assert seen["once"]["lines"] == seen["chain"]["lines"]
    # Each of 7 credits earns points and money.
    assert seen["working"]["lines re-added"] >= 14
    assert seen["ledger"]["payees of field-sales revenue-commission"] == 2
    assert seen["triggers"]["tries"] >= 6


def test_the_hash_names_the_line_whose_amount_was_changed(found):
    told = found(f"UPDATE posted_line SET amount = amount + 1 WHERE {FIRST}")
    assert [re.sub(r"line \d+", "line N", each) for each in told["chain"]] == [
        "payee 1, posting 1, line N, component 2, activity 1: is not what was posted"
    ]
    assert told["working"][0].endswith(": 4939 are posted, but its working comes to 4938")
    assert told["ledger"] == [
        "payee 1, component 2, activity 1, period 2026-11: "
        "4939 are posted in all, but the facts give 4938"
    ]
    assert told["engine"][0].endswith("4939 are posted in all, but the engine gives 4938")
    assert told.keys() == {"chain", "working", "ledger", "engine"}


def test_a_line_that_was_deleted_is_missed(found):
    told = found(f"DELETE FROM posted_line WHERE {FIRST}")
    assert re.fullmatch(r"payee 1: line \d+ is missing", told["once"][0])
    assert "is missing" in told["chain"][0]
    assert "0 are posted in all, but the facts give 4938" in told["ledger"][0]


def test_two_lines_that_were_swapped_are_named(sound, found):
    first, second = (line.sequence for line in sound.lines(sound.ana, "money")[:2])
    told = found(
        f"UPDATE posted_line SET sequence = 900 WHERE payee_id = 1 AND sequence = {first}",
        f"UPDATE posted_line SET sequence = {first} WHERE payee_id = 1 AND sequence = {second}",
        f"UPDATE posted_line SET sequence = {second} WHERE payee_id = 1 AND sequence = 900",
    )
    assert f"line {first}, component 2" in told["chain"][0]
    assert told["chain"][0].endswith(f"stands in place of line {second}")


def test_what_a_line_says_of_itself_is_held_against_its_amount(found):
    told = found(f"UPDATE posted_line SET steps = '2' || substr(steps, 2) WHERE {FIRST}")
    # 1,234.56 at 5 % are 61.728, half up 61.73.
    assert told["working"][0].endswith(": 4938 are posted, but its working comes to 6173")
    assert told.keys() == {"chain", "working"}


def test_terms_that_were_changed_show_in_their_hash_and_in_the_lines(found):
    told = found(
        'UPDATE line_terms SET content = replace(content, \'"rate":"0.04"\', '
        '\'"rate":"0.05"\') WHERE component_id = 2'
    )
    assert told["chain"][0].endswith("does not say what it said when it was made")
    assert any("comes to 6173" in each for each in told["working"])


def test_a_line_that_amends_another_than_the_last_is_found(found):
    told = found(
        "UPDATE posted_line SET amends = 1000 WHERE payee_id = 1 AND component_id = 2 "
        "AND activity_id = 2 AND amends > 0"
    )
    assert "amends line 1000, but should amend line" in told["once"][0]


def test_a_posting_whose_time_was_changed_is_found(found):
    told = found("UPDATE posting SET posted_at = '2026-11-01 00:00:00.000000' WHERE payee_id = 2")
    assert "itself, or the hash of the posting before it, is not what it was" in told["chain"][0]
    assert told.keys() == {"chain"}


def test_credit_that_is_doubled_or_does_not_follow_its_activity_is_found(found):
    doubled = found("UPDATE credit SET percent = 100000000 WHERE external_id = 'S7'")
    assert "activity 6, of crm S7: the shares total 200 %, not 100 %" in doubled["facts"]
    assert doubled.keys() >= {"facts", "days", "ledger", "engine"}
    moved = found("UPDATE credit SET payee_id = 1 WHERE external_id = 'B6'")
    assert moved["facts"] == [
        "activity 5, of crm B6: its content or its shares are not what came in: other hash"
    ]
    richer = found("UPDATE credit SET amount = amount * 2 WHERE external_id = 'B6'")
    assert richer["facts"] == [
        "activity 5, of crm B6, payee 2: does not say what the activity says"
    ]


def test_facts_that_are_gone_or_changed_are_found(found):
    gone = found("DELETE FROM credit WHERE external_id = 'B6'", only=("facts",))
    assert gone["facts"] == ["activity 5, of crm B6: is credited to nobody"]
    gap = found("DELETE FROM activity_revision", only=("facts",))
    assert gap["facts"] == [
        "activity 2: is at revision 2, but 0 earlier ones are kept, 1 to 0",
    ]
    changed = found("UPDATE activity SET amount = 1 WHERE external_id = 'A2'", only=("facts",))
    assert len(changed["facts"]) == 2


def test_what_was_acknowledged_and_is_not_stored_is_named(sound, found, tmp_path):
    file = tmp_path / "acknowledged.tsv"
    file.write_text("crm\tA2\ncrm\tLOST 1\nother\tA2\n")
    assert found(only=("facts",), acknowledged=file)["facts"] == [
        "activity of crm LOST 1: was acknowledged, but is not stored",
        "activity of other A2: was acknowledged, but is not stored",
    ]


def test_a_day_result_that_is_not_the_sum_of_its_facts_is_found(found):
    told = found(
        "UPDATE day_result SET value = value + 1 WHERE payee_id = 2 AND measure = 'revenue' "
        "AND day = '2026-11-06'"
    )
    assert told == {
        "days": [
            "payee 2, measure revenue, day 2026-11-06: "
            "1000000001 millionths are stored, but the facts give 1000000000"
        ]
    }
    tie = found("UPDATE day_result SET raised_at = 1 WHERE payee_id = 2 AND day = '2026-11-06'")
    assert "it last grew at 1 as stored, but at" in tie["days"][0]
    missing = found("DELETE FROM day_result WHERE payee_id = 2 AND day = '2026-11-06'")
    assert "0 millionths are stored" in missing["days"][0]


def test_a_board_that_shows_another_score_or_place_is_found(sound, found):
    with one_moment() as snapshot:
        book = Book(snapshot, sound.now)
        board = next(each for each in shown_boards(book) if each.slug == "revenue")
        rows = [(payee, score, 3 - place) for payee, score, place in board.rows]
        book.boards = [board._replace(rows=rows)]
        (result,) = run(book, checks_called(("boards",)))
    assert [str(each) for each in result.told] == [
        "board revenue, payee 1: stands in place 2, but by the days in 1",
        "board revenue, payee 2: stands in place 1, but by the days in 2",
    ]


def test_a_board_that_is_more_than_plain_sums_is_counted_as_not_judged(own):
    document = {
        "schema": 1,
        "name": "New and old",
        "scores": [{"kpi": "revenue"}],
        "span": {"period": "quarter"},
        "divide": {"by": "new_hires", "days": 90},
    }
    create_board(document, by=None, now=own.now)
    with one_moment() as snapshot:
        book = Book(snapshot, own.now)
        book.boards = shown_boards(book)
        (result,) = run(book, checks_called(("boards",)))
    assert result.told == []
    (left,) = result.seen.unjudged
    assert left.startswith("board not judged: new-and-old")


def test_who_ties_shares_a_place(sound, found):
    even = "UPDATE day_result SET value = 5000000 WHERE measure = 'revenue'"
    assert "boards" not in found(even)


UNSAID = {
    "DELETE FROM audit_entry WHERE action = 'plan version published'": "its publishing",
    "DELETE FROM audit_entry WHERE action = 'contest created'": "its making",
    "UPDATE login SET role = 'administrator'": "the role administrator",
    "UPDATE quota SET amount = 12000000 WHERE payee_id = 1": "a quota of 12",
}


def test_a_change_without_its_audit_entry_is_found(found):
    for statement, said in UNSAID.items():
        (told,) = found(statement, only=("audit",))["audit"]
        assert told.endswith(f"the audit has no entry that says so of {said}")


def test_a_team_that_was_renamed_keeps_the_goals_of_its_old_name(own):
    how = {"by": None, "now": own.now}
    with writing() as session:
        east = teams.team_by_code("east")
        set_team_quota(session, east, "revenue", "2026-Q4", Decimal(50_000), **how)
    change_team("east", name="Northeast", parent="", colour=2, **how)
    assert found_in(own, only=("audit",)) == {}


def test_prizes_that_are_not_those_of_the_places_are_found(found):
    halved = found("UPDATE contest_prize SET amount_minor = 25000 WHERE place = 1")
    assert halved["money"] == [
        "contest sprint: place 1 wins 25000 in all, but 50000 are given",
    ]
    paid = found(
        "UPDATE posted_line SET amount = 1 WHERE component_id IN "
        "(SELECT id FROM component WHERE contest_id IS NOT NULL) AND payee_id = 1"
    )
    assert "contest sprint, payee 1: 1 are posted as a prize" in paid["money"][0]
    again = found(
        "INSERT INTO contest_result (contest_id, version, state, standings, declared_at) "
        "SELECT contest_id, version + 1, state, standings, declared_at FROM contest_result"
    )
    assert again["money"] == ["contest sprint: a result was declared after the last word"]


def test_a_column_with_floating_point_is_found(found):
    told = found("ALTER TABLE quota ADD COLUMN share DOUBLE PRECISION", only=("money",))
    assert told["money"] == ["column quota.share: is a column of kind double precision"]


def test_whoever_is_behind_is_left_out_and_told_when_all_should_be_settled(own):
    own.deal(own.bo, "10", external_id="NEW")
    assert found_in(own) == {}
    settled = found_in(own, settled=True)
    assert settled["behind"] == ["payee 2: is not calculated yet"]
    assert settled.keys() == {"behind", "days", "engine", "ledger"}


def test_a_deal_dated_ahead_that_has_just_come_due_is_not_counted_yet(own):
    own.deal(own.bo, "10", at=own.now + timedelta(hours=1), external_id="AHEAD")
    own.refresh()
    later = own.now + timedelta(hours=2)
    assert found_in(own, now=later, settled=True) == {}
    tomorrow = own.now + timedelta(days=1)
    assert "ledger" in found_in(own, now=tomorrow, settled=True)


def test_a_ledger_that_may_be_changed_is_found(own):
    session = db.session()
    without_triggers(session)
    session.commit()
    with one_moment() as snapshot:
        (result,) = run(Book(snapshot, own.now), checks_called(("triggers",)))
    told = [str(each) for each in result.told]
    for table in ("posted_line", "posting", "line_terms"):
        assert f"table {table}: a row could be changed" in told
        assert f"table {table}: a row could be deleted" in told
        if not snapshot.is_postgres:
            assert f"table {table}: a row could be replaced" in told
    before = db.session.execute(text("SELECT count(*) FROM posted_line")).scalar()
    assert before > 0, "what was tried is undone"


def test_the_command_ends_with_one_where_something_differs(own, app, monkeypatch):
    monkeypatch.setattr("incentives.cli.verify.now", lambda: own.now)
    good = app.test_cli_runner().invoke(args=["verify"])
    assert good.exit_code == 0, good.output
    assert good.output.endswith("No difference.\n")
    session = db.session()
    session.execute(text("UPDATE quota SET amount = 12000000 WHERE payee_id = 1"))
    session.commit()
    bad = app.test_cli_runner().invoke(args=["verify", "--format", "json", "--only", "audit"])
    assert bad.exit_code == 1
    document = json.loads(bad.output)
    assert document["differences"] == 1
    (check,) = document["checks"]
    assert check["differences"][0]["ids"] == {
        "payee": "Ana",
        "measure": "revenue",
        "period": "2026-Q4",
    }
    unknown = app.test_cli_runner().invoke(args=["verify", "--only", "luck"])
    assert unknown.exit_code == 1
    assert "There is no check called luck." in unknown.output
