"""The table of the view over time."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mpsr.catalogue.columns import MISSING
from mpsr.insights.listings import Listings
from mpsr.insights.statistics import wilson
from mpsr.insights.tables import HUES, Table, cross, share_of, table

#: Below this many products the 95 % interval of a share of one half is wider than ± 10 points.
SMALL_PERIOD = 100

#: Values drawn when none are chosen.
DEFAULT_LINES = 5

_Z95 = 1.959963984540054


def over_time(
    listings: Listings, column: str = "articleType", values: Sequence[str] = (), step: str = "year"
) -> Table:
    """Chosen values of a column over time.

    Args:
        listings: what to count.
        column: "articleType", "masterCategory" or another column.
        values: up to ``HUES`` of them; without, the most frequent ``DEFAULT_LINES``.
        step: "year", or "season" for the seasons within each year.

    Rows: period ("2012", or "Summer 2012", in true order), the column, count, products, share (of all of the
    period's count), low and high (95 % Wilson interval of the share of products), total (the period's count),
    period_products, small (the period has fewer than ``SMALL_PERIOD`` products). One row for every period and
    value, 0 where there is no product. Products without a year (or a season) are left out and noted.
    """
    keys = ["year"] if step == "year" else ["year", "season"]
    counts = cross(listings, *keys, column)
    dated = (counts[keys] != MISSING).all(axis=1)
    undated = int(counts.loc[~dated, "products"].sum())
    counts = counts[dated]
    period = counts["year"] if step == "year" else counts["season"] + " " + counts["year"]
    counts = counts.assign(period=period)
    order = list(dict.fromkeys(counts["period"]))  # the groups come in the natural order of year and season
    totals = counts.groupby("period")[["count", "products"]].sum()
    chosen = list(values)[:HUES] or _most_frequent(counts, column)
    frame = pd.MultiIndex.from_product([order, chosen], names=["period", column]).to_frame(index=False)
    kept = counts.loc[counts[column].isin(chosen), ["period", column, "count", "products"]]
    rows = frame.merge(kept, "left", on=["period", column])
    rows["count"] = rows["count"].fillna(0.0).astype("float64")
    rows["products"] = rows["products"].fillna(0).astype("int64")
    rows["total"] = rows["period"].map(totals["count"]).astype("float64")
    rows["period_products"] = rows["period"].map(totals["products"]).astype("int64")
    rows["share"] = share_of(rows["count"], rows["total"])
    rows["low"], rows["high"] = wilson(rows["share"], rows["period_products"], _Z95)
    rows["small"] = rows["period_products"] < SMALL_PERIOD
    notes = [f"{undated:,} without a {' or a '.join(keys)} not shown" if undated else ""]
    rest = int(counts["products"].sum() - kept["products"].sum())
    if rest:
        notes.append(f"{rest:,} of other values not drawn")
    facts = {"column": column, "step": step, "values": chosen}
    return table("time", listings, rows, int(kept["products"].sum()), facts, notes)


def _most_frequent(counts: pd.DataFrame, column: str) -> list[str]:
    totals = counts[counts[column] != MISSING].groupby(column)["count"].sum()
    return list(totals.sort_values(ascending=False, kind="stable").index[:DEFAULT_LINES])
