"""Rows of a CSV with quoting."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from mpsr.catalogue.rows import Row, as_row, header_row, lines_of
from mpsr.catalogue.types import ID, Reject

#: A quoted field may hold line breaks; one that runs on for longer was never closed.
MAX_ROW_LINES = 1_000


def quoted_rows(text: str, delimiter: str) -> Iterator[Row | Reject]:
    """Rows of an ordinary CSV; the first item is the header's row. A row's line is where it begins in the file.

    A quote that is never closed costs its own row: the lines it would swallow are read by themselves.
    """
    csv.field_size_limit(64 * 1024 * 1024)
    lines = lines_of(text)
    names, at = _record(lines, 0, delimiter)
    header = [name.strip() for name in names]
    yield header_row(header)
    while at < len(lines):
        fields, used = _record(lines, at, delimiter)
        if used > 1 and len(fields) != len(header):
            fields, used = _plain_split(lines[at], delimiter), 1
        yield _quoted_row(at + 1, fields, header)
        at += used


def _record(lines: list[str], at: int, delimiter: str) -> tuple[list[str], int]:
    """The fields of the row that begins there, and how many lines it takes."""
    following = (lines[n] + "\n" for n in range(at, min(at + MAX_ROW_LINES, len(lines))))
    reader = csv.reader(following, delimiter=delimiter, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        return _plain_split(lines[at], delimiter), 1


def _plain_split(line: str, delimiter: str) -> list[str]:
    """A line that breaks the rules of quoting: cut at every delimiter, quotes around a whole field taken off."""
    fields = line.split(delimiter)
    return [field[1:-1] if len(field) > 1 and field[0] == field[-1] == '"' else field for field in fields]


def _quoted_row(line: int, fields: list[str], header: list[str]) -> Row | Reject:
    if not any(field.strip() for field in fields):
        return Reject(line, "", "row", "blank line")
    if len(fields) == len(header):
        return as_row(line, header, fields)
    reason = "too few fields" if len(fields) < len(header) else "too many fields"
    product_id = fields[0].strip()[:100] if header[0] == ID else ""
    return Reject(line, product_id, "row", reason, f"{len(fields)}, expected {len(header)}")
