"""Rows of a CSV with quoting, as strictly as it was written and as forgivingly as is safe.

A record ends where its quotes end, whatever becomes of it: a record that is refused takes all its lines with it, so that
no piece of a description is ever taken for a product.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from mpsr.catalogue.rows import Row, as_row, column_names, header_row, lines_of
from mpsr.catalogue.types import ID, Reject
from mpsr.catalogue.values import clean_id

#: A quoted field may hold line breaks; one that runs on for longer was never closed.
MAX_ROW_LINES = 1_000

#: Lines that may be looked at in vain, for quotes that are never closed: so many in all and so many a line of the table.
#: After them a field may only run over ``FEW_ROW_LINES``, so that reading takes time in proportion to the table.
VAIN_LINES, VAIN_TIMES, FEW_ROW_LINES = 200_000, 2, 10

#: What spreadsheets write into the first line to say how the others are cut.
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<delimiter>[^"\r\n])"?[,;\t]*', re.IGNORECASE)

#: The number of a line, from 0 → the fields of the record that begins there, and how many lines it takes.
_Reader = Callable[[int], tuple[list[str], int]]


def quoted_rows(text: str, delimiter: str, needed: Sequence[str] = ()) -> Iterator[Row | Reject]:
    """Rows of an ordinary CSV; the first item is the header's row. A row's line is where it begins in the file.

    A quote that is never closed costs its own row: the lines it would swallow are read by themselves. A first line
    ``sep=;`` says how to cut the others. Empty fields at a row's end may be left out, or be more than the header has.

    Args:
        text: the whole table.
        delimiter: what cuts a line into fields.
        needed: the id's column and others that a row which ends early must have a value in; without any, such a row
            is refused.
    """
    csv.field_size_limit(64 * 1024 * 1024)
    lines = lines_of(text)
    named = _SEPARATOR_LINE.fullmatch(lines[0])
    used = named["delimiter"] if named else delimiter
    begin, escape = 1 if named and len(lines) > 1 else 0, None

    def reader(escape: str | None) -> _Reader:
        return partial(_record, lines, delimiter=used, patience=_Patience(len(lines)), escape=escape)

    if '\\"' in text:
        escape = min((None, "\\"), key=lambda escape: _refused(_rows(lines, begin, reader(escape), needed)))
    yield from _rows(lines, begin, reader(escape), needed)


def delimiter_of(line: str) -> str | None:
    """The delimiter that the first line of a table names for the others."""
    named = _SEPARATOR_LINE.fullmatch(line.strip())
    return named["delimiter"] if named else None


def _rows(lines: list[str], at: int, read: _Reader, needed: Sequence[str]) -> Iterator[Row | Reject]:
    names, used = read(at)
    header = column_names(names)
    yield header_row(names, at + 1)
    at += used
    while at < len(lines):
        fields, used = read(at)
        yield _quoted_row(at + 1, fields, header, needed)
        at += used


def _refused(rows: Iterator[Row | Reject]) -> tuple[int, int]:
    """How many rows are refused, and (the fewer the worse) how many there are."""
    kinds = [isinstance(row, Reject) for row in rows]
    return sum(kinds), -len(kinds)


@dataclass
class _Patience:
    """How many lines a record may be looked for in; less once many were read in vain."""

    lines: int
    vain: int = 0

    @property
    def at_most(self) -> int:
        """Lines that the next record may take."""
        return MAX_ROW_LINES if self.vain < VAIN_LINES + VAIN_TIMES * self.lines else FEW_ROW_LINES


def _record(
    lines: list[str], at: int, delimiter: str, patience: _Patience, escape: str | None = None
) -> tuple[list[str], int]:
    """The fields of the record that begins there, and how many lines it takes."""
    end = min(at + patience.at_most, len(lines))
    following = (lines[n] + "\n" for n in range(at, end))
    reader = csv.reader(
        following, delimiter=delimiter, strict=True, escapechar=escape, doublequote=escape is None
    )
    try:
        return next(reader), reader.line_num
    except csv.Error:
        found = _carelessly_quoted(lines, at, end, delimiter)
        patience.vain += max(end - at if found[1] == 1 else 0, reader.line_num - found[1])
        return found


def _carelessly_quoted(lines: list[str], at: int, end: int, delimiter: str) -> tuple[list[str], int]:
    """The record of a line that breaks the rules of quoting.

    Quotes inside a field are part of it. A field may still run over several lines, but only where its last quote stands
    before a delimiter or a line's end; otherwise nobody knows where it ends, and the record is its first line.
    """
    text = "\n".join(lines[at:end])
    fields, place = [], 0
    while True:
        field, place = _field(text, place, delimiter)
        if field is None:
            return _plain_split(lines[at], delimiter), 1
        fields.append(field)
        if place >= len(text) or text[place] == "\n":
            return fields, text.count("\n", 0, place) + 1
        place += 1


def _field(text: str, begin: int, delimiter: str) -> tuple[str | None, int]:
    """The field that begins there and where it ends; None where it runs over a line's end and is not closed."""
    ends = re.compile(rf"(?=[{re.escape(delimiter)}\n]|\Z)")
    if text[begin : begin + 1] != '"':
        return _until(ends, text, begin, begin)
    closing = re.compile(rf'(?:[^"]|"")*"{ends.pattern}').match(text, begin + 1)
    if closing:
        return closing.group()[:-1].replace('""', '"'), closing.end()
    another = re.compile(r'[^"\n]*"').match(text, begin + 1)
    return _until(ends, text, begin, another.end()) if another else (None, begin)


def _until(ends: re.Pattern[str], text: str, begin: int, after: int) -> tuple[str, int]:
    """The text from there to the first delimiter or line's end after a place, and where that is."""
    found = ends.search(text, after)
    end = found.start() if found else len(text)
    return text[begin:end], end


def _plain_split(line: str, delimiter: str) -> list[str]:
    """A line that breaks the rules of quoting: cut at every delimiter, quotes around a whole field taken off."""
    fields = line.split(delimiter)
    return [field[1:-1] if len(field) > 1 and field[0] == field[-1] == '"' else field for field in fields]


def _quoted_row(line: int, fields: list[str], header: list[str], needed: Sequence[str]) -> Row | Reject:
    if not any(field.strip() for field in fields):
        return Reject(line, "", "row", "blank line")
    came = len(fields)
    while len(fields) > len(header) and not fields[-1].strip():
        fields = fields[:-1]
    if any(name in header for name in needed) and len(fields) < len(header):
        padded = [*fields, *[""] * (len(header) - len(fields))]
        if all(padded[header.index(name)].strip() for name in needed if name in header):
            fields = padded
    if len(fields) == len(header):
        return as_row(line, header, fields)
    reason = "too few fields" if len(fields) < len(header) else "too many fields"
    place = header.index(needed[0]) if needed and needed[0] in header else 0
    known = needed or header[0] == ID
    product_id = clean_id(fields[place])[:100] if known and place < len(fields) else ""
    return Reject(line, product_id, "row", reason, f"{came}, expected {len(header)}")
