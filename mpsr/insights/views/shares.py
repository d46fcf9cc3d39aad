"""Shares: how each season divides among the categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from mpsr.insights.chart import Axis, Panel, Pie, Stack, numbers, scaled
from mpsr.insights.style import hues_of
from mpsr.insights.tables import at_most, records
from mpsr.insights.views.base import Options, View
from mpsr.insights.views.categories import Categories, categories, hovers_of, labels_of, series_of, texts_of
from mpsr.insights.words import counted, group, listed, number, opened, percent, short

#: A stacked bar's part below this share of the longest bar has no room for its number; nor has a pie's slice.
ROOM = 0.06


def _one_sided(found: Categories, options: Options) -> str:
    """The most one-sided season and the most even one, by the share of their largest category."""
    rows = found.named
    if rows.empty:
        return "No product of this selection has a category."
    best = rows[rows.groupby("season", sort=False)["share"].transform(at_most) & (rows["count"] > 0)]
    if best.empty:
        return f"There are no {found.scope.unit} of these categories in this selection."
    best = best.drop_duplicates("season")
    most = best[at_most(best["share"].round(12))]
    least = best[at_most(-best["share"].round(12))]
    opening = f"by the largest {found.of_drawn}" if found.of_drawn else ""
    if len(best) == 1:
        row = records(most)[0]
        of = f"{number(row.count)} of {found.scope.amount(row.count / row.share)}"
        return f"{_cased(group('season', row.season))}: {percent(row.share)} {row.masterCategory} ({of})."
    if len(most) == len(best):
        return opened(opening, f"all seasons are equally one-sided: {_seasons(most)}") + "."
    said = (
        f"the most one-sided {_noun(most)} {_seasons(most)}; the most even {_noun(least)} {_seasons(least)}"
    )
    return opened(opening, said) + "."


def _cased(text: str) -> str:
    return text[0].upper() + text[1:]


def _noun(rows: pd.DataFrame) -> str:
    return "season is" if len(rows) == 1 else "seasons are"


def _seasons(rows: pd.DataFrame) -> str:
    return listed(
        [f"{group('season', row.season)}, {percent(row.share)} {row.masterCategory}" for row in records(rows)]
        if len(rows) == 1
        else [
            f"{group('season', row.season)} ({percent(row.share)} {row.masterCategory})"
            for row in records(rows)
        ]
    )


def _parts(found: Categories, options: Options) -> tuple[Panel, ...]:
    return _pies(found, options) if options.form == "pies" else _stacked(found, options)


def _stacked(found: Categories, options: Options) -> tuple[Panel, ...]:
    """One bar a season, divided among the categories."""
    measure = "share" if options.share else "count"
    longest = max(scaled(found.rows.groupby("season")[measure].sum(), options.share)) or 1.0
    series = tuple(
        replace(s, texts=_with_room(s.values, s.texts, longest)) for s in series_of(found, options.share)
    )
    return (Panel(Stack(labels_of(found), series, Axis(options.share, longest))),)


def _with_room(values: Sequence[float], texts: Sequence[str], whole: float) -> tuple[str, ...]:
    """The texts of the parts that are large enough to hold them."""
    return tuple(text if value >= ROOM * whole else "" for value, text in zip(values, texts, strict=True))


def _pies(found: Categories, options: Options) -> tuple[Panel, ...]:
    """One pie a season, the same colours in all."""
    kinds = found.rows.drop_duplicates("masterCategory")
    hues = hues_of(kinds["masterCategory"].tolist(), kinds["kind"].tolist())
    panels = []
    for season, rows in found.rows.groupby("season", sort=False):
        names = tuple(short(name) for name in rows["masterCategory"])
        colours = tuple(hues[name] for name in rows["masterCategory"])
        texts = _with_room(numbers(rows["share"]), texts_of(rows, options.share), 1.0)
        title = f"{short(str(season))} · {counted(rows['count'].sum(), found.scope.unit)}"
        panels.append(
            Panel(Pie(names, colours, numbers(rows["count"]), texts, hovers_of(rows, found)), title)
        )
    return tuple(panels)


SHARES = View(
    key="shares",
    title="Shares",
    question="How does each season divide among the categories?",
    kind="How each season divides among categories.",
    table=lambda catalogue, selection, options: categories(catalogue.select(selection)),
    sentence=_one_sided,
    panels=_parts,
    how=lambda options: (
        "Bars compare better than pies: lengths on one scale are read more exactly than angles."
    ),
    serves="allocation",
    controls=("form",),
    published=True,
)
