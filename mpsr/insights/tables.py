"""Tables of a selection: tidy, documented, and with no idea of how they are drawn.

Every table says how many of how many products it holds. Columns that occur in several of them:

    count      sum of the weights: listings, or the unit the table names (sales, pieces)
    products   number of products behind it
    share      count as a fraction (0 to 1) of the group the table names
    kind       "value"; "other": the rarer values put together; "missing": products without a value
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mpsr.catalogue.columns import MISSING
from mpsr.insights.listings import LISTINGS, Listings

#: Bars of one chart at the most: ten values, the rest together, and those without a value.
TOP = 10

#: Hues of one chart at the most.
HUES = 8

#: A group of products without a value is left out of a chart below this share of them, and said beside it.
SMALL_SHARE = 0.01

#: What one value of a column is called, and several.
NOUNS = {
    "season": ("season", "seasons"),
    "year": ("year", "years"),
    "gender": ("gender", "genders"),
    "masterCategory": ("category", "categories"),
    "subCategory": ("subcategory", "subcategories"),
    "articleType": ("type", "types"),
    "usage": ("usage", "usages"),
    "baseColour": ("colour", "colours"),
}


@dataclass(frozen=True)
class Table:
    """One view's numbers.

    Attributes:
        view: which view it is.
        rows: the tidy rows.
        unit: what ``count`` counts: "listings", "sales" or "pieces".
        shown: products behind the rows.
        selected: products that pass the filters.
        catalogue: products in the whole catalogue.
        facts: figures of the table as a whole.
        notes: what a reader must know: what was left out, what weighs nothing.
    """

    view: str
    rows: pd.DataFrame
    unit: str
    shown: int
    selected: int
    catalogue: int
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.rows.empty

    @property
    def coverage(self) -> str:
        """How many of how many products are shown, and what was left out."""
        of = f"{self.shown:,} of {self.selected:,} products shown"
        if self.selected < self.catalogue:
            of += f", selected from {self.catalogue:,}"
        return ". ".join([of, *self.notes]) + "."


def table(
    view: str,
    listings: Listings,
    rows: pd.DataFrame,
    shown: int,
    facts: dict[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> Table:
    """A table of ``listings``, with the notes that every table of them carries."""
    said = [note for note in notes if note]
    if listings.unweighted:
        said.append(
            f"{_products(listings.unweighted)} of the catalogue without a number of {listings.unit} count as none"
        )
    return Table(
        view,
        rows.reset_index(drop=True),
        listings.unit,
        shown,
        len(listings),
        listings.catalogue,
        facts or {},
        tuple(said),
    )


def nothing(view: str, listings: Listings, why: str) -> Table:
    """A table without rows, and why."""
    return table(view, listings, pd.DataFrame(), 0, notes=[why])


def cross(listings: Listings, *columns: str) -> pd.DataFrame:
    """Count and products of every combination of values that occurs, one row each, in the columns' order."""
    grouped = listings.frame.groupby(list(columns), observed=True)["weight"].agg(["sum", "size"])
    rows = grouped.reset_index().rename(columns={"sum": "count", "size": "products"})
    rows[list(columns)] = rows[list(columns)].astype("str")
    if listings.unit == LISTINGS:
        rows["count"] = rows["products"].astype("float64")
    return rows


def records(rows: pd.DataFrame) -> list[Any]:
    """The rows as named tuples, in the columns' names."""
    return list(rows.itertuples(index=False))


def share_of(counts: pd.Series, totals: pd.Series | float) -> pd.Series:
    """``counts / totals``, 0 where the total is 0."""
    return (counts / totals).where(counts > 0, 0.0).astype("float64")


def top_by(view: str, listings: Listings, column: str, by: str, top: int = TOP) -> Table:
    """The most frequent values of ``column`` within each group of ``by``.

    Rows: ``by``, ``column`` (the value; "other (7 types)" for seven rarer values together), kind, count, products,
    share (of the group's count), rank (1 is the most frequent of its group; missing for other and missing).
    Groups in their natural order, values by falling count, then other, then missing.
    """
    counts = cross(listings, by, column)
    kept, note = _without_small_missing(counts, by)
    groups = [_top(group, column, top) for _, group in kept.groupby(by, sort=False)]
    rows = pd.concat(groups) if groups else pd.DataFrame(columns=[*counts.columns, "kind", "rank"])
    rows["share"] = share_of(rows["count"], rows.groupby(by)["count"].transform("sum"))
    rows["rank"] = rows["rank"].astype("Int64")
    columns = [by, column, "kind", "count", "products", "share", "rank"]
    facts = {"column": column, "by": by}
    return table(view, listings, rows[columns], int(kept["products"].sum()), facts, [note])


def _top(group: pd.DataFrame, column: str, top: int) -> pd.DataFrame:
    """One group's rows: its ``top`` values, the others together, the missing."""
    missing = group[column] == MISSING
    ordered = group[~missing].sort_values("count", ascending=False, kind="stable")
    head, tail = ordered.head(top), ordered.iloc[top:]
    if len(tail) == 1:  # one value needs no "other"
        head, tail = ordered, tail.iloc[:0]
    parts = [head.assign(kind="value", rank=range(1, len(head) + 1))]
    if len(tail):
        other: dict[str, Any] = {
            column: _other(column, len(tail)),
            "count": tail["count"].sum(),
            "products": tail["products"].sum(),
        }
        parts.append(tail.head(1).assign(kind="other", rank=None, **other))
    if missing.any():
        parts.append(group[missing].assign(kind="missing", rank=None))
    return pd.concat([part.astype({"rank": "Int64"}) for part in parts])


def _without_small_missing(counts: pd.DataFrame, by: str) -> tuple[pd.DataFrame, str]:
    """Without the products that have no ``by``, when they are too few for a group of their own; and a note."""
    missing = counts[by] == MISSING
    absent, total = int(counts.loc[missing, "products"].sum()), int(counts["products"].sum())
    if not absent or absent >= SMALL_SHARE * total:
        return counts, ""
    return counts[~missing], f"{_products(absent)} without a {NOUNS[by][0]} not shown"


def types_by_season(listings: Listings, top: int = TOP) -> Table:
    """The most listed article types of each season; columns as ``top_by``: season, articleType, ..."""
    return top_by("types", listings, "articleType", "season", top)


def colours_by_season(listings: Listings, top: int = TOP) -> Table:
    """The most frequent colours of each season; columns as ``top_by``: season, baseColour, ..."""
    return top_by("colours", listings, "baseColour", "season", top)


#: The categories the published charts compare.
PAPER_CATEGORIES = ("Apparel", "Accessories", "Footwear")


def categories_by_season(listings: Listings, only: Sequence[str] | None = PAPER_CATEGORIES) -> Table:
    """Categories side by side in each season.

    Args:
        listings: what to count.
        only: these categories; None, or none of them in the catalogue, for all, the rarest put together.

    Rows: season, masterCategory, kind, count, products, share (of all of the season's count, those categories
    included that are not shown). Every shown category has a row in every season, 0 where it has no product.
    """
    counts = cross(listings, "season", "masterCategory")
    kept, note = _without_small_missing(counts, "season")
    totals = kept.groupby("season", sort=False)["count"].sum()
    notes = [note]
    there = set(kept["masterCategory"])
    if only is not None and there & set(only):
        rest = kept[~kept["masterCategory"].isin(only)]
        kept = kept[kept["masterCategory"].isin(only)]
        if len(rest):
            notes.append(f"{_products(int(rest['products'].sum()))} of other categories not shown")
    rows = _complete(_folded(kept, "masterCategory"), "season", "masterCategory", list(totals.index))
    rows["share"] = share_of(rows["count"], rows["season"].map(totals))
    return table("categories", listings, rows, int(kept["products"].sum()), _by_category(), notes)


def category_shares(listings: Listings) -> Table:
    """How each season's count divides among all categories; rows as ``categories_by_season``."""
    counts = cross(listings, "season", "masterCategory")
    kept, note = _without_small_missing(counts, "season")
    seasons = list(dict.fromkeys(kept["season"]))
    rows = _complete(_folded(kept, "masterCategory"), "season", "masterCategory", seasons)
    rows["share"] = share_of(rows["count"], rows.groupby("season")["count"].transform("sum"))
    return table("shares", listings, rows, int(kept["products"].sum()), _by_category(), [note])


def _by_category() -> dict[str, Any]:
    return {"column": "masterCategory", "by": "season"}


def _folded(counts: pd.DataFrame, column: str, hues: int = HUES) -> pd.DataFrame:
    """At most ``hues`` values of a column, the same in every group: the rarest put together as "other (7 categories)"."""
    missing = bool((counts[column] == MISSING).any())
    totals = counts[counts[column] != MISSING].groupby(column)["count"].sum()
    order = list(totals.sort_values(ascending=False, kind="stable").index)
    room = hues - missing
    kept = order if len(order) <= room else order[: room - 1]
    other = _other(column, len(order) - len(kept))
    named = counts[column].where(counts[column].isin([*kept, MISSING]), other)
    kinds = named.map(lambda value: "missing" if value == MISSING else "other" if value == other else "value")
    return counts.assign(**{column: named, "kind": kinds})


def _complete(counts: pd.DataFrame, by: str, column: str, groups: list[str]) -> pd.DataFrame:
    """One row for every group and value; values by falling total, then other, then missing."""
    summed = counts.groupby([by, column, "kind"], as_index=False)[["count", "products"]].sum()
    totals = summed.groupby([column, "kind"], as_index=False)["count"].sum()
    rank = {"value": 0, "other": 1, "missing": 2}
    totals = totals.assign(at=totals["kind"].map(rank)).sort_values(["at", "count"], ascending=[True, False])
    frame = pd.MultiIndex.from_product([groups, totals[column]], names=[by, column]).to_frame(index=False)
    rows = frame.merge(totals[[column, "kind"]], on=column).merge(summed, "left", on=[by, column, "kind"])
    rows["count"] = rows["count"].fillna(0.0).astype("float64")
    rows["products"] = rows["products"].fillna(0).astype("int64")
    return rows


def _other(column: str, n: int) -> str:
    return f"other ({n:,} {NOUNS[column][1]})"


def _products(n: int) -> str:
    return f"{n:,} product" + ("" if n == 1 else "s")
