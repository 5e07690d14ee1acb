"""The contest pages: who may see and change them, what a wrong form says, what is streamed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from incentives.live.views import View, live_views
from incentives.operations.settle_contests import settle_contests
from incentives.store.contests import contest_by_slug
from incentives.web import contests as pages
from tests.web.forms import hidden

FORM = {
    "name": "November sprint",
    "kpi": "revenue",
    "starts_at": "2026-11-01T00:00",
    "ends_at": "2026-11-25T00:00",
    "prize_rows": "3",
    "prize-1": "1,500",
    "prize-2": "700.50",
    "prize-3": "",
    "reserve": "",
    "grace_days": "3",
}


@pytest.fixture(autouse=True)
def today(monkeypatch, world):
    monkeypatch.setattr(pages, "now", lambda: world.now)


@pytest.fixture
def company(world):
    ana, bo = world.payee("Ana Silva"), world.payee("Bo Lind")
    world.login("Mia Berg", "manager", manages="East")
    world.login("Ana Silva", "rep", person_id=ana)
    return ana, bo


@pytest.fixture
def mia(world, company):
    return world.sign_in("Mia Berg")


def make(client, **changes):
    return client.post("/contests", data={**FORM, **changes})


def test_a_manager_sets_up_a_contest_and_everybody_sees_who_leads(world, company, mia):
    answer = make(mia)
    assert answer.status_code == 302, answer.text
    assert [prize.amount_minor for prize in contest_by_slug("november-sprint").prizes] == [
        150_000,
        70_050,
    ]
    world.deal(company[0], "900")
    page = world.sign_in("Ana Silva").get("/contests/november-sprint")
    assert page.status_code == 200
    assert "Ana Silva" in page.text
    assert "$1,500" in page.text
    assert "$700.50" in page.text
    assert "Nobody yet" in page.text  # Bo has 0, and 0 holds no prize
    assert "Amend the rules" not in page.text


def test_the_list_tells_live_upcoming_and_ended_apart(world, mia):
    assert "No contest yet" in mia.get("/contests").text
    make(mia)
    make(mia, name="Later", starts_at="2026-12-01T00:00", ends_at="2026-12-05T00:00")
    make(mia, name="Before", starts_at="2026-10-01T00:00", ends_at="2026-10-05T00:00")
    settle_contests(now=world.now)
    text = mia.get("/contests").text
    assert text.index(">Live<") < text.index(">Upcoming<") < text.index(">Ended<")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write a name"),
        ({"starts_at": ""}, "Write when it starts."),
        ({"ends_at": "tomorrow"}, "Write a date and a time"),
        ({"ends_at": "2026-11-01T00:00"}, "Write an end after the start."),
        ({"prize-1": "much"}, "Write a number, such as 500 or 2.5."),
        ({"prize-1": "1.005"}, "USD has 2 decimals. Write fewer."),
        ({"prize-1": "", "prize-2": "5"}, "prizes leave no place out"),
        ({"prize-1": "-5"}, "Write a number, such as 500 or 2.5."),
        ({"kpi": "luck"}, "Choose one of the KPIs."),
        ({"reserve": "1e9"}, "Write a number"),
        ({"grace_days": "99"}, "from 0 to 30"),
        ({"grace_days": ""}, "from 0 to 30"),
        ({"teams": "4711"}, "One of the teams is not there any more."),
    ],
)
def test_a_wrong_form_says_what_to_write_and_keeps_what_was_typed(mia, changes, sentence):
    answer = make(mia, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="700.50"' in answer.text or "prize-2" in changes
    assert contest_by_slug("november-sprint") is None


def test_rows_for_prizes_are_added_and_dropped_without_scripts(mia):
    more = make(mia, do="add-prize")
    assert more.status_code == 200
    assert 'name="prize-4"' in more.text
    fewer = make(mia, do="drop-prize")
    assert 'name="prize-3"' not in fewer.text
    assert contest_by_slug("november-sprint") is None


def test_the_preview_plays_the_rules_on_the_past(world, company, mia):
    world.deal(company[1], "300", day="2026-11-16")
    world.deal(company[0], "900", day="2026-11-02")  # before the window of two days
    data = {**FORM, "starts_at": "2026-12-01T00:00", "ends_at": "2026-12-04T00:00"}
    text = mia.post("/contests/preview", data=data).text
    assert "Bo Lind" in text
    assert "Ana Silva" not in text
    assert "$1,500" in text


def test_nobody_but_a_manager_changes_a_contest(world, company, mia):
    make(mia)
    world.login("Fin Ek", "finance")
    world.login("Ada Roth", "administrator")
    for name in ("Ana Silva", "Fin Ek", "Ada Roth"):
        client = world.sign_in(name)
        assert client.get("/contests").status_code == 200
        assert client.get("/contests/new").status_code == 403
        assert make(client, name="Mine").status_code == 403
        assert client.post("/contests/november-sprint", data=FORM).status_code == 403
        assert client.post("/contests/november-sprint/cancellation").status_code == 403
    assert world.app.test_client().get("/contests/november-sprint").status_code == 302


def test_rules_that_somebody_changed_meanwhile_are_not_overwritten(world, company, mia):
    make(mia)
    address = "/contests/november-sprint"
    open_form = mia.get(f"{address}/edit")
    note = {"note": "The budget was raised."}
    mia.post(address, data={**FORM, **note, "prize-3": "300"})
    late = {**FORM, **note, "shown": hidden(open_form.text, "shown"), "prize-1": "9"}
    # Another row of prizes is no look at what stands now.
    assert mia.post(address, data={**late, "do": "add-prize"}).status_code == 200
    refused = mia.post(address, data=late)
    assert refused.status_code == 409
    assert "It was changed in another window meanwhile" in refused.text
    assert contest_by_slug("november-sprint").prizes[0].amount_minor == 150_000
    # The form says what stands now, so that saving it again is meant.
    again = mia.post(address, data={**late, "shown": hidden(refused.text, "shown")})
    assert again.status_code == 302
    assert contest_by_slug("november-sprint").prizes[0].amount_minor == 900


def test_an_amendment_is_shown_to_every_entrant(world, company, mia):
    make(mia)
    refused = mia.post("/contests/november-sprint", data={**FORM, "prize-3": "300"})
    assert refused.status_code == 422
    assert "Write why the rules change" in refused.text
    note = "The budget was raised."
    mia.post("/contests/november-sprint", data={**FORM, "prize-3": "300", "note": note})
    page = world.sign_in("Ana Silva").get("/contests/november-sprint").text
    assert note in page
    assert "place 3 wins 300.00 USD" in page
    assert "Mia Berg" in page


def test_a_cancelled_contest_says_so_and_takes_its_prizes_back(world, company, mia, monkeypatch):
    make(mia, ends_at="2026-11-18T00:00")
    world.deal(company[0], "900")
    settle_contests(now=world.now)
    assert [line.amount for line in world.lines(company[0], "money")] == [150_000]
    assert mia.post("/contests/november-sprint/cancellation").status_code == 302
    assert [line.amount for line in world.lines(company[0], "money")] == [150_000, -150_000]
    assert "Cancelled" in mia.get("/contests/november-sprint").text


def test_who_has_won_reads_it_on_the_statement(world, company, mia):
    make(mia, ends_at="2026-11-18T00:00")
    world.deal(company[0], "900")
    settle_contests(now=world.now)
    page = world.sign_in("Ana Silva").get("/earnings/ana-silva/2026-11")
    assert page.status_code == 200
    assert "1st place wins 1,500.00." in page.text


def test_each_score_opens_what_made_it(world, company, mia):
    make(mia)
    world.deal(company[0], "900", product="GTX Pro")
    world.deal(company[0], "77", day="2026-10-20", product="MG Special")
    text = mia.get(f"/contests/november-sprint/entrants/{company[0]}").text
    assert "GTX Pro" in text
    assert "MG Special" not in text
    assert mia.get("/contests/november-sprint/entrants/4711").status_code == 404


def test_an_older_result_stays_readable(world, company, mia):
    make(mia, ends_at="2026-11-18T00:00")
    world.deal(company[0], "900")
    settle_contests(now=world.now)
    world.deal(company[1], "1000", day="2026-11-17")
    settle_contests(now=world.now + timedelta(minutes=1))
    first = mia.get("/contests/november-sprint/results/1").text
    assert first.index("Ana Silva") < first.index("Bo Lind")
    assert "A later version has replaced it." in first
    second = mia.get("/contests/november-sprint/results/2").text
    assert second.index("Bo Lind") < second.index("Ana Silva")
    assert mia.get("/contests/november-sprint/results/3").status_code == 404


def test_the_stream_the_poll_and_the_page_show_one_fragment(world, company, mia):
    make(mia)
    world.deal(company[0], "900")
    with world.app.test_request_context():
        streamed = live_views.render(View.of("contest", {"slug": "november-sprint"}))
    polled = mia.get("/contests/november-sprint/standings?seen=-1")
    assert polled.text == streamed.html
    assert streamed.html in mia.get("/contests/november-sprint").text
    same = mia.get(f"/contests/november-sprint/standings?seen={streamed.version}")
    assert same.status_code == 204
    assert "Mia" not in streamed.html


def test_there_is_no_page_for_a_contest_that_is_not(mia):
    for path in ("/contests/none", "/contests/none/edit", "/contests/none/standings"):
        assert mia.get(path).status_code == 404


def test_scores_in_days_and_shares_are_written_as_such(world, company, mia):
    make(mia, kpi="win_rate", reserve="50")
    assert contest_by_slug("november-sprint").reserve == Decimal("0.5")
    page = mia.get("/contests/november-sprint").text
    assert "50.0" in page
