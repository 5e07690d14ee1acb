"""Files as people have them, and what they are told about those we cannot read."""

import pytest

from incentives.ingest import csv_reading
from incentives.ingest.columns import guess_columns
from incentives.ingest.csv_reading import Unreadable, read_table
from incentives.ingest.opportunities import FIELDS


def cells(content):
    return [row.cells for row in read_table(content).rows]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("name\r\nZoë\r\n".encode(), "utf-8"),
        ("name\nZoë\n".encode(), "utf-8"),
        ("name\rZoë\r".encode(), "utf-8"),
        (b"\xef\xbb\xbf" + "name\nZoë".encode(), "utf-8"),
        ("name\nZoë".encode("latin-1"), "latin-1"),
        ("name\nZoë".encode("utf-16"), "utf-16"),
    ],
)
def test_encodings_and_line_ends_are_recognised(content, encoding):
    table = read_table(content)
    assert table.header == ("name",)
    assert [row.cells for row in table.rows] == [("Zoë",)]
    assert table.encoding == encoding


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_the_header_uses(delimiter):
    content = f'a{delimiter}"b,;x"{delimiter}c\n1{delimiter}2{delimiter}3'.encode()
    assert read_table(content).delimiter == delimiter
    assert cells(content) == [("1", "2", "3")]


def test_rows_count_as_a_spreadsheet_does_also_past_empty_ones():
    table = read_table(b"a,b\n1,2\n\n,\n3\n")
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("1", "2")), (5, ("3", ""))]


def test_a_line_end_inside_quotes_does_not_count_as_a_row():
    table = read_table(b'a,b\n"x\ny",2\n3,4\n')
    assert [row.number for row in table.rows] == [2, 3]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"PK\x03\x04 and so on", "Save it as CSV"),
        (b"a,b\x00c", "not a text file"),
        (b"a,a\n1,2", "Two columns are called a"),
        (b",,\n1,2,3", "names of the columns"),
        (b'a,b\n1,"2\n3,4\n', "Row 2 cannot be read, nor what follows. Look for a quotation mark"),
        (b'"a,b\n1,2\n', "Row 1 cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read_table(content)


def test_a_file_has_bounds(monkeypatch):
    monkeypatch.setattr(csv_reading, "MOST_ROWS", 2)
    assert len(cells(b"a\n1\n2")) == 2
    with pytest.raises(Unreadable, match="more than 2 rows"):
        read_table(b"a\n1\n2\n3")


def test_columns_are_guessed_from_their_names():
    header = ("Deal ID", "Owner", "Stage", "Amount", "Close Date", "Account Name", "Notes")
    assert guess_columns(header, FIELDS) == {
        "opportunity_id": "Deal ID",
        "sales_agent": "Owner",
        "deal_stage": "Stage",
        "close_value": "Amount",
        "close_date": "Close Date",
        "account": "Account Name",
    }
