"""From the bytes of a table to its rows.

Kaggle's ``styles.csv`` is not quoted at all: a comma in a product name makes the row longer, and a bare ``"``
is part of the name. So its lines are split at commas and long rows are repaired (or refused) here; any other
CSV is left to the standard library's ``csv``, row by row, and Parquet to pyarrow.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.parquet as pq

from mpsr.catalogue.types import ID, NAME, Reject, RowPolicy
from mpsr.errors import InputError

#: A longer field is no product attribute; the row goes to the rejects.
MAX_FIELD_CHARACTERS = 10_000

#: Every id takes as much room as the longest, in memory and on disk.
MAX_ID_CHARACTERS = 200

#: A quoted field may hold line breaks; one that runs on for longer was never closed.
MAX_ROW_LINES = 1_000


@dataclass(frozen=True)
class Row:
    """One row as read: its line number, its fields by column, the line itself, whether it was repaired."""

    line: int
    fields: dict[str, str]
    text: str = ""
    repaired: bool = False


def decode(data: bytes, name: str, encoding: str | None) -> str:
    """The text of a table, without a byte order mark.

    Raises:
        InputError: the bytes are not in that encoding (UTF-8 unless told otherwise), or there are none.
    """
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise InputError(f"{name} is empty. Expected a header line and one line a product.")
    if encoding is None and (data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]):
        raise InputError(f"{name} looks like UTF-16. Expected UTF-8: save it so, or add --encoding utf-16.")
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name} is not {encoding or 'UTF-8'}: byte 0x{error.object[error.start]:02X} in line {line}. "
            "Save it as UTF-8, or name its encoding, for example --encoding latin-1."
        ) from error
    except (LookupError, ValueError) as error:
        raise InputError(f"{encoding!r} is no known text encoding. Try utf-8, latin-1 or utf-16.") from error
    return text.removeprefix("\ufeff")


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


def _as_row(line: int, header: Sequence[str], fields: Sequence[str], text: str = "") -> Row:
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
        return _as_row(number, header, quoted, line)
    fields = line.split(",")
    product_id = fields[0].strip()[:100] if header[0] == ID else ""
    if len(fields) < len(header):
        return Reject(number, product_id, "row", "too few fields", f"{len(fields)} of {len(header)}")
    surplus = len(fields) - len(header)
    if surplus and policy == "strict":
        return Reject(number, product_id, "row", "too many fields", f"{len(fields)}, expected {len(header)}")
    fields[place : place + surplus + 1] = [",".join(fields[place : place + surplus + 1])]
    return replace(_as_row(number, header, fields, line), repaired=bool(surplus))


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
        return _as_row(line, header, fields)
    reason = "too few fields" if len(fields) < len(header) else "too many fields"
    product_id = fields[0].strip()[:100] if header[0] == ID else ""
    return Reject(line, product_id, "row", reason, f"{len(fields)}, expected {len(header)}")


def parquet_rows(data: bytes, name: str) -> Iterator[Row | Reject]:
    """Rows of a Parquet table as text; the first item is the header's row, the first product's line is 2.

    Columns that hold bytes or nested values (a data set's embedded pictures) are not read.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        columns = [field.name for field in file.schema_arrow if not _is_binary_or_nested(field.type)]
        yield header_row(columns)
        number = 1
        for batch in file.iter_batches(batch_size=4096, columns=columns):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield _as_row(number, [column.strip() for column in columns], [plain_text(v) for v in values])
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name} is not a readable Parquet file ({error}).") from error


def _is_binary_or_nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def plain_text(value: object) -> str:
    """A typed table's value as text; missing is "", and a whole float (an integer column with gaps) an integer."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


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
