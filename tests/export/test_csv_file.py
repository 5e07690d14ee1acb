"""A CSV of ours is opened by spreadsheets, which must not run what people wrote in it."""

from decimal import Decimal

import pytest

from incentives.export.csv_file import to_csv


def test_numbers_stay_numbers_and_nothing_is_empty():
    content = to_csv(["name", "points", "pay"], [["Ana", -3, Decimal("-12.50")], ["Bo", 0, None]])
    assert content == b"name,points,pay\r\nAna,-3,-12.50\r\nBo,0,\r\n"


def test_a_large_round_number_has_no_exponent():
    assert to_csv(["pay"], [[Decimal("1E+6")]]) == b"pay\r\n1000000\r\n"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe(first):
    content = to_csv(["note"], [[f"{first}1+1"]]).decode()
    assert f"'{first}1+1" in content


def test_delimiters_quotes_and_line_ends_inside_a_text_are_quoted():
    assert to_csv(["note"], [['a,"b"\r\nc']]) == b'note\r\n"a,""b""\r\nc"\r\n'
