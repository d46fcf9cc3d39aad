"""What a product is in a collection: its id, its vector, a digest of both and the columns that filters ask for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mpsr.search.filters import Filters
from mpsr.types import FloatArray

ID, VECTOR, DIGEST = "id", "vector", "digest"

#: Milvus takes 64 fields a collection. Filters on columns beyond these are applied to what the engine finds.
MOST_COLUMNS = 56

#: Bytes of UTF-8 that a text field of Milvus holds; longer values are cut.
MOST_BYTES = 65_535

#: Names that stand for something in filter expressions, or that Milvus Lite keeps for itself.
RESERVED = frozenset(
    {
        ID,
        VECTOR,
        DIGEST,
        "and",
        "or",
        "not",
        "in",
        "like",
        "is",
        "null",
        "exists",
        "iso",
        "interval",
        "true",
        "false",
    }
)
LEGAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")


@dataclass(frozen=True)
class Field:
    """A column of the catalogue in a collection.

    Attributes:
        column: its name in the catalogue.
        name: of the field.
        numeric: whether it holds numbers, not texts.
    """

    column: str
    name: str
    numeric: bool


def fields_of(filters: Filters) -> list[Field]:
    """The fields of a catalogue's columns. A column that hardly repeats, such as a description, has none."""
    wanted = list(dict.fromkeys([*filters.counted, *filters.numeric]))[:MOST_COLUMNS]
    legal = {name for name in wanted if LEGAL.fullmatch(name) and name.lower() not in RESERVED}
    found = []
    for number, column in enumerate(wanted):
        name = column
        if column not in legal:
            name = f"column_{number}"
            while name in legal:
                name += "_"
        found.append(Field(column, name, column in filters.numeric))
    return found


def stored(value: str) -> str:
    """A text as a field holds it: valid UTF-8 of at most ``MOST_BYTES``."""
    data = value.encode("utf-8", "backslashreplace")
    return data[:MOST_BYTES].decode("utf-8", "ignore")


class Records:
    """The products of one space as records of a collection."""

    def __init__(self, ids: list[str], vectors: FloatArray, filters: Filters) -> None:
        """Take the products.

        Args:
            ids: the N ids.
            vectors: shape (N, d), float32.
            filters: of their columns.
        """
        self._ids, self._vectors, self._filters = ids, vectors, filters
        self.fields = fields_of(filters)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def dimension(self) -> int:
        """Of a vector."""
        return int(self._vectors.shape[1])

    @cached_property
    def digests(self) -> list[str]:
        """What each record consists of, as 32 hexadecimal digits."""
        return [self._digest(row) for row in range(len(self))]

    def record(self, row: int) -> dict[str, Any]:
        """The record of a row."""
        return {
            ID: self._ids[row],
            VECTOR: np.ascontiguousarray(self._vectors[row], np.float32),
            DIGEST: self.digests[row],
            **{field.name: self._value(field, row) for field in self.fields},
        }

    def records(self, rows: Iterable[int]) -> list[dict[str, Any]]:
        """The records of some rows."""
        return [self.record(row) for row in rows]

    def _value(self, field: Field, row: int) -> str | float | None:
        if field.numeric:
            number = float(self._numbers[field.column][row])
            return number if np.isfinite(number) else None
        values, codes = self._texts[field.column]
        return values[codes[row]]

    def _digest(self, row: int) -> str:
        found = hashlib.blake2b(
            np.ascontiguousarray(self._vectors[row], np.float32).tobytes(), digest_size=16
        )
        for field in self.fields:
            found.update(repr(self._value(field, row)).encode("utf-8", "backslashreplace") + b"\0")
        return found.hexdigest()

    @cached_property
    def _numbers(self) -> dict[str, npt.NDArray[np.float64]]:
        return {field.column: self._filters.numbers(field.column) for field in self.fields if field.numeric}

    @cached_property
    def _texts(self) -> dict[str, tuple[list[str], npt.NDArray[np.int64]]]:
        columns = {
            field.column: self._filters.column(field.column) for field in self.fields if not field.numeric
        }
        return {name: ([stored(value) for value in one.values], one.codes) for name, one in columns.items()}
