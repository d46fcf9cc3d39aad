"""Rows of tables whose cells have types."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from mpsr.catalogue.rows import Row, as_row, header_row
from mpsr.catalogue.types import Reject
from mpsr.errors import InputError


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
            cells = [
                _cells(column, named, name) for column, named in zip(batch.columns, columns, strict=True)
            ]
            for values in zip(*cells, strict=True):
                number += 1
                yield as_row(number, [column.strip() for column in columns], [plain_text(v) for v in values])
    except InputError:
        raise
    except Exception as error:  # damaged files make the reader raise nearly anything
        raise InputError(f"{name} is not a readable Parquet file ({error}).") from error


def _cells(column: pa.Array, named: str, table: str) -> list[object]:
    """A column's values.

    Raises:
        InputError: one is no value of its type: a text that is not UTF-8, a date that no calendar has.
    """
    try:
        column.validate(full=True)
        return list(column.to_pylist())
    except Exception as error:  # texts, dates and time zones raise each their own
        raise InputError(
            f"{table}: the column {named!r} holds values that cannot be read as {column.type} "
            f"({type(error).__name__}). Save it as text, or leave it out."
        ) from error


def _is_binary_or_nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def plain_text(value: object) -> str:
    """A typed table's value as text; missing is "", and a whole float (an integer column with gaps) an integer."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
