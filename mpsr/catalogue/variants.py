"""Rows that are variants of one product: what is written once counts for all, and further pictures join them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from mpsr.catalogue.mapping import Variants
from mpsr.catalogue.rows import Row
from mpsr.catalogue.types import Reject
from mpsr.catalogue.values import clean, is_missing

#: How WooCommerce names a parent by its number.
BY_NUMBER = "id:"


def joined(items: Sequence[Row | Reject], variants: Variants) -> tuple[list[Row | Reject], int]:
    """The rows of a table with what their products' first rows (or parents) say, and how many only added a picture.

    Args:
        items: the rows under the table's own column names, and those refused.
        variants: how rows of one product stand together.
    """
    rows = [item for item in items if isinstance(item, Row)]
    keys = _keys(rows, variants)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if key := keys[row.line]:
            groups[key].append(row)
    heads = {key: _head(group, key, variants) for key, group in groups.items()}
    pictures = {key: _pictures(group, variants) for key, group in groups.items()}
    kept: list[Row | Reject] = []
    dropped = 0
    for item in items:
        key = keys[item.line] if isinstance(item, Row) else ""
        if not isinstance(item, Row) or not key:
            kept.append(item)
        elif item is not heads[key] and _only_a_picture(item, variants):
            dropped += 1
        else:
            several = sum(not _only_a_picture(row, variants) for row in groups[key]) > 1
            filled = replace(item, fields=_filled(item, heads[key], variants), pictures=pictures[key])
            kept.append(replace(filled, variant_of=key if several else ""))
    return kept, dropped


def _value(row: Row, column: str) -> str:
    value = clean(row.fields.get(column, ""))
    return "" if is_missing(value) else value


def _keys(rows: Sequence[Row], variants: Variants) -> dict[int, str]:
    """The product that each row belongs to, by the row's line; "" for none."""
    if not variants.own:
        return {row.line: _value(row, variants.of) for row in rows}
    named: dict[str, str] = {}
    for row in rows:
        own = [value for column in variants.own if (value := _value(row, column))]
        for value in own:
            named.setdefault(value, own[0])
            named.setdefault(f"{BY_NUMBER}{value}", own[0])
    keys = {}
    for row in rows:
        parent = _value(row, variants.of)
        itself = next((value for column in variants.own if (value := _value(row, column))), "")
        keys[row.line] = named.get(parent, parent) if parent else itself
    return keys


def _head(group: Sequence[Row], key: str, variants: Variants) -> Row:
    """The row that speaks for all: the parent, or the first."""
    if variants.own:
        return next((row for row in group if not _value(row, variants.of)), group[0])
    return group[0]


def _filled(row: Row, head: Row, variants: Variants) -> dict[str, str]:
    blank = {column for column in variants.fill if column in row.fields and not _value(row, column)}
    return {column: head.fields[column] if column in blank else value for column, value in row.fields.items()}


def _only_a_picture(row: Row, variants: Variants) -> bool:
    return bool(variants.needs) and not any(_value(row, column) for column in variants.needs)


def _pictures(group: Sequence[Row], variants: Variants) -> tuple[str, ...]:
    """The pictures of all rows of a product, by their numbers where they have some."""
    named = [row for row in group if variants.pictures and _value(row, variants.pictures)]
    cells = [
        _value(row, variants.pictures) for row in sorted(named, key=lambda row: _number(row, variants.order))
    ]
    return tuple(dict.fromkeys(cells))


def _number(row: Row, column: str) -> float:
    try:
        return float(_value(row, column))
    except ValueError:
        return float("inf")
