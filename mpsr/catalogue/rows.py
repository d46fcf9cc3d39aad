"""Rows of a table, and how those of Kaggle's ``styles.csv`` are told apart.

That file is not quoted at all: a comma in a product name makes the row longer, and a bare ``"`` is part of the name. So
its lines are split at commas and long rows are repaired (or refused) here.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mpsr.catalogue.types import ID, NAME, Reject, RowPolicy
from mpsr.catalogue.values import NO_ID, clean_id

#: A longer field is no product attribute; the row goes to the rejects.
MAX_FIELD_CHARACTERS = 10_000

#: Every id takes as much room as the longest, in memory and on disk.
MAX_ID_CHARACTERS = 200


@dataclass(frozen=True)
class Row:
    """One row as read.

    Attributes:
        line: its line number.
        fields: its fields by column.
        text: the line itself.
        repaired: whether it was too long and joined back together.
        pictures: the cells that name its pictures, in order.
        variant_of: the same for rows that are variants of one product; "" for one that is none.
    """

    line: int
    fields: dict[str, str]
    text: str = ""
    repaired: bool = False
    pictures: tuple[str, ...] = ()
    variant_of: str = ""


def lines_of(text: str) -> list[str]:
    r"""The lines of a table without their ends: ``\n`` or ``\r\n``, or ``\r`` where that is all there is.

    Nothing else ends a line, so that a stray return or a Unicode separator inside a name does not cut it in two.
    """
    end = "\n" if "\n" in text else "\r"
    lines = text.split(end)
    if lines[-1] == "":
        lines.pop()
    return [re.sub("\r+", " ", line.rstrip("\r")) if "\r" in line else line for line in lines]


def column_names(names: Iterable[str]) -> list[str]:
    """The names of a header's columns, each its own: a second ``note`` is ``note (2)``; "" for one without a name."""
    taken: set[str] = set()
    seen: Counter[str] = Counter()
    found: list[str] = []
    for name in map(clean_id, names):
        own = name
        while name and own in taken:
            seen[name] += 1
            own = f"{name} ({seen[name] + 1})"
        taken.add(own)
        found.append(own)
    return found


def header_row(names: Sequence[str], line: int = 1) -> Row:
    """The row of a table's header: each column's own name → the name as it stands; one without a name is not read."""
    return as_row(line, column_names(names), [clean_id(name) for name in names])


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
    names = split_quoted(lines[0]) or lines[0].split(",")
    header = column_names(names)
    yield header_row(names)
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


def refusal(row: Row, product_id: str) -> Reject | None:
    """Why a well-formed row still cannot be taken, or None.

    Args:
        row: the row with those of its fields that are read.
        product_id: the id that it gives its product.
    """
    product_id = clean_id(product_id)
    for column, value in row.fields.items():
        if "\0" in value:
            detail = f"in column {column}"
            return Reject(row.line, product_id.replace("\0", "")[:100], "row", "NUL byte", detail)
        if len(value) > MAX_FIELD_CHARACTERS:
            detail = f"{len(value):,} characters in column {column}"
            return Reject(row.line, product_id[:100], "row", "field too long", detail)
    if len(product_id) > MAX_ID_CHARACTERS:
        return Reject(row.line, product_id[:100], "row", "id too long", f"{len(product_id):,} characters")
    if product_id.casefold() in NO_ID:
        return Reject(row.line, "", "row", "no id", product_id)
    return None


def harmless(value: str) -> str:
    """A value of a column that nobody mapped, so that it can be kept: no NUL bytes, and not without end."""
    value = value.replace("\0", "")
    return value if len(value) <= MAX_FIELD_CHARACTERS else value[: MAX_FIELD_CHARACTERS - 1] + "…"
