"""Which column of a catalogue holds its prices, and which its stock."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mpsr.errors import InputError

#: The last words of a column's name that say what it holds.
PRICE = ("price", "preis", "prix")
STOCK = ("stock", "bestand", "quantity", "qty")


def number_column(products: pd.DataFrame, numeric: Sequence[str], words: Sequence[str]) -> str | None:
    """The one column of numbers whose name ends in one of ``words``; None where there is none.

    Args:
        products: the catalogue's table.
        numeric: its columns of numbers.
        words: what the name may end in, in lower case.

    Raises:
        InputError: several columns do; which one is meant cannot be told.
    """
    found = [name for name in numeric if name in products and name.casefold().endswith(tuple(words))]
    if len(found) > 1:
        raise InputError(
            f"the columns {', '.join(found)} could each be the {words[0]}. Expected one. Build the catalogue with a "
            "mapping that keeps one of them."
        )
    return found[0] if found else None
