"""Badges as pages: one's own, and for managers their people's."""

import pytest

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    bo = world.payee("Bo Lind")
    world.plan()
    world.login("Ana", "rep", person_id=ana)
    world.login("Bo", "rep", person_id=bo)
    for _ in range(3):
        world.deal(ana, "10", day="2026-11-18", attributes={"account": "Isdom"})
    world.refresh()
    return ana


def test_a_badge_says_when_why_and_who_else_has_it(world, ana):
    text = world.sign_in("Ana").get("/badges").text
    assert "1 new today" in text
    assert "1 of 2 person has it" in text
    assert "3 reached on that day, 3 needed" in text
    assert "GTX Pro, Isdom" in text


def test_what_is_locked_shows_how_far_it_is(world, ana):
    assert "Nov, 3 of 10" in world.sign_in("Ana").get("/badges").text


def test_somebody_without_badges_reads_what_wins_one(world, ana):
    text = world.sign_in("Bo").get("/badges").text
    assert "The first one is still to come" in text
    assert "3 deals won in a day." in text


def test_a_rep_sees_nobody_elses_badges(world, ana):
    assert world.sign_in("Bo").get("/badges/ana-silva").status_code == 403


def test_a_manager_sees_the_badges_of_their_people(world, ana):
    world.login("Mia", "manager", manages="East")
    world.login("Wes", "manager", manages="West")
    assert "Hat-trick" in world.sign_in("Mia").get("/badges").text
    assert "Isdom" in world.sign_in("Mia").get("/badges/ana-silva").text
    assert world.sign_in("Wes").get("/badges/ana-silva").status_code == 403
    assert "Nobody is in your teams" in world.sign_in("Wes").get("/badges").text
