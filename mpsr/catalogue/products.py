"""From the rows of a table to products: our column names, one row an id, clean values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from textwrap import shorten

import pandas as pd

from mpsr.catalogue.located import Located
from mpsr.catalogue.mapping import PICTURE
from mpsr.catalogue.rows import Row, harmless, refusal
from mpsr.catalogue.types import COLUMNS, ID, INTERNAL, Reject
from mpsr.catalogue.values import clean, clean_id, is_missing, without_float_ends, years
from mpsr.errors import InputError


def named_rows(
    items: Iterator[Row | Reject], located: Located, limit: int | None
) -> tuple[list[Row], list[Reject]]:
    """Rows to keep under our column names, at most ``limit`` of them, and the rejects.

    Raises:
        InputError: a column that is to be read is not there, or there twice.
    """
    header = next(items)
    if not isinstance(header, Row):
        raise AssertionError("the first item is the header")
    names = located.mapping.columns if located.mapping else {column: column for column in COLUMNS}
    _check_header(header, names, located.table)
    named = [item if isinstance(item, Reject) else _named(item, names) for item in items]
    return _first_of_each_id(_ids_as_whole_numbers(named), limit)


def _check_header(header: Row, names: dict[str, str], table: str) -> None:
    given = list(header.fields.values())
    if twice := sorted({theirs for theirs in names.values() if given.count(theirs) > 1}):
        raise InputError(
            f"{table} has more than one column named {', '.join(twice)}. Expected each that is read once."
        )
    if absent := [theirs for theirs in names.values() if theirs not in header.fields]:
        there = shorten(", ".join(header.fields) or "none", 500, placeholder=" …")
        raise InputError(
            f"{table} lacks the column(s) {', '.join(absent)}; it has {there}. "
            "Expected the columns of styles.csv, or a --mapping that names yours."
        )


def _named(row: Row, names: dict[str, str]) -> Row | Reject:
    """The row under our column names, or why it is refused."""
    taken = set(names.values())
    if refused := refusal(row, names[ID], taken):
        return refused
    ours = {name: clean(row.fields[theirs]) for name, theirs in names.items()}
    ours[ID] = clean_id(ours[ID])
    pictures = (ours.pop(PICTURE),) if PICTURE in names else ()
    others = {
        name: clean(harmless(value))
        for name, value in row.fields.items()
        if name not in taken and name not in ours
    }
    return replace(row, fields=ours | others, pictures=pictures)


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


def products_table(rows: list[Row]) -> tuple[pd.DataFrame, dict[str, int]]:
    """The products, without their pictures, and how many values could not be read by column."""
    table = pd.DataFrame([row.fields for row in rows]).astype("str")
    further = [str(column) for column in table if column not in COLUMNS]
    table = table.reindex(columns=[*COLUMNS, *further], fill_value="")
    table = table.rename(columns={name: f"{name}_given" for name in INTERNAL})
    attributes = [str(column) for column in table if column != ID]
    table[attributes] = table[attributes].mask(table[attributes].map(_says_nothing))
    table["year"], unread = years(table["year"])
    table["line"] = [row.line for row in rows]
    table["repaired"] = [row.repaired for row in rows]
    return table, {"year": unread} if unread else {}


def _says_nothing(value: object) -> bool:
    return not isinstance(value, str) or is_missing(value)
