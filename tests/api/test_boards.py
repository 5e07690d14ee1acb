"""Programs read boards: the same numbers as on the pages."""

from decimal import Decimal

import pytest


@pytest.fixture
def standings(program, monkeypatch, world):
    monkeypatch.setattr("incentives.api.v1.boards.now", lambda: world.now)
    return lambda query="", slug="revenue", **headers: program.get(
        f"/boards/{slug}/standings{query}", **headers
    )


def test_the_boards_are_listed(program):
    boards = program.get("/boards").json
    assert boards[0] == {
        "slug": "revenue",
        "name": "Revenue",
        "kpi": "revenue",
        "unit": "money",
        "revision": 1,
    }


def test_standings_have_places_gaps_and_exact_scores(world, standings):
    ana, bo, cy = (world.payee(name) for name in ("Ana Silva", "Bo Lind", "Cy Park"))
    world.quota(ana, "1000")
    world.deal(ana, "400.50")
    world.deal(bo, "400.50")
    world.refresh()
    answer = standings().json
    assert answer["board"]["slug"] == "revenue"
    assert answer["period"] == {
        "key": "2026-Q4",
        "kind": "quarter",
        "first_day": "2026-10-01",
        "end_day": "2027-01-01",
    }
    assert answer["total"] == 3
    rows = [(row["place"], row["tied"], row["score"], row["gap"]) for row in answer["standings"]]
    assert rows == [(1, True, "400.5", None), (1, True, "400.5", None), (3, False, "0", "400.5")]
    first = answer["standings"][0]
    assert first["entrant"] == {"id": ana, "name": "Ana Silva", "team": "East"}
    assert first["attainment"] == "0.4005"
    assert answer["standings"][2]["entrant"]["id"] == cy


def test_a_ratio_without_end_is_told_to_ten_decimals(world, standings):
    ana = world.payee("Ana Silva")
    for number in range(12):
        world.deal(ana, "1", kind="deal_won" if number < 8 else "deal_lost")
    world.refresh()
    score = standings(slug="win-rate").json["standings"][0]["score"]
    assert Decimal(score) == Decimal("0.6666666667")


def test_a_page_of_the_standings_is_a_slice_of_the_whole(world, standings):
    for name in ("Ana", "Bo", "Cy", "Di"):
        world.deal(world.payee(name), str(100 * len(name)))
    world.refresh()
    whole = standings().json["standings"]
    part = standings("?offset=1&limit=2").json
    assert part["standings"] == whole[1:3]
    assert part["total"] == 4
    assert standings("?offset=9").json["standings"] == []


def test_one_team_and_another_period_may_be_asked_for(world, standings):
    world.payee("Ana", team="East")
    world.payee("Bo", team="West")
    names = [
        row["entrant"]["name"] for row in standings("?team=west&period=2026-11").json["standings"]
    ]
    assert names == ["Bo"]


def test_nothing_new_is_told_with_304(world, standings):
    ana = world.payee("Ana")
    first = standings()
    seen = {"If-None-Match": first.headers["ETag"]}
    assert standings(**seen).status_code == 304
    world.deal(ana, "100")
    world.refresh()
    later = standings(**seen)
    assert later.status_code == 200
    assert later.headers["ETag"] != first.headers["ETag"]


def test_what_is_not_there_is_told_in_a_sentence(standings):
    for query, status, words in (
        ("?limit=0", 422, "1 to 1000"),
        ("?limit=many", 422, "integer"),
        ("?offset=-1", 422, "0 or more"),
        ("?perod=week", 422, "no such parameter"),
        ("?period=2026-Q9", 404, "is no period"),
        ("?period=9999-12", 404, "is no period"),
        ("?team=nowhere", 404, "no team"),
        ("?team=a%00b", 400, "cannot be kept"),
    ):
        answer = standings(query)
        assert answer.status_code == status, query
        assert words in answer.text, query
        assert answer.content_type == "application/problem+json"
    assert standings(slug="nothing").status_code == 404


def test_early_and_late_periods_are_no_error(standings):
    for period in ("0001", "0001-W01", "0001-01-01", "9998", "9998-Q4", "9999-12-30", "0000"):
        assert standings(f"?period={period}").status_code in (200, 404), period
