"""What a table is written in: packed or not, text of some delimiter, a spreadsheet, Parquet, JSON or a product feed."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence

from mpsr.catalogue.encodings import decode
from mpsr.catalogue.feeds import json_rows, xml_rows
from mpsr.catalogue.quoted import delimiter_of, quoted_rows
from mpsr.catalogue.rows import Row, lines_of, unquoted_rows
from mpsr.catalogue.sheets import xlsx_rows
from mpsr.catalogue.source import LARGE, MAX_LARGE_RATIO, Source, is_bomb
from mpsr.catalogue.typed import parquet_rows
from mpsr.catalogue.types import Reject, RowPolicy
from mpsr.errors import InputError

TEXT = (".csv", ".tsv", ".tab", ".txt")
TYPED = (".parquet", ".xlsx", ".xlsm", ".jsonl", ".ndjson", ".json", ".xml")
TABLE_SUFFIXES = (*TEXT, *TYPED, *(f"{suffix}.gz" for suffix in (*TEXT, *TYPED)))

#: Spreadsheets of other programs, and what to do about them.
OTHER_SHEETS = (".xls", ".ods", ".numbers", ".xlsb")

MAX_TABLE_BYTES = 4 * 1024 * 1024 * 1024

#: As much of a table of text as its header is looked for in.
HEAD_BYTES = 256 * 1024

DELIMITERS = (",", ";", "\t", "|")


def is_table(name: str) -> bool:
    """Whether a file is called like a table, be it one that has to be saved otherwise first."""
    return name.lower().endswith((*TABLE_SUFFIXES, *OTHER_SHEETS))


def table_rows(
    source: Source,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    needed: Sequence[str] = (),
    unquoted: RowPolicy | None = None,
) -> Iterator[Row | Reject]:
    """The rows of a table; the first item is the header's row.

    Args:
        source: where it lies.
        name: which member it is.
        encoding: of a table of text; None to find out.
        delimiter: of a table of text; None to find out.
        needed: the id's column and others that a row which ends early must have a value in.
        unquoted: the table has no quoting, as Kaggle's, and what is to become of its long rows.

    Raises:
        InputError: it cannot be read.
    """
    data = _unpacked(source.read(name, MAX_TABLE_BYTES), name)
    kind = _kind(name)
    if kind == ".parquet":
        return parquet_rows(data, name)
    if kind in (".xlsx", ".xlsm"):
        return xlsx_rows(data, name)
    if kind in (".json", ".jsonl", ".ndjson"):
        return json_rows(decode(data, name, encoding), name)
    if kind == ".xml":
        return xml_rows(data, name)
    text = decode(data, name, encoding)
    if unquoted:
        return unquoted_rows(text, unquoted)
    return quoted_rows(text, delimiter or sniffed(text), needed)


def header_of(
    source: Source, name: str, encoding: str | None = None, delimiter: str | None = None
) -> list[str]:
    """The names of a table's columns, without reading more than is needed.

    Raises:
        InputError: it cannot be read.
    """
    if _kind(name) in TEXT:
        head = _unpacked(source.head(name, HEAD_BYTES), name, whole=False)
        if len(head) >= HEAD_BYTES and b"\n" in head:
            head = head[: head.rindex(b"\n") + 1]
        text = decode(head, name, encoding)
        row = next(quoted_rows(text, delimiter or sniffed(text)))
    else:
        row = next(table_rows(source, name, encoding=encoding))
    return list(row.fields) if isinstance(row, Row) else []


def sniffed(text: str) -> str:
    """The delimiter of a table: the one its first line names, or is cut by most often outside of quotes."""
    first = next((line for line in lines_of(text[:HEAD_BYTES]) if line.strip()), "")
    if named := delimiter_of(first):
        return named
    bare = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def _kind(name: str) -> str:
    """The ending that says what a table is written in."""
    plain = name.lower().removesuffix(".gz")
    ending = next((suffix for suffix in (*TYPED, *OTHER_SHEETS) if plain.endswith(suffix)), TEXT[0])
    if ending in OTHER_SHEETS:
        raise InputError(f"{name} is a spreadsheet that cannot be read as it is. Save it as .xlsx or .csv.")
    return ending


def _unpacked(data: bytes, name: str, whole: bool = True) -> bytes:
    """The bytes of a table that may be packed by gzip, whatever it is called.

    Raises:
        InputError: it is damaged, or unpacks to more than a table may have.
    """
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        if not whole:
            return zlib.decompressobj(wbits=31).decompress(data, HEAD_BYTES)
        most = min(MAX_TABLE_BYTES, max(LARGE, MAX_LARGE_RATIO * len(data)))
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            plain = file.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name} is not a complete gzip file ({error}). Fetch or pack it again.") from error
    if len(plain) > most or is_bomb(len(plain), len(data)):
        raise InputError(
            f"{name} has {len(data):,} bytes and unpacks to {min(len(plain), most):,} or more: taken for a bomb and not "
            "read. If it is none, unpack it and give the table itself."
        )
    return plain
