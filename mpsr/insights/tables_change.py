"""Tables of differences: what moved between two seasons or years, and what sets a selection apart."""

from __future__ import annotations

import pandas as pd

from mpsr.catalogue.columns import MISSING
from mpsr.errors import InputError
from mpsr.insights.listings import Listings, Selection
from mpsr.insights.statistics import difference_interval, effective_size, simultaneous_z
from mpsr.insights.tables import NOUNS, TOP, Table, cross, share_of, table
from mpsr.insights.tables_time import SMALL_PERIOD


def default_periods(listings: Listings, by: str) -> tuple[str, str] | None:
    """The two groups of ``by`` to compare first: the last two in natural order that are not small.

    With fewer than two of at least ``SMALL_PERIOD`` products, the two largest; None where there are not two.
    """
    counts = listings.frame[by].value_counts(sort=False)
    counts = counts[(counts.index.astype("str") != MISSING) & (counts > 0)]
    if len(counts) < 2:
        return None
    large = counts[counts >= SMALL_PERIOD]
    pair = large if len(large) >= 2 else counts.sort_values(kind="stable").tail(2)
    before, after = pair.sort_index().index[-2:]
    return str(before), str(after)


def moved(listings: Listings, column: str, by: str, before: str, after: str) -> Table:
    """The values of ``column`` whose share differs between two groups of ``by``.

    Rows, the largest difference first: the column, count_before, count_after, share_before, share_after (of
    the group's count), difference (share_after - share_before), low, high (its interval), clear (the interval
    excludes 0). The intervals are Newcombe's (1998) for a difference of proportions, at 95 % for all values
    together (Bonferroni), so that none of the clear ones is likely to be chance. With weights (sales) the
    group sizes are the effective numbers of products (Kish 1965). Facts: before, after, compared, clear,
    products_before, products_after.

    Raises:
        InputError: ``before`` and ``after`` are the same.
    """
    if before == after:
        raise InputError(f"{before} cannot be compared with itself. Choose two different {NOUNS[by][1]}.")
    groups = [listings.select(Selection.of({by: [value]})) for value in (before, after)]
    facts = {"column": column, "by": by, "before": before, "after": after}
    rest = len(listings) - len(groups[0]) - len(groups[1])
    note = f"{rest:,} of other {NOUNS[by][1]} not part of it" if rest else ""
    return _difference("moved", listings, groups, facts, note)


def apart(listings: Listings, selection: Selection, column: str) -> Table:
    """The values of ``column`` that a selection holds more or less of than the rest of the catalogue.

    Args:
        listings: the whole catalogue.
        selection: what is looked at.
        column: whose values.

    Rows as ``moved``: before is the rest of the catalogue, after the selection.
    """
    mask = listings.mask(selection)
    inside, outside = listings.rows(mask), listings.rows(~mask)
    facts = {"column": column, "by": "", "before": "the rest", "after": "this selection"}
    return _difference("apart", listings, [outside, inside], facts, "")


def _difference(
    view: str, listings: Listings, groups: list[Listings], facts: dict[str, str], note: str
) -> Table:
    column = facts["column"]
    before, after = (_counts(group, column) for group in groups)
    rows = pd.merge(
        before, after, "outer", left_index=True, right_index=True, suffixes=("_before", "_after")
    ).fillna(0.0)
    sizes = [effective_size(group.frame["weight"].to_numpy()) for group in groups]
    for end in ("before", "after"):
        rows[f"share_{end}"] = share_of(rows[f"count_{end}"], float(rows[f"count_{end}"].sum()) or 1.0)
    rows["difference"] = rows["share_after"] - rows["share_before"]
    z = simultaneous_z(len(rows))
    rows["low"], rows["high"] = difference_interval(
        rows["share_before"], sizes[0], rows["share_after"], sizes[1], z
    )
    both = min(sizes) > 0
    rows["clear"] = ((rows["low"] > 0) | (rows["high"] < 0)) & both
    rows = rows.sort_values("difference", key=abs, ascending=False, kind="stable")
    rows = rows.rename_axis(column).reset_index() if both else _nothing(rows, column)
    further = {
        "compared": len(rows),
        "clear": int(rows["clear"].sum()),
        "products_before": len(groups[0]),
        "products_after": len(groups[1]),
    }
    shown = len(groups[0]) + len(groups[1]) if both else 0
    columns = [
        "count_before",
        "count_after",
        "share_before",
        "share_after",
        "difference",
        "low",
        "high",
        "clear",
    ]
    return table(view, listings, rows[[column, *columns]], shown, facts | further, [note])


def _counts(listings: Listings, column: str) -> pd.DataFrame:
    return cross(listings, column).set_index(column)[["count"]]


def _nothing(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows.rename_axis(column).reset_index().iloc[:0]


def clear_rows(found: Table, top: int = TOP) -> pd.DataFrame:
    """The rows to draw: the largest of the clear differences, growth first."""
    clear = found.rows[found.rows["clear"]].head(top)
    return clear.sort_values("difference", ascending=False, kind="stable")
