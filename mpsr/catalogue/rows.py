"""From the bytes of a table to its rows.

Kaggle's ``styles.csv`` is not quoted at all: a comma in a product name makes the row longer, and a bare ``"``
is part of the name. So its lines are split at commas and long rows are repaired (or refused) here; any other
CSV is left to the standard library's ``csv`` and Parquet to pandas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from mpsr.catalogue.types import NAME, Reject, RowPolicy
from mpsr.errors import InputError

#: A longer field is no product attribute; the row goes to the rejects.
MAX_FIELD_CHARACTERS = 10_000


@dataclass(frozen=True)
class Row:
    """One row as read: its line number, its fields by column, the line itself, whether it was repaired."""

    line: int
    fields: dict[str, str]
    text: str = ""
    repaired: bool = False


def decode(data: bytes, name: str, encoding: str | None) -> str:
    """The text of a table.

    Raises:
        InputError: the bytes are not in that encoding (UTF-8 unless told otherwise), or there are none.
    """
    if not data.strip():
        raise InputError(f"{name} is empty. Expected a header line and one line a product.")
    if encoding is None and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{name} is UTF-16. Expected UTF-8: save it so, or add --encoding utf-16.")
    try:
        return data.decode(encoding or "utf-8-sig")
    except LookupError as error:
        raise InputError(f"{encoding!r} is no known text encoding. Try utf-8, latin-1 or utf-16.") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name} is not {encoding or 'UTF-8'}: byte 0x{data[error.start]:02X} in line {line}. "
            "Save it as UTF-8, or name its encoding, for example --encoding latin-1."
        ) from error


def unquoted_rows(text: str, policy: RowPolicy) -> Iterator[Row | Reject]:
    """Rows of a comma-separated table without quoting; the first item is the header's row (line 1).

    Under "repair" the surplus fields of a long row are joined back into the product name; under "strict" the
    row is refused. A name wrapped in quotes whole (a file saved again by a spreadsheet) counts as one field.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    header = [column.strip().strip('"') for column in lines[0].rstrip("\r").split(",")]
    yield Row(1, dict(zip(header, header, strict=True)), lines[0].rstrip("\r"))
    place = header.index(NAME) if NAME in header else len(header) - 1
    for number, line in enumerate(lines[1:], start=2):
        yield _unquoted_row(number, line.rstrip("\r"), header, place, policy)


def _unquoted_row(number: int, line: str, header: list[str], place: int, policy: RowPolicy) -> Row | Reject:
    fields = line.split(",")
    product_id = fields[0].strip()[:100] if header[0] == "id" else ""
    if not line.strip():
        return Reject(number, "", "row", "blank line")
    if len(fields) < len(header):
        return Reject(number, product_id, "row", "too few fields", f"{len(fields)} of {len(header)}")
    surplus = len(fields) - len(header)
    name = ",".join(fields[place : place + surplus + 1])
    wrapped = len(name) > 1 and name[0] == name[-1] == '"'
    if surplus and policy == "strict" and not wrapped:
        return Reject(number, product_id, "row", "too many fields", f"{len(fields)}, expected {len(header)}")
    if wrapped:
        name = name[1:-1].replace('""', '"')
    fields[place : place + surplus + 1] = [name]
    return Row(number, dict(zip(header, fields, strict=True)), line, bool(surplus) and not wrapped)


def quoted_rows(text: str, delimiter: str) -> Iterator[Row | Reject]:
    """Rows of an ordinary CSV; the first item is the header's row. A row's line is where it ends in the file."""
    csv.field_size_limit(64 * 1024 * 1024)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [column.strip() for column in next(reader)]
    yield Row(1, dict(zip(header, header, strict=True)))
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Reject(reader.line_num, "", "row", "unreadable row", str(error))
            continue
        if not fields:
            yield Reject(reader.line_num, "", "row", "blank line")
        elif len(fields) != len(header):
            reason = "too few fields" if len(fields) < len(header) else "too many fields"
            yield Reject(reader.line_num, "", "row", reason, f"{len(fields)}, expected {len(header)}")
        else:
            yield Row(reader.line_num, dict(zip(header, fields, strict=True)))


def parquet_rows(data: bytes, name: str) -> Iterator[Row | Reject]:
    """Rows of a Parquet table as text; the first item is the header's row, the first product's line is 2."""
    try:
        table = pd.read_parquet(io.BytesIO(data))
    except Exception as error:  # pyarrow raises a family of its own for damaged files
        raise InputError(f"{name} is not a readable Parquet file ({error}).") from error
    header = [str(column) for column in table.columns]
    yield Row(1, dict(zip(header, header, strict=True)))
    text = table.astype("object").where(table.notna(), "")
    for number, values in enumerate(text.itertuples(index=False), start=2):
        yield Row(number, dict(zip(header, map(_plain, values), strict=True)))


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # an integer column with gaps comes back as floats
    return str(value)


def refusal(row: Row) -> Reject | None:
    """Why a well-formed row still cannot be taken, or None."""
    for column, value in row.fields.items():
        if "\0" in value:
            return Reject(row.line, "", "row", "NUL byte", f"in column {column}")
        if len(value) > MAX_FIELD_CHARACTERS:
            return Reject(
                row.line, "", "row", "field too long", f"{len(value):,} characters in column {column}"
            )
    return None
