"""Two administrators at one thing: what the one saved, the other does not overwrite unseen."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from incentives.clock import now
from incentives.extensions import db
from incentives.operations.change_recognition import change_recognition
from incentives.store.announcements import all_announcements
from incentives.store.companies import the_company
from incentives.store.people import person_by_code
from incentives.store.quotas import quota
from incentives.store.recognition import the_recognition
from incentives.store.teams import team_by_code
from tests.web.forms import hidden

SENTENCE = "It was changed in another window meanwhile"


@pytest.fixture
def sam(world):
    world.login("Sam Okafor", "administrator")
    return world.sign_in("Sam")


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


def shown(page, action):
    """What the form to this address says it was filled from."""
    form = page.text[page.text.index(f'action="{action}"') :]
    return hidden(form, "shown")


def refused_once(client, at, action, first, late):
    """`late` was filled in before `first` was saved: it is refused, and then taken once it was
    looked at."""
    stamp = shown(client.get(at), action)
    saved = client.post(action, data={**first, "shown": stamp})
    assert saved.status_code == 302, saved.text
    refused = client.post(action, data={**late, "shown": stamp})
    assert refused.status_code == 409
    assert SENTENCE in refused.text
    db.session.expire_all()
    yield
    taken = client.post(action, data={**late, "shown": shown(refused, action)})
    assert taken.status_code == 302, taken.text
    db.session.expire_all()
    yield


def test_a_person(sam, ana):
    at = "/people/ana-silva"
    form = {"name": "Ana Silva", "is_payee": "1"}
    steps = refused_once(sam, at, at, {**form, "email": "ana@here"}, {**form, "name": "Ana S."})
    next(steps)
    assert person_by_code("ana-silva").email == "ana@here"
    next(steps)
    assert (person_by_code("ana-silva").name, person_by_code("ana-silva").email) == ("Ana S.", None)


def test_a_sign_in_of_which_another_password_is_a_change_too(world, sam, ana):
    world.login("Ana Silva", "rep", person_id=ana)
    at, action = "/people/ana-silva", "/people/ana-silva/sign-in"
    form = {"login_email": "ana@example.com", "role": "rep"}
    first, late = {**form, "password": "another password"}, {**form, "role": "manager"}
    steps = refused_once(sam, at, action, first, late)
    next(steps)
    assert person_by_code("ana-silva").login.role == "rep"
    next(steps)
    assert person_by_code("ana-silva").login.role == "manager"


def test_one_form_of_a_person_does_not_keep_the_other_from_being_saved(sam, ana):
    page = sam.get("/people/ana-silva")
    person, login = shown(page, "/people/ana-silva"), shown(page, "/people/ana-silva/sign-in")
    form = {"name": "Ana Silva", "is_payee": "1", "email": "", "shown": person}
    assert sam.post("/people/ana-silva", data=form).status_code == 302
    form = {"login_email": "a@b.c", "role": "rep", "password": "long enough", "shown": login}
    assert sam.post("/people/ana-silva/sign-in", data=form).status_code == 302


def test_a_team(sam, ana):
    at = "/teams/east"
    first, late = {"name": "East", "colour": "5"}, {"name": "Far East", "colour": "1"}
    steps = refused_once(sam, at, at, first, late)
    next(steps)
    assert (team_by_code("east").name, team_by_code("east").colour) == ("East", 5)
    next(steps)
    assert (team_by_code("east").name, team_by_code("east").colour) == ("Far East", 1)


def test_an_announcement(sam):
    sam.post("/announcements", data={"title": "Party", "text": "On Friday."})
    at = f"/announcements/{all_announcements()[0].id}"
    first, late = (
        {"title": "Party", "text": "On Saturday."},
        {"title": "Fete", "text": "On Friday."},
    )
    steps = refused_once(sam, at, at, first, late)
    next(steps)
    assert (all_announcements()[0].title, all_announcements()[0].text) == ("Party", "On Saturday.")
    next(steps)
    assert all_announcements()[0].title == "Fete"


def test_recognition(sam):
    form = {"wins": ["deal"], "deal_floor": "0", "kudos_allowance": "5", "kudos_labels": "Teamwork"}
    first, late = {**form, "deal_floor": "100"}, {**form, "kudos_allowance": "9"}
    steps = refused_once(sam, "/recognition", "/recognition", first, late)
    next(steps)
    assert (the_recognition().deal_floor, the_recognition().kudos_allowance) == (100, 5)
    next(steps)
    assert (the_recognition().deal_floor, the_recognition().kudos_allowance) == (0, 9)


def test_of_several_who_save_at_the_same_moment_one_saves(world, sam, monkeypatch):
    """Each has looked before any of them has written, unless they are kept apart."""

    def slowly(*args, **kwargs):
        time.sleep(0.1)
        return change_recognition(*args, **kwargs)

    monkeypatch.setattr("incentives.web.recognition.change_recognition", slowly)
    stamp = shown(sam.get("/recognition"), "/recognition")
    clients = [world.sign_in("Sam") for _ in range(4)]
    db.session.remove()
    at_the_same_moment = threading.Barrier(len(clients))

    def save(number):
        at_the_same_moment.wait()
        said = {"kudos_allowance": str(number), "deal_floor": "0", "shown": stamp}
        return clients[number].post("/recognition", data=said).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        assert sorted(pool.map(save, range(4))) == [302, 409, 409, 409]


def test_a_quota_in_the_same_cell_of_the_table(world, sam, ana):
    calendar = the_company().calendar
    period = calendar.period_of(calendar.day_of(now()), "quarter").key
    cell = f"q-{ana}-{period}"
    world.quota(ana, "500", period=period)
    was = filled_from(sam.get("/quotas"), cell)
    world.quota(ana, "700", period=period)
    refused = sam.post("/quotas", data={cell: "900", f"was-{cell}": was})
    assert refused.status_code == 422
    assert re.search(r"Somebody set it to 700(\.0+)? meanwhile. Save again", refused.text)
    assert quota(ana, "revenue", period).amount == 700
    again = {cell: "900", f"was-{cell}": filled_from(refused, cell)}
    assert sam.post("/quotas", data=again).status_code == 302
    db.session.expire_all()
    assert quota(ana, "revenue", period).amount == 900


def filled_from(page, cell):
    return re.search(f'name="was-{cell}" value="([^"]*)"', page.text).group(1)
