"""Programs read, check and publish plans."""

import copy

import pytest

from incentives.store.audit import entries_of
from incentives.store.plans import plan_by_slug

FALLING = "Commission: pay falls as sales rise, at 10,000, from 500 to 400."
RENEWALS = {
    "schema": 1,
    "name": "Renewals",
    "currency": "USD",
    "components": [
        {
            "key": "commission",
            "name": "Commission",
            "yields": "money",
            "measure": "revenue",
            "accumulates": "month",
            "rule": {
                "kind": "retroactive_rate",
                "tiers_by": "amount",
                "tiers": [{"up_to": "10000", "rate": "0.05"}, {"rate": "0.06"}],
            },
        }
    ],
}


def renewals(rate="0.06", **changed):
    document = copy.deepcopy(RENEWALS) | changed
    document["components"][0]["rule"]["tiers"][1]["rate"] = rate
    return document


@pytest.fixture
def send(program):
    def send(address, document, **said):
        body = {"document": document, **said}
        return program.client.post(f"/api/v1{address}", json=body, headers=program.headers)

    return send


def test_a_document_is_checked_and_told_in_plain_words(send):
    answer = send("/plans/check", renewals()).json
    assert answer["can_be_published"] is True
    assert answer["findings"] == []
    assert "you earn 5 % up to 10,000, then 6 % above that" in answer["text"][1]
    assert plan_by_slug("renewals") is None


def test_a_check_says_what_is_refused_and_what_may_not_be_meant(send, world):
    falls = send("/plans/check", renewals(rate="0.04")).json
    # 10,000 at 5 % are 500, at 4 % they are 400.
    assert falls["findings"] == [
        {"severity": "warning", "path": "components[0].rule", "message": FALLING}
    ]
    refused = send("/plans/check", renewals(currency="dollars")).json
    assert refused["can_be_published"] is False
    assert [(f["severity"], f["path"]) for f in refused["findings"]] == [("error", "currency")]


def test_a_plan_is_published_then_its_next_version(send, program, world):
    first = send("/plans", renewals(), **{"from": "2026-12-01", "note": "New"})
    assert (first.status_code, first.json["slug"], first.json["version"]) == (201, "renewals", 1)
    assert first.headers["Location"] == "/api/v1/plans/renewals/versions/1"
    second = send("/plans/renewals/versions", renewals(rate="0.055"), **{"from": "2027-01-01"})
    assert second.json["version"] == 2
    (listed,) = program.get("/plans").json
    assert [(v["version"], v["from"]) for v in listed["versions"]] == [
        (1, "2026-12-01"),
        (2, "2027-01-01"),
    ]
    read = program.get("/plans/renewals/versions/2").json
    assert read["document"] == renewals(rate="0.055")
    assert read["hash"] == second.json["hash"]
    assert {entry.via for entry in entries_of("plan version published", 5)} == {"API"}


def test_a_warning_is_confirmed_word_for_word_before_anything_counts(send, world):
    falls = renewals(rate="0.04")
    refused = send("/plans", falls, **{"from": "2026-12-01"})
    assert (refused.status_code, refused.json["code"]) == (409, "warnings_open")
    assert [error["message"] for error in refused.json["errors"]] == [FALLING]
    assert plan_by_slug("renewals") is None
    meant = {"from": "2026-12-01", "confirmed_warnings": [FALLING]}
    assert send("/plans", falls, **meant).status_code == 201


@pytest.mark.parametrize(
    ("document", "said", "pointer"),
    [
        (renewals(currency="dollars"), {"from": "2026-12-01"}, "/document/currency"),
        (renewals(), {"from": "soon"}, "/from"),
        (renewals(), {}, "/from"),
        (renewals(), {"from": "2026-12-01", "day": "1"}, "/day"),
        (renewals(rate=0.04), {"from": "2026-12-01"}, "/document/components/0/rule/tiers/1/rate"),
    ],
)
def test_a_refusal_points_at_the_field(send, document, said, pointer):
    answer = send("/plans", document, **said)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_no_float_hides_in_a_condition(send):
    document = renewals()
    row = {"field": "amount", "comparison": "at_least", "value": 99.5}
    document["components"][0]["conditions"] = {"all": [row]}
    (finding,) = send("/plans/check", document).json["findings"]
    assert finding["path"] == "components[0].conditions.all[0].value"


def test_what_a_key_is_not_for_is_refused(program_with, world):
    reader = program_with("plans:read")
    assert reader.get("/plans").status_code == 200
    body = {"document": RENEWALS, "from": "2026-12-01"}
    refused = reader.client.post("/api/v1/plans", json=body, headers=reader.headers)
    assert (refused.status_code, refused.json["code"]) == (403, "scope_missing")
    assert program_with("boards:read").get("/plans").status_code == 403
    assert reader.get("/plans/none/versions/1").status_code == 404
