"""Rows of a spreadsheet (.xlsx)."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from mpsr.catalogue.rows import Row, as_row, column_names, header_row
from mpsr.catalogue.source import ZIP_ERRORS, zip_refusal
from mpsr.catalogue.typed import plain_text
from mpsr.catalogue.types import Reject
from mpsr.errors import InputError

#: A format that shows a number with leading zeros, as article numbers are.
_ZEROS = re.compile(r"0{2,}")

#: A workbook may claim a million rows that hold nothing; so many empty ones in a row end a sheet.
EMPTY_ROWS_END = 1_000


def xlsx_rows(data: bytes, name: str) -> Iterator[Row | Reject]:
    """Rows of the first sheet that holds any, as text; the first row with a value is the header.

    Raises:
        InputError: it is no spreadsheet that can be read, or holds nothing.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refused = next((said for info in archive.infolist() if (said := zip_refusal(info))), None)
        if refused:
            raise InputError(f"{name} {refused}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that say nothing about the values
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = _filled(sheet)
            if first := next(rows, None):
                yield from _rows(*first, rows)
                return
    except InputError:
        raise
    except (*ZIP_ERRORS, OSError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        raise InputError(
            f"{name} is not a readable spreadsheet ({error}). Save it again as .xlsx."
        ) from error
    raise InputError(f"{name} is empty. Expected a header row and one row a product.")


def _filled(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as text with their numbers, from the first to the last that holds a value."""
    begun, empty = False, 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_text(cell) for cell in cells]
        filled = any(value.strip() for value in values)
        begun, empty = begun or filled, 0 if filled else empty + 1
        if empty > EMPTY_ROWS_END:
            return
        if begun:
            yield number, values


def _rows(line: int, names: list[str], rest: Iterator[tuple[int, list[str]]]) -> Iterator[Row | Reject]:
    while names and not names[-1].strip():
        names = names[:-1]
    header = column_names(names)
    yield header_row(names, line)
    blank: list[Reject] = []
    for number, values in rest:
        if not any(value.strip() for value in values):
            blank.append(Reject(number, "", "row", "blank line"))
            continue
        yield from blank  # those below the last row are no rows
        blank = []
        width = len(header)
        yield as_row(number, header, [*values, *[""] * width][:width])


def _text(cell: Any) -> str:
    """A cell as its text shows it, numbers without the look of money and the like."""
    value = cell.value
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))
    return plain_text(value)
