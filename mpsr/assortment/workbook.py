"""Tables as a spreadsheet (.xlsx), a sheet each; no cell of text is ever taken for a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd

from mpsr.csvsafe import guard
from mpsr.errors import InputError
from mpsr.shop.feed_formats import SHEET_ROWS

#: A column is as wide as its longest text, within these limits, in characters.
NARROWEST, WIDEST = 8, 60

#: Rows whose texts a column's width is measured on.
MEASURED = 200


def to_xlsx(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """A workbook with one sheet a table, in their order, the heading's row kept in view.

    Args:
        tables: name of the sheet, at most 31 characters → table. Text cells and column names are guarded as in CSV
            (``mpsr.csvsafe``), numbers and dates stay what they are, missing values are empty cells.

    Raises:
        InputError: a table has more rows than a sheet holds.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for name, table in tables.items():
        if len(table) >= SHEET_ROWS:
            raise InputError(
                f"the table {name!r} has {len(table):,} rows, and a sheet holds {SHEET_ROWS:,}. Take CSV."
            )
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        columns = [_cells(table.iloc[:, place]) for place in range(table.shape[1])]
        for place, (heading, cells) in enumerate(zip(table.columns, columns, strict=True), 1):
            letter = openpyxl.utils.get_column_letter(place)
            sheet.column_dimensions[letter].width = _width(str(heading), cells)
        sheet.append([_cell(sheet, _text(str(heading))) for heading in table.columns])
        for row in zip(*columns, strict=True):
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(column: pd.Series) -> list[object]:
    return [_text(value) if isinstance(value, str) else value for value in plain(column)]


def plain(column: pd.Series) -> list[object]:
    """A column's values as Python's own; None where one is missing."""
    return [None if pd.isna(value) else value for value in column.astype(object).tolist()]


def _text(value: str) -> str:
    """Text as a cell can hold it: guarded, and without the control characters that the format does not allow."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    whole = value.encode("utf-8", "replace").decode()
    return guard(ILLEGAL_CHARACTERS_RE.sub("", whole))


def _cell(sheet: object, value: object) -> object:
    """A cell; text such as ``#N/A`` stays text and becomes no error."""
    from openpyxl.cell import WriteOnlyCell

    if not (isinstance(value, str) and value.startswith("#")):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


def _width(heading: str, cells: list[object]) -> int:
    longest = max(len(str(value)) for value in [heading, *cells[:MEASURED]])
    return min(max(longest + 1, NARROWEST), WIDEST)
