"""Plan documents are read exactly, or refused with a sentence that says what to write."""

import json
from pathlib import Path

import pytest

from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.plan_document import as_yaml, read_document

DEMO = Path("incentives/demo/plan.yaml").read_text()


def test_yaml_and_json_say_the_same():
    document = read_document(DEMO)
    assert read_document(json.dumps(document)) == document
    assert read_document(as_yaml(document)) == document


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rate: 0.04", 'Put quotes around 0.04 in line 1: "0.04".'),
        ("a: 1\nrate: .5", 'Put quotes around .5 in line 2: ".5".'),
        ("rate: .inf", "Put quotes around .inf"),
        ('{"rate": 0.04}', 'Put quotes around 0.04: "0.04"'),
        ('{"rate": NaN}', "Put quotes around NaN"),
        ('{"a": 1, "a": 2}', "'a' is written twice"),
        ("a: 1\na: 2", "'a' is written twice"),
        ("a: &x [1]\nb: *x", "references"),
        ("a: [", "The YAML cannot be read"),
        ('{"a": ', "The JSON cannot be read in line 1"),
        ("- 1", "A plan begins with its schema"),
        ("  ", "Paste a plan document"),
        ("1: 2", "Put quotes around the name 1"),
        ("a: !!python/object/apply:os.system ['true']", "The YAML cannot be read"),
        ("[" * 5000, "nested too deep"),
        ("x" * 200_001, "too long"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(text, sentence):
    with pytest.raises(Unreadable) as refusal:
        read_document(text)
    assert sentence in str(refusal.value)


def test_a_date_stays_a_text():
    assert read_document("note: 2026-11-01") == {"note": "2026-11-01"}
