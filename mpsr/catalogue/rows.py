"""Rows of a table, and how those of Kaggle's ``styles.csv`` are told apart.

That file is not quoted at all: a comma in a product name makes the row longer, and a bare ``"`` is part of the name. So
its lines are split at commas and long rows are repaired (or refused) here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mpsr.catalogue.types import ID, NAME, Reject, RowPolicy
from mpsr.errors import InputError

#: A longer field is no product attribute; the row goes to the rejects.
MAX_FIELD_CHARACTERS = 10_000

#: Every id takes as much room as the longest, in memory and on disk.
MAX_ID_CHARACTERS = 200


@dataclass(frozen=True)
class Row:
    """One row as read: its line number, its fields by column, the line itself, whether it was repaired."""

    line: int
    fields: dict[str, str]
    text: str = ""
    repaired: bool = False


def lines_of(text: str) -> list[str]:
    r"""The lines of a table without their ends: ``\n`` or ``\r\n``, or ``\r`` where that is all there is.

    Nothing else ends a line, so that a stray return or a Unicode separator inside a name does not cut it in two.
    """
    end = "\n" if "\n" in text else "\r"
    lines = text.split(end)
    if lines[-1] == "":
        lines.pop()
    return [re.sub("\r+", " ", line.rstrip("\r")) if "\r" in line else line for line in lines]


def header_row(names: Iterable[str]) -> Row:
    """The row of a table's header, whose fields are their own names; a column without a name is not read.

    Raises:
        InputError: two columns have the same name, so that one would hide the other.
    """
    columns = [name.strip() for name in names]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise InputError(f"the table has more than one column named {', '.join(twice)}. Expected each once.")
    return Row(1, {name: name for name in columns if name})


def as_row(line: int, header: Sequence[str], fields: Sequence[str], text: str = "") -> Row:
    """A row from its fields in the header's order; those under no name are left out."""
    pairs = zip(header, fields, strict=True)
    return Row(line, {name: value for name, value in pairs if name}, text)


def split_quoted(line: str, delimiter: str = ",") -> list[str] | None:
    """The fields of a line that keeps to the rules of quoting to the letter, else None."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def unquoted_rows(text: str, policy: RowPolicy) -> Iterator[Row | Reject]:
    """Rows of a comma-separated table without quoting; the first item is the header's row (line 1).

    Under "repair" the surplus fields of a long row are joined back into the product name; under "strict" the
    row is refused. A line that is quoted by the rules (a file saved again by a spreadsheet) is read by them.
    """
    lines = lines_of(text)
    header = [name.strip() for name in split_quoted(lines[0]) or lines[0].split(",")]
    yield header_row(header)
    place = header.index(NAME) if NAME in header else len(header) - 1
    for number, line in enumerate(lines[1:], start=2):
        yield _unquoted_row(number, line, header, place, policy)


def _unquoted_row(number: int, line: str, header: list[str], place: int, policy: RowPolicy) -> Row | Reject:
    if not line.strip():
        return Reject(number, "", "row", "blank line")
    quoted = split_quoted(line) if '"' in line else None
    if quoted is not None and len(quoted) == len(header):
        return as_row(number, header, quoted, line)
    fields = line.split(",")
    product_id = fields[0].strip()[:100] if header[0] == ID else ""
    if len(fields) < len(header):
        return Reject(number, product_id, "row", "too few fields", f"{len(fields)} of {len(header)}")
    surplus = len(fields) - len(header)
    if surplus and policy == "strict":
        return Reject(number, product_id, "row", "too many fields", f"{len(fields)}, expected {len(header)}")
    fields[place : place + surplus + 1] = [",".join(fields[place : place + surplus + 1])]
    return replace(as_row(number, header, fields, line), repaired=bool(surplus))


def refusal(row: Row, id_column: str) -> Reject | None:
    """Why a well-formed row still cannot be taken, or None."""
    product_id = row.fields.get(id_column, "").strip()
    for column, value in row.fields.items():
        if "\0" in value:
            detail = f"in column {column}"
            return Reject(row.line, product_id.replace("\0", "")[:100], "row", "NUL byte", detail)
        if len(value) > MAX_FIELD_CHARACTERS:
            detail = f"{len(value):,} characters in column {column}"
            return Reject(row.line, product_id[:100], "row", "field too long", detail)
    if len(product_id) > MAX_ID_CHARACTERS:
        return Reject(row.line, product_id[:100], "row", "id too long", f"{len(product_id):,} characters")
    return Reject(row.line, "", "row", "no id") if not product_id else None
