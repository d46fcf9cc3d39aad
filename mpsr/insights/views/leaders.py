"""Types and colours: the most frequent values of each season."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.insights.chart import Axis, Bars, Panel, scaled
from mpsr.insights.listings import Listings
from mpsr.insights.style import HUE, NEUTRAL, Paint, paint_of
from mpsr.insights.tables import (
    TOP,
    Scope,
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
from mpsr.insights.words import NAMED, NOUNS, counted, equals, group, listed, number, percent, short


@dataclass(frozen=True)
class Leaders(Table):
    """The most frequent values of ``column`` within each group of ``by``.

    Rows: ``by``, ``column`` (the value; "other (7 types)" for seven rarer values together), kind, count, products,
    share (of the group's count), rank (1 is the most frequent of its group; missing for other and missing).
    Groups in their natural order, values by falling count, then other, then missing.
    """

    column: str
    by: str


def leaders(listings: Listings, column: str, by: str = "season", top: int = TOP) -> Leaders:
    """The ``top`` most frequent values of a column within each group of another."""
    counts = cross(listings, by, column)
    kept, note = without_small_missing(counts, by)
    groups = [_top(rows, column, top) for _, rows in kept.groupby(by, sort=False)]
    rows = pd.concat(groups) if groups else pd.DataFrame(columns=[*counts.columns, "kind", "rank"])
    rows["share"] = share_of(rows["count"], rows.groupby(by)["count"].transform("sum"))
    rows["rank"] = rows["rank"].astype("Int64")
    ordered = rows[[by, column, "kind", "count", "products", "share", "rank"]].reset_index(drop=True)
    return Leaders(ordered, scope_of(listings, int(kept["products"].sum()), [note]), column, by)


def _top(rows: pd.DataFrame, column: str, top: int) -> pd.DataFrame:
    """One group's rows: its ``top`` values, the others together, the missing."""
    missing = rows[column] == MISSING
    ordered = rows[~missing].sort_values("count", ascending=False, kind="stable")
    head, tail = ordered.head(top), ordered.iloc[top:]
    if len(tail) == 1:  # one value needs no "other"
        head, tail = ordered, tail.iloc[:0]
    parts = [head.assign(kind="value", rank=range(1, len(head) + 1))]
    if len(tail):
        summed = {"count": tail["count"].sum(), "products": tail["products"].sum()}
        parts.append(
            tail.head(1).assign(kind="other", rank=None, **{column: other(column, len(tail))}, **summed)
        )
    if missing.any():
        parts.append(rows[missing].assign(kind="missing", rank=None))
    return pd.concat([part.astype({"rank": "Int64"}) for part in parts])


def _sentence(found: Leaders, options: Options) -> str:
    """Which value leads in which season; seasons with the same leader stand together."""
    noun = NOUNS[found.column][0]
    named = found.rows[(found.rows["kind"] == "value") & (found.rows["count"] > 0)]
    if named.empty:
        return f"No product of this selection has a {noun}."
    parts: dict[tuple[str, ...], list[str]] = {}
    for season, rows in named.groupby(found.by, sort=False):
        first = rows[at_most(rows["count"])]
        total = float(first["count"].iloc[0] / first["share"].iloc[0])
        spelled = not parts  # the unit stands once
        amount = _amount(first.iloc[0], total, found.scope, options.share, spelled)
        each = " each" if len(first) > 1 else ""
        parts.setdefault(tuple(first[found.column]), []).append(
            f"{group(found.by, str(season))} ({amount}{each})"
        )
    said = "; ".join(
        f"{_together(names, found.column)} in {listed(places)}" for names, places in parts.items()
    )
    return f"The most frequent {noun} is {said}."


def _together(names: tuple[str, ...], column: str) -> str:
    if len(names) == 1:
        return names[0]
    return f"{'each of ' if len(names) > NAMED else ''}{equals(names, column)} alike"


def _amount(row: pd.Series, total: float, scope: Scope, share: bool, spelled: bool) -> str:
    if share:
        return percent(row["share"]) + (f" of its {scope.units}" if spelled else "")
    count = number(row["count"])
    return f"{count} of {scope.amount(total) if spelled else number(total)}"


def _panels(found: Leaders, options: Options) -> tuple[Panel, ...]:
    """A panel a season, all on the same axis; rarer values are told, not drawn."""
    measure = "share" if options.share else "count"
    drawn = found.rows[found.rows["kind"] != "other"]
    highest = max(scaled(drawn[measure], options.share), default=0.0)
    axis = Axis(options.share, 1.22 * highest or 1.0)
    panels = []
    for season, rows in found.rows.groupby(found.by, sort=False):
        bars, rest = rows[rows["kind"] != "other"], rows[rows["kind"] == "other"]
        title = f"{short(str(season))} · {counted(rows['count'].sum(), found.scope.unit)}"
        note = "".join(
            f"{row[found.column]}: {percent(row['share']) if options.share else number(row['count'])}, not drawn"
            for _, row in rest.iterrows()
        )
        panels.append(Panel(_bars(bars, found, options.share, axis), title, note))
    return tuple(panels)


def _bars(rows: pd.DataFrame, found: Leaders, share: bool, axis: Axis) -> Bars:
    texts = [percent(row.share) if share else number(row.count) for row in records(rows)]
    hovers = [f"{counted(row.count, found.scope.unit)}, {percent(row.share)}" for row in records(rows)]
    values = rows[found.column].tolist()
    if found.column == "baseColour":
        paints = [paint_of(value, kind) for value, kind in zip(values, rows["kind"], strict=True)]
    else:
        paints = [Paint(HUE[1] if kind == "value" else NEUTRAL) for kind in rows["kind"]]
    labels = tuple(short(value) for value in values)
    measure = rows["share"] if share else rows["count"]
    picks = picks_of(rows, found.by, found.column)
    return Bars(labels, scaled(measure, share), tuple(texts), tuple(hovers), tuple(paints), axis, picks)


TYPES = View(
    key="types",
    title="Types",
    question="Which product types does each season list most?",
    kind="Bar charts of product types, one a season.",
    table=lambda catalogue, selection, options: leaders(catalogue.select(selection), "articleType"),
    sentence=_sentence,
    panels=_panels,
    how=lambda options: "The ten most frequent types of each season; all seasons on the same axis.",
    serves="seasonal inventory",
    published=True,
)

COLOURS = View(
    key="colours",
    title="Colours",
    question="Which colours does each season list most?",
    kind="Bar charts of colours, one a season, each bar in its colour.",
    table=lambda catalogue, selection, options: leaders(catalogue.select(selection), "baseColour"),
    sentence=_sentence,
    panels=_panels,
    how=lambda options: (
        "The ten most frequent colours of each season, each bar in its own colour; hatched where a name has no "
        "single colour. All seasons on the same axis."
    ),
    serves="seasonal design",
    published=True,
)
