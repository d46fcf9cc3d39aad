"""Over time: chosen values of a column by year, or by the seasons within the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.insights.chart import Axis, Line, Lines, Panel, Pick, scaled
from mpsr.insights.listings import Listings
from mpsr.insights.statistics import wilson
from mpsr.insights.tables import HUES, Table, at_most, cross, records, scope_of, share_of
from mpsr.insights.views.base import Options, View
from mpsr.insights.words import (
    NAMED,
    counted,
    equals,
    listed,
    number,
    of_drawn,
    opened,
    percent,
    points,
    short,
)

#: Below this many products the 95 % interval of a share of one half is wider than ± 10 points.
SMALL_PERIOD = 100

#: Values drawn when none are chosen.
DEFAULT_LINES = 5

_Z95 = 1.959963984540054


@dataclass(frozen=True)
class OverTime(Table):
    """Values of ``column`` over time.

    Rows: period ("2012", or "Summer 2012", in true order), the column, count, products, share (of all of the
    period's count), low and high (95 % Wilson interval of the share of products), total (the period's count),
    period_products, small (the period has fewer than ``SMALL_PERIOD`` products). One row for every period and
    value, 0 where there is no product. Products without a year (or a season) are left out and noted.

    Attributes:
        step: "year" or "season".
        values: those drawn.
        hidden: values that are not drawn.
        gaps: places of the periods before which at least one year has no product.
    """

    column: str
    step: Literal["year", "season"]
    values: tuple[str, ...]
    hidden: int
    gaps: tuple[int, ...]

    @property
    def of_drawn(self) -> str:
        """What a superlative is restricted to, where other values are not drawn."""
        return of_drawn(len(self.values), self.hidden, self.column)


def over_time(
    listings: Listings,
    column: str = "articleType",
    values: Sequence[str] = (),
    step: Literal["year", "season"] = "year",
) -> OverTime:
    """Up to ``HUES`` values of a column over time; without any, the most frequent ``DEFAULT_LINES``."""
    keys = ["year"] if step == "year" else ["year", "season"]
    counts = cross(listings, *keys, column)
    dated = (counts[keys] != MISSING).all(axis=1)
    undated = int(counts.loc[~dated, "products"].sum())
    counts = counts[dated]
    period = counts["year"] if step == "year" else counts["season"] + " " + counts["year"]
    counts = counts.assign(period=period)  # in the natural order of year and season
    there = set(counts[column]) - {MISSING}
    chosen = tuple(values)[:HUES] or _most_frequent(counts, column)
    years = counts.drop_duplicates("period")["year"].tolist()
    rows, shown = _rows(counts, column, chosen)
    notes = [f"{counted(undated, 'products')} without a {' or a '.join(keys)} not shown" if undated else ""]
    if rest := int(counts["products"].sum()) - shown:
        notes.append(f"{counted(rest, 'products')} of other values not drawn")
    absent = _absent(years)
    notes.append(f"No product of {listed(absent)}" if absent else "")
    gaps = tuple(n for n in range(1, len(years)) if _absent(years[n - 1 : n + 1]))
    scope = scope_of(listings, shown, notes)
    return OverTime(rows, scope, column, step, chosen, len(there - set(chosen)), gaps)


def _rows(counts: pd.DataFrame, column: str, chosen: tuple[str, ...]) -> tuple[pd.DataFrame, int]:
    """The rows of the chosen values, and how many products they hold."""
    totals = counts.groupby("period")[["count", "products"]].sum()
    periods = list(dict.fromkeys(counts["period"]))
    frame = pd.MultiIndex.from_product([periods, chosen], names=["period", column]).to_frame(index=False)
    kept = counts.loc[counts[column].isin(chosen), ["period", column, "count", "products"]]
    rows = frame.merge(kept, "left", on=["period", column])
    rows["count"] = rows["count"].fillna(0.0).astype("float64")
    rows["products"] = rows["products"].fillna(0).astype("int64")
    rows["total"] = rows["period"].map(totals["count"]).astype("float64")
    rows["period_products"] = rows["period"].map(totals["products"]).astype("int64")
    rows["share"] = share_of(rows["count"], rows["total"])
    rows["low"], rows["high"] = wilson(rows["share"], rows["period_products"], _Z95)
    rows["small"] = rows["period_products"] < SMALL_PERIOD
    return rows, int(kept["products"].sum())


def _most_frequent(counts: pd.DataFrame, column: str) -> tuple[str, ...]:
    totals = counts[counts[column] != MISSING].groupby(column)["count"].sum()
    return tuple(totals.sort_values(ascending=False, kind="stable").index[:DEFAULT_LINES])


def _absent(years: Sequence[str]) -> list[str]:
    """The years between the first and the last that have no product, as spans: "2013", "2015 to 2017"."""
    numbers = sorted({int(year) for year in years if year.isascii() and year.isdigit()})
    spans = [(low + 1, high - 1) for low, high in pairwise(numbers) if high - low > 1]
    return [str(low) if low == high else f"{low} to {high}" for low, high in spans]


def _sentence(found: OverTime, options: Options) -> str:
    if found.rows.empty:
        return "No product of this selection has a date."
    return _changes(found) if options.share else _highest(found)


def _highest(found: OverTime) -> str:
    """The highest count, and what it is in the last period."""
    rows, column = found.rows, found.column
    best = rows[at_most(rows["count"])]
    highest = float(rows["count"].max())
    if not highest:
        return f"There are no {found.scope.unit} of these values in this selection."
    places = [f"{row[column]} in {row['period']}" for _, row in best.iterrows()]
    where = listed(places) if len(places) <= NAMED else f"{len(places)} marks"
    of = f" {found.of_drawn}" if found.of_drawn else ""
    said = f"The highest count{of} is {found.scope.amount(highest)} ({where})"
    last = rows["period"].iloc[-1]
    if len(best) == 1 and best["period"].iloc[0] != last:
        value = best[column].iloc[0]
        now = rows[(rows[column] == value) & (rows["period"] == last)]["count"].iloc[0]
        said += f"; in {last} {value} has {number(now)}"
    return said + "."


def _changes(found: OverTime) -> str:
    """What rose and what fell most, between the first and the last period that are not small."""
    rows, column = found.rows, found.column
    solid = rows[~rows["small"]]
    periods = list(dict.fromkeys(solid["period"]))
    if len(periods) < 2:
        return (
            f"Fewer than two {found.step}s have at least {SMALL_PERIOD} products, so no shares are compared."
        )
    first, last = (solid[solid["period"] == p].set_index(column)["share"] for p in (periods[0], periods[-1]))
    ends = f"from {periods[0]} to {periods[-1]}"
    parts: list[str] = []
    for change, word in ((last - first, "rose"), (first - last, "fell")):
        if change.max() > 0:
            rows = pd.DataFrame({"first": first, "last": last})[at_most(change.round(12))]
            what = f"{word} most" if len(change) > 1 else word
            when = "" if parts else f" {ends}"  # the periods and the unit stand once
            names = equals(list(rows.index), column)
            parts.append(f"{names} {what}{when} ({_by(rows, found, not parts)})")
    said = "; ".join(parts) or f"no share changed {ends}"
    return opened(found.of_drawn, said) + "." + _which_ends(found, periods)


def _by(rows: pd.DataFrame, found: OverTime, spelled: bool) -> str:
    """From which share to which, or how much each of several values changed."""
    if len(rows) > 1:
        return f"by {points(abs(rows['last'] - rows['first']).iloc[0]).lstrip('+')} points each"
    unit = f" of each {found.step}'s {found.scope.units}" if spelled else ""
    return f"{percent(rows['first'].iloc[0])} to {percent(rows['last'].iloc[0])}{unit}"


def _which_ends(found: OverTime, periods: list[str]) -> str:
    """Why the periods compared are not the first and the last drawn, where they are not."""
    drawn = found.rows["period"]
    if (periods[0], periods[-1]) == (drawn.iloc[0], drawn.iloc[-1]):
        return ""
    return f" These are the first and the last {found.step} with at least {SMALL_PERIOD} products."


def _panels(found: OverTime, options: Options) -> tuple[Panel, ...]:
    """Lines in true order. Shares of small periods are hollow marks that no line connects."""
    labels = tuple(short(period) for period in dict.fromkeys(found.rows["period"]))
    measure = "share" if options.share else "count"
    lines = [
        Line(
            short(str(value)),
            scaled(rows[measure], options.share),
            tuple(not (small and options.share) for small in rows["small"]),
            _hovers(rows, str(value), found),
            tuple(
                (*_dates(str(period), found.step), (found.column, str(value))) for period in rows["period"]
            ),
        )
        for value, rows in found.rows.groupby(found.column, sort=False)
    ]
    return (Panel(Lines(labels, tuple(lines), Axis(options.share), found.gaps)),)


def _dates(period: str, step: str) -> Pick:
    """The columns that make up a period: "Summer 2012" is a season and a year."""
    if step == "year":
        return (("year", period),)
    season, _, year = period.rpartition(" ")
    return (("year", year), ("season", season))


def _hovers(rows: pd.DataFrame, value: str, found: OverTime) -> tuple[str, ...]:
    return tuple(
        f"{short(value)}, {short(row.period)}: {number(row.count)} of {counted(row.total, found.scope.unit)}, "
        f"{percent(row.share)} (95 %: {percent(row.low)} to {percent(row.high)})"
        + (f", fewer than {SMALL_PERIOD} products" if row.small else "")
        for row in records(rows)
    )


OVER_TIME = View(
    key="time",
    title="Over time",
    question="What grows and what declines?",
    kind="Lines over time.",
    table=lambda catalogue, selection, options: over_time(
        catalogue.select(selection), options.column, options.values, options.step
    ),
    sentence=_sentence,
    panels=_panels,
    how=lambda options: (
        f"Hollow marks: fewer than {SMALL_PERIOD} products in the period, where a share may be off by more than ten "
        "points; no line is drawn to them, nor across a year without products."
        if options.share
        else "Counts also follow how much of a period the catalogue holds at all; shares do not. No line is drawn "
        "across a year without products."
    ),
    serves="growth and decline",
    controls=("column", "step", "values"),
    published=True,
)
