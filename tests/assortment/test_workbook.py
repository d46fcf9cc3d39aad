"""Tables as a spreadsheet: what goes in comes out, and no text becomes a formula."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from mpsr.assortment import workbook
from mpsr.assortment.workbook import to_xlsx
from mpsr.errors import InputError


def read(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_values_keep_their_kind_and_missing_ones_are_empty():
    table = pd.DataFrame(
        {
            "id": ["007", "8"],
            "price": [1.5, None],
            "year": pd.array([2012, None], "Int64"),
            "new": [True, False],
        }
    )
    sheet = read(to_xlsx({"products": table, "none": table[:0]}))["products"]
    assert list(sheet.values) == [
        ("id", "price", "year", "new"),
        ("007", 1.5, 2012, True),
        ("8", None, None, False),
    ]
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "a;=1", "＝1", "#N/A", "#REF!"]
)
def test_text_stays_text_and_begins_no_formula(text):
    sheet = read(to_xlsx({"t": pd.DataFrame({text: [text]})}))["t"]
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type == "s"
        assert cell.value == workbook.guard(text)


def test_what_the_format_cannot_hold_is_left_out():
    sheet = read(to_xlsx({"t": pd.DataFrame({"a": ["x\x00y", "z\ud800"]}, dtype=object)}))["t"]
    assert [row[0] for row in sheet.values] == ["a", "xy", "z?"]


def test_a_table_that_fits_no_sheet_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "SHEET_ROWS", 3)
    with pytest.raises(InputError, match="3 rows, and a sheet holds 3"):
        to_xlsx({"t": pd.DataFrame({"a": [1, 2, 3]})})
