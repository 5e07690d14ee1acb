"""What a board's document may say, and what is refused in which words."""

import pytest
from marshmallow import ValidationError

from incentives.core.boards.definition import read_definition
from incentives.core.boards.parts import Form
from incentives.core.refusals import dotted, flat
from tests.core.boards.documents import document


def refusals(**fields):
    with pytest.raises(ValidationError) as refused:
        read_definition(document(**fields))
    return {dotted(path): sentence for path, sentence in flat(refused.value.normalized_messages())}


def test_a_short_document_is_a_named_board_of_everybody():
    board = read_definition(document())
    assert (board.kpi.slug, board.entrants, board.audience.of) == ("revenue", "people", "company")
    assert board.form_for("rep") == Form("named")
    assert board.is_plain


def test_each_viewer_has_a_form_and_everyone_else_that_of_everyone():
    forms = {"rep": {"form": "neighbours", "window": 3}, "everyone": {"form": "top_n", "top": 5}}
    board = read_definition(document(privacy=forms))
    assert board.form_for("rep") == Form("neighbours", window=3)
    assert board.form_for("wall") == Form("top_n", top=5)


def test_a_freeze_is_for_those_it_names():
    freeze = {"at": "2026-11-18T17:00:00+02:00", "for": ["rep", "wall"]}
    board = read_definition(document(freeze=freeze))
    assert board.frozen_for("rep").isoformat() == "2026-11-18T15:00:00+00:00"
    assert board.frozen_for("manager") is None


def test_the_number_of_a_board_is_named_after_its_reading():
    said = {
        "of_target": ("Revenue, % of target", "ratio"),
        "per_available_day": ("Revenue a day", "money"),
        "improvement": ("Revenue, improvement", "ratio"),
    }
    for kind, expected in said.items():
        kpi = read_definition(document(reading={"kind": kind})).kpi
        assert (kpi.label, kpi.unit) == expected
    ratio = {"kind": "ratio", "over": "calls", "minimum_volume": 20}
    kpi = read_definition(document(scores=[{"kpi": "deals_won"}], reading=ratio)).kpi
    assert (kpi.label, kpi.measures, kpi.minimum_volume) == (
        "Deals won / calls",
        ("deals_won", "calls"),
        20,
    )


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({"name": " "}, "name", "Write a name"),
        ({"name": "a\x00b"}, "name", "Write a name"),
        ({"scores": []}, "scores", "Length"),
        ({"scores": [{"kpi": "revenu"}]}, "scores[0].kpi", "Did you mean revenue?"),
        ({"scores": [{"weight": "1"}]}, "scores[0].kpi", "Write a kpi"),
        ({"scores": [{"kpi": "calls", "weight": "0"}]}, "scores[0].weight", "above 0"),
        ({"scores": [{"kpi": "calls", "weight": 0.5}]}, "scores[0].weight", "as text"),
        ({"scores": [{"kpi": "calls", "target": "5"}]}, "scores", "of_target"),
        ({"span": {}}, "span.period", "Write a period"),
        ({"span": {"rolling": 0}}, "span.rolling", "1 to 366"),
        ({"span": {"rolling": 30, "period": "week"}}, "span.period", "Write a period"),
        ({"audience": {"of": "teams"}}, "audience.named", "Name the teams"),
        ({"audience": {"of": "company", "named": ["x"]}}, "audience.named", "Leave this out"),
        ({"audience": {"of": "roles", "named": ["boss"]}}, "audience.named", "roles out of"),
        ({"reading": {"kind": "ratio"}}, "reading.over", "divides by"),
        ({"reading": {"kind": "raw", "over": "calls"}}, "reading.over", "Only the reading ratio"),
        ({"reading": {"kind": "raw", "minimum_volume": 5}}, "scores", "Only a ratio"),
        ({"reading": {"kind": "raw", "baseline": 3}}, "reading.baseline", "Only the reading"),
        ({"divide": {"by": "leagues"}}, "divide.since", "first period"),
        (
            {"divide": {"by": "leagues", "since": "2026-Q1", "size": 4, "move": 3}},
            "divide.move",
            "half of a league",
        ),
        (
            {"divide": {"by": "leagues", "since": "2026-Q1"}, "span": {"rolling": 30}},
            "span",
            "after each period",
        ),
        ({"privacy": {"boss": {"form": "self"}}}, "privacy.boss.key", "Write one of"),
        ({"privacy": {"rep": {"form": "hidden"}}}, "privacy.rep.value.form", "Write one of"),
        ({"freeze": {"at": "2026-11-18T17:00:00", "for": ["rep"]}}, "freeze.at", "offset"),
        ({"freeze": {"at": "2026-11-18T17:00:00Z", "for": []}}, "freeze.for", "Shorter"),
        ({"places": "olympic"}, "places", "competition"),
        ({"hiden": []}, "hiden", "Did you mean hidden?"),
        (
            {"scores": [{"contest": "sprint"}, {"kpi": "calls"}]},
            "scores",
            "show it alone",
        ),
        (
            {"scores": [{"kpi": "days_to_close"}, {"kpi": "calls"}]},
            "scores",
            "less is better",
        ),
        (
            {"scores": [{"kpi": "win_rate"}], "reading": {"kind": "of_target"}},
            "scores",
            "has no quota",
        ),
    ],
)
def test_what_cannot_be_a_board_is_refused_in_words(fields, at, words):
    said = refusals(**fields)
    assert at in said, said
    assert words in said[at]
