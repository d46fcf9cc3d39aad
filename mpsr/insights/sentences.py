"""One sentence a table: its finding, every number read from the rows that are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from mpsr.insights.listings import LISTINGS
from mpsr.insights.style import listed, number, percent, points
from mpsr.insights.tables import NOUNS, Table, records
from mpsr.insights.tables_change import clear_rows

EMPTY = "No product passes these filters."


def sentence(found: Table, share: bool = False, association: bool = False) -> str:
    """The finding of a table in one sentence.

    Args:
        found: the table.
        share: speak of shares where there is a choice.
        association: for type × gender, speak of the association.
    """
    if not found.selected:
        return EMPTY
    if found.view == "gender" and association and not found.empty:
        return _association(found)
    return _SENTENCES[found.view](found, share)


def counting_words(unit: str) -> str:
    """What is counted and what is not, in one line."""
    if unit != LISTINGS:
        return f"Counts are {unit}, as the catalogue's own table has them."
    return (
        "Counts are listings: products the catalogue offers, not products sold. It holds no sales. The published work "
        "calls listings demand, on the thought that a shop lists more of what it expects to sell."
    )


def _leaders(found: Table, share: bool) -> str:
    """Which value leads in which season; seasons with the same leader stand together."""
    column, by = found.facts["column"], found.facts["by"]
    first = found.rows[(found.rows["kind"] == "value") & (found.rows["rank"] == 1)]
    if first.empty:
        return f"No product of this selection has a {NOUNS[column][0]}."
    parts = []
    for value, rows in first.groupby(column, sort=False):
        places = [f"{row[by]} ({_amount(row, found.unit, share)})" for _, row in rows.iterrows()]
        parts.append(f"{value} in {listed(places)}")
    return f"The most frequent {NOUNS[column][0]} is {'; '.join(parts)}."


def _amount(row: pd.Series, unit: str, share: bool) -> str:
    if share:
        return f"{percent(row['share'])} of its {unit}"
    return f"{number(row['count'])} of {_total(row)} {unit}"


def _total(row: pd.Series) -> str:
    return number(row["count"] / row["share"] if row["share"] else row["count"])


def _categories(found: Table, share: bool) -> str:
    """The value whose share varies most between seasons; or, of counts, where each is largest."""
    rows = found.rows[found.rows["kind"] == "value"]
    if rows.empty:
        return "No product of this selection has a category."
    if not share:
        best = rows.loc[rows.groupby("masterCategory", sort=False)["count"].idxmax()]
        places = [f"{r.masterCategory} {r.season} ({number(r.count)})" for r in records(best) if r.count]
        return (
            f"The largest season of each category, in {found.unit}: {listed(places)}."
            if places
            else _none(found)
        )
    wide = rows.pivot(index="masterCategory", columns="season", values="share")
    alone = len(wide.columns) == 1
    spread = (wide.max(axis=1) - (0 if alone else wide.min(axis=1))).idxmax()
    row: Any = wide.loc[str(spread)]
    if alone:
        return f"{spread} makes up {percent(row.iloc[0])} of the {found.unit} of {row.index[0]}."
    return (
        f"{spread} varies most: {percent(row.min())} of the {found.unit} of {row.idxmin()}, "
        f"{percent(row.max())} of those of {row.idxmax()}."
    )


def _shares(found: Table, share: bool) -> str:
    """The most one-sided season and the most even one."""
    best = found.rows.loc[found.rows.groupby("season", sort=False)["share"].idxmax()]
    most, least = _largest(best, "share"), _smallest(best, "share")
    if not most["count"]:
        return _none(found)
    said = f"The most one-sided season is {most['season']}, {percent(most['share'])} {most['masterCategory']}"
    if most["season"] == least["season"]:
        return f"{said} ({_amount(most, found.unit, False)})."
    return f"{said}; the most even is {least['season']}, {percent(least['share'])} {least['masterCategory']}."


def _time(found: Table, share: bool) -> str:
    """What rose and what fell most, between the first and the last period that are not small."""
    rows, column = found.rows, found.facts["column"]
    solid = rows[~rows["small"]]
    periods = list(dict.fromkeys(solid["period"]))
    if rows.empty:
        return "No product of this selection has a date."
    if not share:
        best = _largest(rows, "count")
        said = (
            f"The highest count is {best[column]} in {best['period']}: {number(best['count'])} {found.unit}"
        )
        if periods and periods[-1] != best["period"]:
            said += (
                f"; in {periods[-1]} it is {number(_at(solid, column, best[column], periods[-1])['count'])}"
            )
        return said + "."
    if len(periods) < 2:
        return "Fewer than two periods have enough products (100) for their shares to be compared."
    first, last_ = (
        solid[solid["period"] == period].set_index(column)["share"] for period in (periods[0], periods[-1])
    )
    change = last_ - first
    parts = [
        f"{value} {word} most, from {percent(first[value])} to {percent(last_[value])}"
        for value, word, real in (
            (change.idxmax(), "rose", change.max() > 0),
            (change.idxmin(), "fell", change.min() < 0),
        )
        if real
    ]
    said = "; ".join(parts) or "no share changed"
    return f"From {periods[0]} to {periods[-1]} (in shares of all {found.unit} of the {found.facts['step']}): {said}."


def _at(rows: pd.DataFrame, column: str, value: str, period: str) -> pd.Series:
    return rows[(rows[column] == value) & (rows["period"] == period)].iloc[0]


def _gender(found: Table, share: bool) -> str:
    """How many types are for one gender only, and which is the most mixed."""
    rows = found.rows[found.rows["type_count"] > 0]
    if rows.empty:
        return _none(found)
    best = rows.loc[rows.groupby("articleType", sort=False)["share"].idxmax()]
    if rows["gender"].nunique() == 1:
        return f"All products shown have one gender: {best['gender'].iloc[0]}."
    one = int((best["share"] >= 0.9).sum())
    mixed = _smallest(best, "share")
    return (
        f"{one} of the {len(best)} types shown {'has' if one == 1 else 'have'} at least 90 % of their {found.unit} in "
        f"one gender; the most mixed is {mixed['articleType']}, {percent(mixed['share'])} {mixed['gender']} at the most."
    )


def _association(found: Table) -> str:
    v = found.facts["v"]
    if math.isnan(v):
        return "With one gender or one type only there is no association to speak of."
    rows = found.rows
    high, low = _largest(rows, "residual"), _smallest(rows, "residual")
    cell = "{0[articleType]} for {0[gender]} ({1} {2}, {3} expected)"
    above = cell.format(high, number(high["count"]), found.unit, number(round(high["expected"])))
    below = cell.format(low, number(low["count"]), found.unit, number(round(low["expected"])))
    return (
        f"Types and genders go together with Cramér's V = {v:.2f} (0 not at all, 1 completely; all "
        f"{found.facts['types']:,} types). Furthest above chance: {above}; furthest below: {below}."
    )


def _moved(found: Table, share: bool) -> str:
    if found.empty:
        return found.notes[0] + "." if found.rows.columns.empty else _none(found)
    facts, column = found.facts, found.facts["column"]
    nouns = NOUNS[column][1]
    between = f"from {facts['before']} to {facts['after']}"
    if not facts["clear"]:
        return f"None of the {facts['compared']:,} {nouns} changed its share clearly {between}."
    drawn = clear_rows(found)
    parts = []
    for row, word in ((drawn.iloc[0], "grew"), (drawn.iloc[-1], "shrank")):
        if (row["difference"] > 0) == (word == "grew"):
            parts.append(f"{row[column]} {word} most, {_change(row)}")
    return f"{facts['clear']:,} of {facts['compared']:,} {nouns} changed share clearly {between}: {'; '.join(parts)}."


def _change(row: pd.Series) -> str:
    return (
        f"from {percent(row['share_before'])} to {percent(row['share_after'])} "
        f"({points(row['difference'])} points, {points(row['low'])} to {points(row['high'])})"
    )


def _apart(found: Table, share: bool) -> str:
    if found.empty:
        return "The selection is the whole catalogue, so there is no rest to compare it with."
    facts, column = found.facts, found.facts["column"]
    drawn = clear_rows(found)
    if drawn.empty:
        return f"None of the {facts['compared']:,} {NOUNS[column][1]} is clearly more or less frequent than in the rest."
    parts = []
    for row, word in ((drawn.iloc[0], "larger"), (drawn.iloc[-1], "smaller")):
        if (row["difference"] > 0) == (word == "larger"):
            shares = f"{percent(row['share_after'])} against {percent(row['share_before'])}"
            parts.append(f"{word} share of {row[column]} ({shares})")
    return f"Compared with the rest of the catalogue this selection has a clearly {listed(parts)}."


def _gaps(found: Table, share: bool) -> str:
    compared = found.facts["compared"]
    if not compared:
        return "No combination has enough products (5 expected) to be called thin."
    if found.empty:
        return f"None of {compared:,} combinations is clearly thinner than its margins suggest."
    row = found.rows.iloc[0]
    are = "is clearly thinner than its" if len(found.rows) == 1 else "are clearly thinner than their"
    return (
        f"{len(found.rows):,} of {compared:,} combinations {are} margins suggest; the largest gap is "
        f"{row['baseColour']} {row['articleType']} for {row['gender']}: {number(row['count'])} {found.unit} where "
        f"{number(round(row['expected']))} would be expected."
    )


def _largest(rows: pd.DataFrame, column: str) -> Any:
    """The first row with the largest value."""
    return rows.iloc[int(rows[column].to_numpy().argmax())]


def _smallest(rows: pd.DataFrame, column: str) -> Any:
    """The first row with the smallest value."""
    return rows.iloc[int(rows[column].to_numpy().argmin())]


def _none(found: Table) -> str:
    return f"There are no {found.unit} in this selection."


_SENTENCES: dict[str, Callable[[Table, bool], str]] = {
    "types": _leaders,
    "colours": _leaders,
    "categories": _categories,
    "shares": _shares,
    "time": _time,
    "gender": _gender,
    "moved": _moved,
    "apart": _apart,
    "gaps": _gaps,
}
