"""What all tables have in common: which products they hold, and counts by columns.

Columns that occur in several tables:

    count      sum of the weights: listings, or the unit the table names (sales, pieces)
    products   number of products behind it
    share      count as a fraction (0 to 1) of the group the table names
    kind       "value"; "other": the rarer values put together; "missing": products without a value
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.insights.chart import Picks
from mpsr.insights.listings import LISTINGS, Listings
from mpsr.insights.words import NOUNS, counted

#: Values of one chart at the most.
TOP = 10

#: Hues of one chart at the most.
HUES = 8

#: A group of products without a value is left out of a chart below this share of them, and said beside it.
SMALL_SHARE = 0.01


@dataclass(frozen=True)
class Scope:
    """Which products a table holds.

    Attributes:
        unit: what ``count`` counts: "listings", "sales" or "pieces".
        shown: products behind the rows.
        selected: products that pass the filters.
        catalogue: products in the whole catalogue.
        notes: what was left out, and what weighs nothing.
    """

    unit: str
    shown: int
    selected: int
    catalogue: int
    notes: tuple[str, ...] = ()

    @property
    def which(self) -> str:
        """What a sentence puts before the unit where filters leave products out: "selected "; else ""."""
        return "selected " if self.selected < self.catalogue else ""

    def amount(self, count: float) -> str:
        """A count with its unit: "15 selected listings"."""
        return counted(count, self.unit, self.which)

    @property
    def units(self) -> str:
        """The unit alone: "selected listings"."""
        return self.which + self.unit

    @property
    def coverage(self) -> str:
        """How many of how many products are shown, and what was left out."""
        of = f"{self.shown:,} of {counted(self.selected, 'products')} shown"
        if self.selected < self.catalogue:
            of += f", selected from {self.catalogue:,}"
        return ". ".join([of, *self.notes]) + "."


@dataclass(frozen=True)
class Table:
    """One view's numbers: tidy rows, and which products they hold. Views add the figures of the table as a whole."""

    rows: pd.DataFrame
    scope: Scope

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.rows.empty


def scope_of(listings: Listings, shown: int, notes: Iterable[str] = ()) -> Scope:
    """The scope of a table of ``listings``, with the notes that every table of them carries; "" is no note."""
    said = [note for note in notes if note]
    if listings.unweighted:
        said.append(
            f"{counted(listings.unweighted, 'products')} of the catalogue without a number of {listings.unit} "
            f"{'counts' if listings.unweighted == 1 else 'count'} as none"
        )
    return Scope(listings.unit, shown, len(listings), listings.catalogue, tuple(said))


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


def picks_of(rows: pd.DataFrame, *columns: str) -> Picks:
    """Which products each row stands for; none for several rarer values together."""
    kinds = rows["kind"] if "kind" in rows else ["value"] * len(rows)
    return tuple(
        ()
        if kind == "other"
        else tuple((column, str(value)) for column, value in zip(columns, values, strict=True))
        for kind, values in zip(kinds, rows[list(columns)].itertuples(index=False), strict=True)
    )


def at_most(values: pd.Series) -> pd.Series:
    """Which values equal the largest; none where there are none."""
    return values == values.max()


def without_small_missing(counts: pd.DataFrame, by: str) -> tuple[pd.DataFrame, str]:
    """Without the products that have no ``by``, when they are too few for a group of their own; and a note."""
    missing = counts[by] == MISSING
    absent, total = int(counts.loc[missing, "products"].sum()), int(counts["products"].sum())
    if not absent or absent >= SMALL_SHARE * total:
        return counts, ""
    return counts[~missing], f"{counted(absent, 'products')} without a {NOUNS[by][0]} not shown"


def other(column: str, n: int) -> str:
    """What ``n`` rarer values together are called."""
    return f"other ({n:,} {NOUNS[column][1]})"
