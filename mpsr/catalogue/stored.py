"""Whether a table of products read from a store is one: its columns, their types, its ids."""

from __future__ import annotations

import pandas as pd
from pandas.api import types

from mpsr.catalogue.types import COLUMNS, ID

#: Columns beside the product's own that every table has, and their kinds.
PICTURE_COLUMNS = ("picture", "picture_sha256")


def wrong_with(products: pd.DataFrame) -> str | None:
    """What is wrong with the products of a store, None where nothing is.

    Every column holds text, numbers or truth values, ``year`` numbers; ids are text, each there once.
    """
    missing = [name for name in (*COLUMNS, *PICTURE_COLUMNS) if name not in products]
    if missing:
        return f"lacks the columns {', '.join(missing)}"
    if not products.columns.is_unique or not all(isinstance(name, str) for name in products.columns):
        return "has columns that are not named by text, each by its own"
    for name, column in products.items():
        if name == "year":
            fits = types.is_numeric_dtype(column)
        elif name in (*COLUMNS, *PICTURE_COLUMNS):
            fits = _is_text(column)
        else:
            fits = _is_text(column) or types.is_numeric_dtype(column) or types.is_bool_dtype(column)
        if not fits:
            return f"has {column.dtype} in the column {str(name)[:60]!r}, expected text or numbers"
    if products[ID].isna().any() or not products[ID].is_unique:
        return "has products without an id, or two of one id"
    return None


def _is_text(column: pd.Series) -> bool:
    return types.is_string_dtype(column) or bool(column.isna().all())
