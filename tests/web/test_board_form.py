"""The form of a board: a document as texts, and what was typed as a document again."""

from zoneinfo import ZoneInfo

import pytest

from incentives.core.boards.definition import read_definition
from incentives.web import board_form
from tests.core.boards.documents import document

CHICAGO = ZoneInfo("America/Chicago")

FULL = document(
    scores=[{"kpi": "revenue", "weight": "2"}, {"kpi": "deals_won", "weight": "0.5"}],
    span={"rolling": 30},
    audience={"of": "teams", "named": ["east", "west"]},
    places="dense",
    ties=["calls", "meetings"],
    divide={"by": "new_hires", "days": 60},
    privacy={"everyone": {"form": "top_n", "top": 5}, "wall": {"form": "pseudonym"}},
    freeze={"at": "2026-11-18T09:00:00-06:00", "for": ["rep", "wall"]},
    hidden=["ana-silva"],
    benchmarks=False,
    celebrations="with_sound",
)


@pytest.mark.parametrize(
    "said",
    [
        document(),
        FULL,
        document(span={"period": "2026-Q4"}, reading={"kind": "ratio", "over": "calls"}),
        document(reading={"kind": "improvement", "baseline": 3}),
        document(scores=[{"kpi": "calls", "target": "40"}], reading={"kind": "of_target"}),
        document(span={"period": "month"}, divide={"by": "leagues", "since": "2026-01"}),
        document(audience={"of": "people", "named": ["ana-silva", "bo-lind"]}),
        document(scores=[{"contest": "sprint"}]),
    ],
)
def test_a_document_comes_out_of_its_form_as_it_went_in(said):
    texts = board_form.texts_of(said, CHICAGO)
    again = board_form.document_of(texts, CHICAGO)
    assert read_definition(again) == read_definition(said)


def test_a_number_is_taken_away_from_the_middle():
    texts = board_form.texts_of(
        document(scores=[{"kpi": kpi, "weight": "2"} for kpi in ("revenue", "calls", "demos")]),
        CHICAGO,
    )
    board_form.change_rows(texts, f"drop-score:{'9' * 5000}")
    board_form.change_rows(texts, "drop-score:1")
    said = board_form.document_of(texts, CHICAGO)["scores"]
    assert [score["kpi"] for score in said] == ["revenue", "demos"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("name", "name"),
        ("scores[1].kpi", "scores-1-kpi"),
        ("scores[0].contest", "scores-0-kpi"),
        ("scores", "scores-0-kpi"),
        ("span.rolling", "span-rolling"),
        ("span.period", "span"),
        ("privacy.rep.window", "privacy-rep-number"),
        ("privacy.wall.form", "privacy-wall-form"),
        ("freeze.for[0]", "freeze-for"),
        ("ties[2]", "ties"),
        ("audience.named[0]", "audience-named"),
    ],
)
def test_each_refusal_stands_beside_its_field(path, field):
    assert board_form.field_of(path, {"span": "quarter"}) == field
