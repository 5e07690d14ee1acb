"""My day as a page, and its cards as they are asked for again."""

import pytest

from incentives.operations.read_my_day import day_version

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    bo = world.payee("Bo Lind")
    world.plan()
    world.quota(ana, "1000")
    world.login("Ana", "rep", person_id=ana)
    world.login("Bo", "rep", person_id=bo)
    world.deal(bo, "900", day="2026-11-02")
    world.deal(ana, "600", day="2026-11-18")
    world.refresh()
    return ana


def test_the_day_says_place_quota_and_pay(world, ana):
    text = world.sign_in("Ana").get("/my-day").text
    assert "300 behind Bo in 1st" in text
    assert "60.0" in text
    assert "7.0 points ahead of pace" in text  # 60 % against 35 of 66 working days, 53.0 %
    assert "$25" in text
    assert "$150 to the 6" in text


def test_cards_come_again_only_when_something_changed(world, ana):
    client = world.sign_in("Ana")
    seen = day_version(now=world.now)
    assert client.get(f"/my-day/cards?seen={seen}").status_code == 204
    world.deal(ana, "100", day="2026-11-18")
    world.refresh()
    answer = client.get(f"/my-day/cards?seen={seen}")
    assert answer.status_code == 200
    assert "70.0" in answer.text
    assert "<html" not in answer.text


def test_the_pulse_says_a_version_and_nothing_else(world, ana):
    client = world.sign_in("Ana")
    answer = client.get("/my-day/version?seen=0")
    assert 'data-version="' in answer.text
    seen = answer.text.partition('data-version="')[2].partition('"')[0]
    assert client.get(f"/my-day/version?seen={seen}").status_code == 204


def test_without_a_quota_the_page_says_who_sets_one(world, ana):
    text = world.sign_in("Bo").get("/my-day").text
    assert "No quota is set for you" in text


def test_a_rep_who_earns_nothing_reads_why(world):
    world.login("Zed", "rep")
    assert "You earn nothing here yet" in world.sign_in("Zed").get("/my-day").text


@pytest.mark.parametrize("role", ["manager", "finance", "administrator"])
def test_a_day_is_for_reps(world, role):
    world.login("Zed", role)
    assert world.sign_in("Zed").get("/my-day").status_code == 403
