"""Categories: how much of each comes in which season."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.insights.chart import Axis, Groups, Panel, Series, scaled
from mpsr.insights.listings import Listings, Selection
from mpsr.insights.style import hues_of
from mpsr.insights.tables import (
    HUES,
    Table,
    at_most,
    cross,
    other,
    picks_of,
    records,
    scope_of,
    share_of,
    without_small_missing,
)
from mpsr.insights.views.base import Options, View
from mpsr.insights.words import (
    counted,
    equals,
    group,
    listed,
    number,
    of_drawn,
    opened,
    percent,
    points,
    short,
)

#: The categories the published charts compare.
PUBLISHED = ("Apparel", "Accessories", "Footwear")


@dataclass(frozen=True)
class Categories(Table):
    """Counts of categories in seasons.

    Rows: season, masterCategory, kind, count, products, share (of all of the season's count, whatever is shown).
    Every shown category has a row in every season, 0 where it has no product; categories by falling count, then other,
    then missing.

    Attributes:
        hidden: categories that have no row of their own.
    """

    hidden: int

    @property
    def named(self) -> pd.DataFrame:
        """The rows of single categories."""
        return self.rows[self.rows["kind"] == "value"]

    @property
    def of_drawn(self) -> str:
        """What a superlative is restricted to, where categories have no row of their own."""
        return of_drawn(self.named["masterCategory"].nunique(), self.hidden, "masterCategory")


def categories(listings: Listings, only: Sequence[str] | None = None) -> Categories:
    """Categories by season.

    Args:
        listings: what to count.
        only: these categories; None, or none of them in the catalogue, for all, the rarest put together.
    """
    counts = cross(listings, "season", "masterCategory")
    kept, note = without_small_missing(counts, "season")
    everything = set(kept["masterCategory"]) - {MISSING}
    totals = kept.groupby("season", sort=False)["count"].sum()
    notes = [note]
    if only is not None and everything & set(only):
        hidden = kept[~kept["masterCategory"].isin(only)]
        kept = kept[kept["masterCategory"].isin(only)]
        notes.append(_hidden(hidden, totals))
    rows = _complete(_folded(kept), list(totals.index))
    rows["share"] = share_of(rows["count"], rows["season"].map(totals))
    scope = scope_of(listings, int(kept["products"].sum()), notes)
    shown = set(rows.loc[rows["kind"] == "value", "masterCategory"])
    return Categories(rows, scope, len(everything - shown))


def _hidden(hidden: pd.DataFrame, totals: pd.Series) -> str:
    """How many products of other categories are not shown, and in which season they weigh most."""
    if hidden.empty:
        return ""
    shares = share_of(hidden.groupby("season", sort=False)["count"].sum().reindex(totals.index), totals)
    products = counted(int(hidden["products"].sum()), "products")
    most = f"{percent(shares.max())} of {group('season', str(shares.idxmax()))}"
    return f"{products} of other categories not shown (up to {most})"


def _folded(counts: pd.DataFrame) -> pd.DataFrame:
    """At most ``HUES`` categories, the same in every season: the rarest put together as "other (7 categories)"."""
    column = counts["masterCategory"]
    totals = counts[column != MISSING].groupby("masterCategory")["count"].sum()
    order = list(totals.sort_values(ascending=False, kind="stable").index)
    room = HUES - bool((column == MISSING).any())
    kept = order if len(order) <= room else order[: room - 1]
    rest = other("masterCategory", len(order) - len(kept))
    named = column.where(column.isin([*kept, MISSING]), rest)
    kinds = np.where(named == MISSING, "missing", np.where(column.isin(kept), "value", "other"))
    return counts.assign(masterCategory=named, kind=kinds)


def _complete(counts: pd.DataFrame, seasons: list[str]) -> pd.DataFrame:
    """One row for every season and category; categories by falling total, then other, then missing."""
    keys = ["season", "masterCategory", "kind"]
    summed = counts.groupby(keys, as_index=False)[["count", "products"]].sum()
    totals = summed.groupby(keys[1:], as_index=False)["count"].sum()
    rank = {"value": 0, "other": 1, "missing": 2}
    totals = totals.assign(at=totals["kind"].map(rank)).sort_values(["at", "count"], ascending=[True, False])
    frame = pd.MultiIndex.from_product([seasons, totals["masterCategory"]], names=keys[:2]).to_frame(
        index=False
    )
    rows = frame.merge(totals[keys[1:]], on="masterCategory").merge(summed, "left", on=keys)
    rows["count"] = rows["count"].fillna(0.0).astype("float64")
    rows["products"] = rows["products"].fillna(0).astype("int64")
    return rows


def _compared(found: Categories, options: Options) -> str:
    """The category whose share varies most between seasons; or, of counts, where each is largest."""
    rows = found.named
    if rows.empty:
        return "No product of this selection has a category."
    if not rows["count"].any():
        return f"There are no {found.scope.unit} of these categories in this selection."
    return _varying(found, rows) if options.share else _largest_seasons(found, rows)


def _largest_seasons(found: Categories, rows: pd.DataFrame) -> str:
    parts = []
    for name, of in rows.groupby("masterCategory", sort=False):
        if not of["count"].any():
            continue
        best = of[at_most(of["count"])]
        seasons = listed([group("season", season) for season in best["season"]])
        parts.append(f"{name} {seasons} ({number(best['count'].iloc[0])}{' each' if len(best) > 1 else ''})")
    each = "each category drawn" if found.hidden else "each category"
    return f"The largest season of {each}, in {found.scope.units}: {listed(parts)}."


def _varying(found: Categories, rows: pd.DataFrame) -> str:
    wide = rows.pivot(index="masterCategory", columns="season", values="share")[list(rows["season"].unique())]
    if len(wide.columns) == 1:
        first = wide.iloc[:, 0]
        names = list(first.index[at_most(first)])
        verb = "makes" if len(names) == 1 else "each make"
        where = group("season", str(wide.columns[0]))
        who = equals(names, "masterCategory")
        said = f"{who} {verb} up most, {percent(first.max())} of the {found.scope.units} of {where}."
        return opened(found.of_drawn, said)
    spread = (wide.max(axis=1) - wide.min(axis=1)).round(12)
    names = list(spread.index[at_most(spread)])
    if not spread.max():
        return opened(found.of_drawn, "none varies in share between the seasons") + "."
    if len(names) > 1:
        by = points(spread.max()).lstrip("+")
        return (
            opened(found.of_drawn, f"{equals(names, 'masterCategory')} vary most, by {by} points each") + "."
        )
    row = wide.loc[names[0]]
    low, high = (group("season", str(end)) for end in (row.idxmin(), row.idxmax()))
    verb = "varies most" if len(wide) > 1 else "varies"
    said = f"{names[0]} {verb}: {percent(row.min())} of the {found.scope.units} of {low}, {percent(row.max())} of {high}"
    return opened(found.of_drawn, said) + "."


def series_of(found: Categories, share: bool) -> tuple[Series, ...]:
    """One series a category, with a value a season."""
    groups = list(found.rows.groupby("masterCategory", sort=False))
    hues = hues_of([str(name) for name, _ in groups], [rows["kind"].iloc[0] for _, rows in groups])
    measure = "share" if share else "count"
    return tuple(
        Series(
            short(str(name)),
            hues[str(name)],
            scaled(rows[measure], share),
            texts_of(rows, share),
            hovers_of(rows, found),
            picks_of(rows, "season", "masterCategory"),
        )
        for name, rows in groups
    )


def texts_of(rows: pd.DataFrame, share: bool) -> tuple[str, ...]:
    """What is written on the marks of these rows."""
    return tuple(percent(row.share) if share else number(row.count) for row in records(rows))


def hovers_of(rows: pd.DataFrame, found: Categories) -> tuple[str, ...]:
    """What is said of the marks of these rows when they are pointed at."""
    return tuple(
        f"{short(row.masterCategory)}: {counted(row.count, found.scope.unit)}, {percent(row.share)}"
        for row in records(rows)
    )


def labels_of(found: Categories) -> tuple[str, ...]:
    """The seasons, in their order."""
    return tuple(short(season) for season in dict.fromkeys(found.rows["season"]))


def _side_by_side(found: Categories, options: Options) -> tuple[Panel, ...]:
    """Categories side by side in each season; numbers on the bars where there is room for them."""
    series = series_of(found, options.share)
    if len(series) > 3:
        series = tuple(replace(s, texts=("",) * len(s.values)) for s in series)
    highest = max(max(s.values, default=0.0) for s in series)
    return (Panel(Groups(labels_of(found), series, Axis(options.share, 1.22 * highest or 1.0))),)


def _table(catalogue: Listings, selection: Selection, options: Options) -> Categories:
    return categories(catalogue.select(selection), None if options.every else PUBLISHED)


CATEGORIES = View(
    key="categories",
    title="Categories",
    question="How much of each category comes in which season?",
    kind="Bars of categories side by side, by season.",
    table=_table,
    sentence=_compared,
    panels=_side_by_side,
    how=lambda options: (
        "Shares are of everything selected in the season, categories that are not drawn included."
        if options.share
        else "Counts of each category in each season."
    ),
    serves="procurement",
    controls=("every",),
    published=True,
)
