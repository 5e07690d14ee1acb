"""Every way out of a masked board is searched, byte by byte, for whom it must not tell."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from incentives.core.activity import Share
from incentives.core.boards.parts import PROGRAM, SIGNED_IN, WALL
from incentives.errors import Forbidden
from incentives.live.views import View, live_views
from incentives.operations.change_api_keys import create_api_key
from incentives.operations.change_boards import edit_board, retire_board
from incentives.operations.change_wall_screens import create_wall_screen
from incentives.store.boards import all_boards
from incentives.store.people import everyone
from tests.core.boards.documents import document

pytestmark = pytest.mark.usefixtures("today")

# In the order of their places: 900, 800 … 400.
NAMES = ("Ana Silva", "Bo Lind", "Cy Okoro", "Di Marsh", "Ed Vance", "Flo Quint")
ME = "Cy Okoro"
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
FORMS = {
    "top_n": {"form": "top_n", "top": 2},
    "neighbours": {"form": "neighbours", "window": 3},
    "pseudonym": {"form": "pseudonym"},
    "self": {"form": "self"},
}
# Whom a rep in third place may see, and whom somebody who is not on the board.
SEEN_BY_ME = {
    "top_n": {"Ana Silva", "Bo Lind", ME},
    "neighbours": {"Bo Lind", ME, "Di Marsh"},
    "pseudonym": {ME},
    "self": {ME},
}
SEEN_BY_OTHERS = {
    "top_n": {"Ana Silva", "Bo Lind"},
    "neighbours": set(),
    "pseudonym": set(),
    "self": set(),
}


@pytest.fixture
def company(world):
    world.ids_of = {name: world.payee(name) for name in NAMES}
    world.plan()
    for board in all_boards()[1:]:
        # Where all are level, all are first: only of places that differ some can be hidden.
        retire_board(board.slug, by=None, now=world.now)
    world.now -= timedelta(hours=2)
    for at, payee in enumerate(world.ids_of.values()):
        world.deal(payee, str(900 - 100 * at), at=NOON, attributes={"account": f"Acc {at}"})
        world.login(NAMES[at], "rep", person_id=payee)
    world.login("Max Manager", "manager", manages="East")
    world.login("Fay Finance", "finance")
    world.login("Ada Admin", "administrator")
    world.refresh()
    world.now += timedelta(hours=2)
    world.contest("Sprint")
    return world


@pytest.fixture(params=FORMS)
def form(request, company):
    """Every board is masked in this way, for everybody."""
    for board in all_boards():
        said = {**board.document, "privacy": {"everyone": FORMS[request.param]}}
        edit_board(board.slug, said, by=None, now=company.now)
    return request.param


def words_of(name):
    """What would tell who it is: the name and each part of it, the code, the address."""
    person = next(person for person in everyone() if person.name == name)
    login = person.login
    return {name, name.split()[1], person.code, *([login.email] if login else [])}


def told(texts, seen):
    """(address, word) wherever somebody is told who must not be."""
    hidden = {word for name in NAMES if name not in seen for word in words_of(name)}
    return [
        (address, word)
        for address, text in texts.items()
        for word in hidden
        if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
    ]


def seen_of(answers):
    """Address → text of what was shown: nothing may be looked for in a refusal."""
    refused = {address: answer.status_code for address, answer in answers.items()}
    assert set(refused.values()) == {200}, refused
    return {address: answer.text for address, answer in answers.items()}


def names_told(texts):
    """Who is named anywhere in this."""
    return {name for name in NAMES if any(name in text for text in texts.values())}


def pages(client, company, allowed):
    """Every page about the board, and all that a page asks for by itself."""
    addresses = [
        "/boards",
        "/boards/revenue",
        "/boards/revenue?since=week",
        "/boards/revenue?at=2026-11-18T14:30",
        "/boards/revenue?search=o",
        "/boards/revenue?page=2",
        "/boards/revenue/rows?seen=",
        "/boards/revenue/dock",
        "/boards/revenue/wall",
        "/boards/revenue/wall/now",
    ]
    for name, payee_id in company.ids_of.items():
        for way in ("", "/why"):
            address = f"/boards/revenue/people/{payee_id}{way}"
            if name in allowed:
                addresses.append(address)
            else:
                assert client.get(address).status_code == 404, (name, way)
    texts = seen_of({address: client.get(address) for address in addresses})
    return {address: without_contests(text) for address, text in texts.items()}


def without_contests(text):
    """A contest is another thing: who takes part in it is named there."""
    return re.sub(r'<section class="card track contest-card">.*?</section>', "", text, flags=re.S)


SIGN_IN_AS = {
    "rep": ME,
    "manager": "Max Manager",
    "finance": "Fay Finance",
    "administrator": "Ada Admin",
}


@pytest.mark.parametrize("role", SIGN_IN_AS)
def test_no_page_tells_whom_the_form_hides(company, form, role):
    seen = (SEEN_BY_ME if role == "rep" else SEEN_BY_OTHERS)[form]
    client = company.sign_in(SIGN_IN_AS[role])
    texts = pages(client, company, seen)
    assert told(texts, seen) == []
    assert names_told(texts) == seen


@pytest.mark.parametrize("role", [*SIGNED_IN, WALL])
def test_no_stream_tells_whom_the_form_hides_from_others(company, form, role):
    with company.app.test_request_context("/live"):
        fragment = live_views.render(View.of("board", {"slug": "revenue", "as": role}))
    texts = {"stream": fragment.html}
    assert told(texts, SEEN_BY_OTHERS[form]) == []
    assert names_told(texts) == SEEN_BY_OTHERS[form]


def test_no_screen_tells_whom_the_form_hides(company, form):
    token = create_wall_screen("Hall", [], seconds=20, by=None, now=company.now)
    nobody = company.app.test_client()
    texts = seen_of({way: nobody.get(f"/wall/{token}{way}") for way in ("", "/now")})
    assert told(texts, SEEN_BY_OTHERS[form]) == []
    assert names_told(texts) == SEEN_BY_OTHERS[form]


def test_neither_json_nor_a_file_tells_whom_the_form_hides(company, form):
    key = create_api_key("tests", ["boards:read"], by=None, now=company.now)
    seen = SEEN_BY_OTHERS[form]
    client = company.app.test_client()

    def ask(address):
        return client.get(address, headers={"Authorization": f"Bearer {key}"})

    base = "/api/v1/boards/revenue"
    reasons = {name: f"{base}/entrants/{id_}/why" for name, id_ in company.ids_of.items()}
    addresses = [
        "/api/v1/boards",
        base,
        f"{base}/standings",
        f"{base}/standings?search=o",
        f"{base}/standings?at=2026-11-18T14:30:00Z",
        f"{base}/standings.csv",
        *(reasons[name] for name in seen),
    ]
    texts = seen_of({address: ask(address) for address in addresses})
    assert told(texts, seen) == []
    assert names_told(texts) == seen
    for name in set(NAMES) - seen:
        assert ask(reasons[name]).status_code == 404, name


def test_no_deal_tells_whom_the_form_hides(company, form):
    """By walking through the numbers of deals a rep would otherwise have the whole board."""
    rep = company.sign_in(ME)
    for at, name in enumerate(NAMES, start=1):
        answer = rep.get(f"/data/activities/{at}")
        assert answer.status_code == (200 if name == ME else 404), name
        assert told({name: answer.text}, {ME}) == []
        assert company.sign_in("Max Manager").get(f"/data/activities/{at}").status_code == 200


def test_no_deal_is_opened_that_a_frozen_board_does_not_show(company):
    frozen = {"at": "2026-11-18T12:00:00+00:00", "for": ["rep"]}
    edit_board("revenue", document(freeze=frozen), by=None, now=company.now)
    rep = company.sign_in(ME)
    # The deals are of noon. The third is one's own.
    assert [rep.get(f"/data/activities/{at}").status_code for at in (1, 3)] == [404, 200]


def test_a_deal_of_somebody_left_out_of_a_board_is_opened_by_those_who_share_it(company):
    halves = tuple(Share(code, Decimal(50)) for code in ("bo-lind", "cy-okoro"))
    shared = company.deal(company.ids_of[ME], "100", at=NOON, shares=halves).id
    edit_board("revenue", document(hidden=["bo-lind"]), by=None, now=company.now)
    assert company.sign_in(ME).get(f"/data/activities/{shared}").status_code == 200
    assert company.sign_in("Ana Silva").get(f"/data/activities/{shared}").status_code == 404
    assert company.sign_in("Ana Silva").get("/data/activities/3").status_code == 200


def test_a_contest_names_its_entrants_and_opens_no_deal_that_is_kept(company, form):
    rep, ana = company.sign_in(ME), company.ids_of["Ana Silva"]
    page = rep.get(f"/contests/sprint/entrants/{ana}").text
    assert "GTX Pro" in page
    assert "/data/activities/" not in page
    other = company.sign_in("Max Manager").get(f"/contests/sprint/entrants/{ana}").text
    assert "/data/activities/" in other


def test_the_search_through_all_this_would_find_a_name(company):
    """So that the tests above cannot pass by looking at nothing."""
    client = company.sign_in("Max Manager")
    shown = client.get("/boards/revenue").text
    assert {word for _, word in told({"page": shown}, set())} >= set(NAMES)
    assert PROGRAM not in SIGNED_IN


def test_who_is_hidden_from_a_board_is_in_none_of_it(company):
    for board in all_boards():
        edit_board(board.slug, {**board.document, "hidden": ["bo-lind"]}, by=None, now=company.now)
    everybody_else = set(NAMES) - {"Bo Lind"}
    texts = pages(company.sign_in("Max Manager"), company, everybody_else)
    assert told(texts, everybody_else) == []
    token = create_wall_screen("Hall", [], seconds=20, by=None, now=company.now)
    wall = seen_of({"wall": company.app.test_client().get(f"/wall/{token}")})
    assert told(wall, everybody_else) == []
    assert names_told(wall) == everybody_else


HIDDEN_FROM_REPS = {
    "only oneself": {"privacy": {"rep": {"form": "self"}}},
    "the first two, where a screen shows three": {
        "privacy": {"rep": {"form": "top_n", "top": 2}, "wall": {"form": "top_n", "top": 3}}
    },
    "frozen": {"freeze": {"at": "2026-11-18T12:00:00+00:00", "for": ["rep"]}},
}


@pytest.mark.parametrize("said", HIDDEN_FROM_REPS.values(), ids=HIDDEN_FROM_REPS)
def test_nobody_gets_round_a_board_by_showing_it_large(company, said):
    edit_board("revenue", document(**said), by=None, now=company.now)
    rep, manager = company.sign_in(ME), company.sign_in("Max Manager")
    for address in ("/boards/revenue/wall", "/boards/revenue/wall/now"):
        answer = rep.get(address)
        assert answer.status_code == 403, address
        assert "Open the board itself" in answer.text
        assert told({address: answer.text}, {ME}) == []
        assert "Ana Silva" in manager.get(address).text
    assert "Show it large" not in rep.get("/boards/revenue").text
    assert "Show it large" in manager.get("/boards/revenue").text


def test_a_large_board_left_open_ends_with_the_right_to_see_it(company):
    view = View.of("board large", {"slug": "revenue", "as": "rep"})
    with company.app.test_request_context("/live"):
        assert "Ana Silva" in live_views.render(view).html
        edit_board("revenue", document(privacy={"rep": {"form": "self"}}), by=None, now=company.now)
        with pytest.raises(Forbidden):
            live_views.render(view)


def test_a_frozen_board_shows_nothing_that_came_after(company):
    frozen = {"at": "2026-11-18T12:00:00+00:00", "for": ["rep", "wall"]}
    edit_board("revenue", document(freeze=frozen), by=None, now=company.now)
    rep = company.sign_in(ME).get("/boards/revenue").text
    assert "Frozen" in rep
    # All deals are of noon: before it nobody had scored.
    assert ">900<" not in rep
    assert "Acc 0" not in rep
    assert ">900<" in company.sign_in("Max Manager").get("/boards/revenue").text
