"""CSV for spreadsheets: nothing in it is a formula, and nothing is lost."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mpsr.csvsafe import from_csv, guard, to_csv, unguard

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

#: Text made mostly of what matters here.
TEXTS = st.text(st.sampled_from("=+-@＝;,\t\r\n' \"aé") | st.characters(codec="utf-8"), max_size=12)


def cells(data: bytes, delimiter: str = ",") -> list[list[str]]:
    """The file as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://example.org","click")',
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "'=1",
    ],
)
def test_what_looks_like_a_formula_gets_an_apostrophe(text):
    assert guard(text) == "'" + text or text.startswith(("\t", "\r", "\n"))
    assert guard(text).startswith("'")
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["", "Blue shirt", "T-shirt", "a = b", "'quoted'", '3.5" short', "Größe 42"])
def test_other_text_is_left_alone(text):
    assert guard(text) == text


@given(TEXTS)
@example("\t\n=1")
@example("''\t=")
@example(";'=")
def test_guarding_is_undone_exactly_and_leaves_no_formula(text):
    safe = guard(text)
    assert unguard(safe) == text
    for piece in re.split(r"[;\t\r\n]", safe):
        assert not piece.lstrip(" ").startswith(FORMULAS)
    assert not safe.startswith(FORMULAS)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(-9, 9)), min_size=1, max_size=4))
def test_a_table_comes_back_as_it_was(rows):
    frame = pd.DataFrame(rows, columns=["=id", "name", "count"])
    back = from_csv(to_csv(frame))
    assert list(back.columns) == ["=id", "name", "count"]
    assert back.to_numpy().tolist() == [[a, b, str(n)] for a, b, n in rows]


@given(TEXTS)
def test_a_spreadsheet_of_another_locale_finds_no_formula_either(text):
    data = to_csv(pd.DataFrame({"id": ["1"], "name": [text]}))
    for delimiter in (",", ";", "\t"):
        for row in cells(data, delimiter):
            assert not any(cell.lstrip(" ").startswith(FORMULAS[:4]) for cell in row)


def test_numbers_stay_numbers_and_missing_values_are_empty():
    frame = pd.DataFrame(
        {"score": [-0.5, np.nan], "year": pd.array([2012, None], dtype="Int64"), "name": ["-x", None]}
    )
    data = to_csv(frame)
    assert data.startswith(b"\xef\xbb\xbf")
    assert cells(data)[1:] == [["-0.5", "2012", "'-x"], ["", "", ""]]
    assert b'"-0.5"' not in data


def test_two_columns_of_one_name_and_an_empty_table():
    twice = pd.DataFrame([["=a", "=b"]], columns=["name", "name"])
    assert cells(to_csv(twice)) == [["name", "name"], ["'=a", "'=b"]]
    assert from_csv(to_csv(pd.DataFrame({"id": []}))).empty
