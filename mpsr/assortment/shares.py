"""Shares of two catalogues side by side, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.insights.statistics import difference_interval, simultaneous_z, wilson

#: Columns whose shares are told.
COLUMNS = ("articleType", "baseColour", "gender")

#: Bands of price, each of which holds as many products of both catalogues together.
BANDS = 5

SHARES = [
    *("column", "value", "count_a", "share_a", "low_a", "high_a", "count_b", "share_b", "low_b", "high_b"),
    *("difference", "low", "high"),
]


def side_by_side(a: pd.DataFrame, b: pd.DataFrame, prices: Sequence[str | None]) -> pd.DataFrame:
    """A row a value of type, colour, gender and, where both have prices, price band.

    Args:
        a: the first catalogue's table.
        b: the second's.
        prices: the column of prices of each; None where it has none.

    Returns:
        Columns ``SHARES``: for each catalogue how many products have the value, their share of its products and Wilson's
        interval of it; ``difference`` is share_b - share_a, with Newcombe's interval. Intervals hold at 95 % for all
        values of a column together. The largest differences of a column come first.
    """
    tables = [_shares(name, _text(a[name]), _text(b[name])) for name in COLUMNS]
    first, second = prices
    if first and second:
        tables.append(_shares("price", *_bands(a[first], b[second])))
    return pd.concat(tables, ignore_index=True)


def _text(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), MISSING)


def _bands(a: pd.Series, b: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Prices as bands of both catalogues together; equal prices are in one band."""
    both = pd.concat([a, b], ignore_index=True).astype(np.float64)
    edges = np.unique(np.nanquantile(both, np.linspace(0, 1, BANDS + 1)))
    place = np.clip(np.searchsorted(edges, both, side="right") - 1, 0, max(len(edges) - 2, 0))
    last = len(edges) - 2
    names = [
        f"{low:g} to {'' if at == last else 'below '}{high:g}"
        for at, (low, high) in enumerate(pairwise(edges))
    ] or [f"{edges[0]:g}"]
    texts = pd.Series(
        [MISSING if np.isnan(price) else names[at] for price, at in zip(both, place, strict=True)]
    )
    return texts[: len(a)], texts[len(a) :]


def _shares(column: str, a: pd.Series, b: pd.Series) -> pd.DataFrame:
    counts = pd.DataFrame({"count_a": a.value_counts(), "count_b": b.value_counts()}).fillna(0).astype(int)
    z = simultaneous_z(len(counts))
    table = pd.DataFrame({"column": column, "value": counts.index, "count_a": counts["count_a"].to_numpy()})
    table["count_b"] = counts["count_b"].to_numpy()
    for name, size in (("a", len(a)), ("b", len(b))):
        table[f"share_{name}"] = table[f"count_{name}"] / max(size, 1)
        table[f"low_{name}"], table[f"high_{name}"] = wilson(table[f"share_{name}"], size, z)
    table["difference"] = table["share_b"] - table["share_a"]
    table["low"], table["high"] = difference_interval(table["share_a"], len(a), table["share_b"], len(b), z)
    order = table["difference"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order, SHARES]
