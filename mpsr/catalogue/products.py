"""From the rows of a table to products: our column names, one row an id, clean values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from mpsr.catalogue.columns import Columns
from mpsr.catalogue.located import Located
from mpsr.catalogue.mapping import Mapping, Variants
from mpsr.catalogue.numbers import with_numbers
from mpsr.catalogue.rows import Row
from mpsr.catalogue.types import COLUMNS, ID, VARIANT_OF, Reject
from mpsr.catalogue.values import is_missing, without_float_ends, years
from mpsr.catalogue.variants import joined

#: Kaggle's ten columns are called as ours.
KAGGLE = Mapping(columns={column: column for column in COLUMNS})


def named_rows(
    items: Iterator[Row | Reject], located: Located, limit: int | None
) -> tuple[list[Row], list[Reject], int]:
    """Rows to keep under our column names, at most ``limit``, the rejects, and how many rows only added a picture.

    Raises:
        InputError: a column that is to be read is not there, or there twice.
    """
    header = next(items)
    if not isinstance(header, Row):
        raise ValueError(f"expected the header first, got {type(header).__name__}")
    mapping = located.mapping or KAGGLE
    columns = Columns(header, mapping, located.table)
    joins = 0
    if variants := columns.variants():
        items, joins = _joined(items, variants)
    named = [item if isinstance(item, Reject) else columns.named(item) for item in items]
    return *_first_of_each_id(_ids_as_whole_numbers(named), limit), joins


def _joined(items: Iterator[Row | Reject], variants: Variants) -> tuple[Iterator[Row | Reject], int]:
    rows, joins = joined(list(items), variants)
    return iter(rows), joins


def _ids_as_whole_numbers(items: list[Row | Reject]) -> list[Row | Reject]:
    """The rows of a table whose every id is written ``1163.0``, with ids such as ``1163``; any others as they are."""
    given = [item.fields[ID] for item in items if isinstance(item, Row)]
    whole = without_float_ends(given)
    if whole is given:
        return items
    ids = iter(whole)
    return [
        replace(item, fields=item.fields | {ID: next(ids)}) if isinstance(item, Row) else item
        for item in items
    ]


def _first_of_each_id(items: list[Row | Reject], limit: int | None) -> tuple[list[Row], list[Reject]]:
    """The first row of each id, at most ``limit`` of them, and the rejects up to there."""
    rows: dict[str, Row] = {}
    rejects: list[Reject] = []
    for item in items:
        if limit is not None and len(rows) >= limit:
            break
        if isinstance(item, Reject):
            rejects.append(item)
        elif first := rows.get(item.fields[ID]):
            seen = f"first seen in line {first.line}"
            rejects.append(Reject(item.line, item.fields[ID], "row", "duplicate id", seen))
        else:
            rows[item.fields[ID]] = item
    return list(rows.values()), rejects


def products_table(rows: list[Row], declared: Sequence[str] = ()) -> tuple[pd.DataFrame, dict[str, int]]:
    """The products, without their pictures, and how many values could not be read by column.

    Args:
        rows: under our column names.
        declared: columns of the table that hold numbers.
    """
    table = pd.DataFrame([row.fields for row in rows]).astype("str")
    further = [str(column) for column in table if column not in (*COLUMNS, VARIANT_OF)]
    table = table.reindex(columns=[*COLUMNS, *further, VARIANT_OF])
    attributes = [str(column) for column in table if column != ID]
    table[attributes] = table[attributes].mask(table[attributes].map(_says_nothing))
    table["year"], unread = years(table["year"])
    table, lost = with_numbers(table, further, declared)
    table["line"] = [row.line for row in rows]
    table["repaired"] = [row.repaired for row in rows]
    return table, ({"year": unread} if unread else {}) | lost


def _says_nothing(value: object) -> bool:
    return not isinstance(value, str) or is_missing(value)
