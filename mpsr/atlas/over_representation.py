"""Which values are over- and under-represented in a part of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

#: What stands for a missing value.
MISSING = "(missing)"


@dataclass(frozen=True)
class Coded:
    """A column as numbers.

    Attributes:
        codes: shape (N,), int32, the value of each product.
        values: the values by descending count, equal counts by name.
    """

    codes: npt.NDArray[np.int32]
    values: tuple[str, ...]

    def where(self, value: str) -> npt.NDArray[np.bool_]:
        """Which products have the value, shape (N,)."""
        return self.codes == (self.values.index(value) if value in self.values else -1)


def coded(column: pd.Series) -> Coded:
    """A column's values as numbers; a missing value counts as ``(missing)``."""
    text = column.astype("str").where(column.notna(), MISSING)
    codes, names = pd.factorize(text)
    order = np.lexsort((names.to_numpy(str), -np.bincount(codes, minlength=len(names))))
    rank = np.empty(len(names), np.int32)
    rank[order] = np.arange(len(names))
    return Coded(rank[codes], tuple(str(names[place]) for place in order))


def over_representation(column: Coded, chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """How often each value occurs among the chosen, against all.

    ``z`` is the log-odds ratio of the chosen against the rest with an informative Dirichlet prior, divided by its
    standard deviation (Monroe, Colaresi and Quinn 2008, "Fightin' Words", equations 15, 16 and 22). The prior is the
    catalogue itself, scaled to as many products as there are values; so a value seen once decides nothing.

    Args:
        column: of all N products.
        chosen: shape (N,).

    Returns:
        One row a value that occurs, by descending z then count: ``value``, ``inside`` and ``all`` (counts), ``share`` and
        ``share_all`` (of the chosen, of all), ``lift`` (their ratio), ``z``. Shares are 0 when nothing is chosen.
    """
    counts = np.bincount(column.codes, minlength=len(column.values))
    there = np.flatnonzero(counts)
    everything = counts[there].astype(np.float64)
    inside = np.bincount(column.codes[chosen], minlength=len(column.values))[there].astype(np.float64)
    share, share_all = inside / max(inside.sum(), 1), everything / max(everything.sum(), 1)
    table = pd.DataFrame(
        {
            "value": [column.values[place] for place in there],
            "inside": inside.astype(np.int64),
            "all": everything.astype(np.int64),
            "share": share,
            "share_all": share_all,
            "lift": share / np.where(share_all > 0, share_all, 1),
            "z": _log_odds(inside, everything - inside, len(there) * share_all),
        }
    )
    return table.sort_values("z", ascending=False, kind="stable", ignore_index=True)


def _log_odds(
    inside: npt.NDArray[np.float64], outside: npt.NDArray[np.float64], prior: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The z-score of each value's log-odds ratio; 0 where there is nothing to be more or less than."""
    if len(inside) < 2:
        return np.zeros(len(inside))
    ones, others = inside + prior, outside + prior
    odds, other_odds = ones / (ones.sum() - ones), others / (others.sum() - others)
    return np.asarray(np.log(odds / other_odds) / np.sqrt(1 / ones + 1 / others))
