"""Type × gender: which types are for whom."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.insights.chart import Heat, Panel, numbers
from mpsr.insights.listings import Listings
from mpsr.insights.statistics import association, weight_scale
from mpsr.insights.style import DIVERGING, SEQUENTIAL
from mpsr.insights.tables import Table, at_most, cross, picks_of, records, scope_of, share_of
from mpsr.insights.views.base import Options, View
from mpsr.insights.words import (
    about,
    counted,
    equals,
    listed,
    number,
    of_drawn,
    opened,
    percent,
    short,
    signed,
)

#: Rows of the heat map at the most; the association is always computed from all types.
HEAT_ROWS = 20

#: Adjusted residuals beyond ± this are drawn in the last colour; their number says how large they are.
RESIDUAL_RANGE = 10.0

#: From this share of its listings on a type is said to be for one gender.
ONE_GENDER = 0.9


@dataclass(frozen=True)
class TypeByGender(Table):
    """The contingency table of article types and genders.

    Rows: articleType, gender, count, products, share (of the type's count), type_count, expected (count if
    types and genders did not go together), residual (adjusted residual, about standard normal in that case:
    beyond ±3 is hardly chance). One row for each of the ``HEAT_ROWS`` most frequent types and each gender,
    missing values among them. With weights (sales), expected and residual are of the effective number of products
    (Kish 1965).

    Attributes:
        types: types there are, products without a type counted as one.
        v: Cramér's V, bias-corrected, of the table of all types; nan where there is nothing to compare.
        chi2: Pearson's statistic, with its degrees of freedom ``dof`` and p-value ``p``.
        thin: share of all cells with an expected count below 5.
    """

    types: int
    v: float
    chi2: float
    dof: int
    p: float
    thin: float


def type_by_gender(listings: Listings, rows: int = HEAT_ROWS) -> TypeByGender:
    """The table of the ``rows`` most frequent types; the association is of all."""
    counts = cross(listings, "articleType", "gender")
    wide = counts.pivot(index="articleType", columns="gender", values="count").fillna(0.0)
    totals = counts.groupby("gender")["count"].sum().sort_values(ascending=False, kind="stable")
    genders = sorted(totals.index, key=lambda gender: gender == MISSING)
    wide = wide.reindex(columns=genders)
    scale = weight_scale(listings.frame["weight"].to_numpy())
    found = association(wide.to_numpy(dtype=np.float64) * scale)
    order = wide.sum(axis=1).sort_values(ascending=False, kind="stable").index[:rows]
    keys = ["articleType", "gender"]
    long = pd.MultiIndex.from_product([wide.index, genders], names=keys).to_frame(index=False)
    long["count"] = wide.to_numpy(dtype=np.float64).ravel()
    long["type_count"] = long.groupby("articleType")["count"].transform("sum")
    long["share"] = share_of(long["count"], long["type_count"])
    long["expected"] = found.expected.ravel() / scale
    long["residual"] = found.residuals.ravel()
    long = long.merge(counts[[*keys, "products"]], "left", on=keys)
    long["products"] = long["products"].fillna(0).astype("int64")
    columns = [*keys, "count", "products", "share", "type_count", "expected", "residual"]
    kept = long.set_index("articleType").loc[order].reset_index()[columns]
    rest = len(wide) - len(order)
    note = f"{counted(rest, 'types')} of fewer {listings.unit} not drawn" if rest else ""
    scope = scope_of(listings, int(kept["products"].sum()), [note])
    return TypeByGender(kept, scope, len(wide), found.v, found.chi2, found.dof, found.p, found.thin)


def _sentence(found: TypeByGender, options: Options) -> str:
    if options.as_ == "association":
        return _association(found)
    rows = found.rows[(found.rows["articleType"] != MISSING) & (found.rows["gender"] != MISSING)]
    rows = rows.assign(total=rows.groupby("articleType")["count"].transform("sum"))
    rows = rows[rows["total"] > 0]
    if rows.empty:
        return "No product of this selection has a type and a gender."
    known = "" if rows["total"].eq(rows["type_count"]).all() else " with a known gender"
    genders = list(dict.fromkeys(rows.loc[rows["count"] > 0, "gender"]))
    if len(genders) == 1:
        return f"All {found.scope.units}{known} of the types shown have one gender: {genders[0]}."
    return _mixed(found, rows.assign(part=rows["count"] / rows["total"]), known)


def _mixed(found: TypeByGender, rows: pd.DataFrame, known: str) -> str:
    """How many types are for one gender only, and which is the most mixed."""
    best = rows[rows.groupby("articleType")["part"].transform(at_most)].drop_duplicates("articleType")
    one = int((best["part"] >= ONE_GENDER).sum())
    least = best[at_most(-best["part"].round(12))]
    of = f"{found.scope.units}{known}"
    said = (
        f"{one:,} of the {counted(len(best), 'types')} shown {'has' if one == 1 else 'have'} at least "
        f"{ONE_GENDER:.0%} of {'its' if one == 1 else 'their'} {of} in one gender"
    ).replace("%", "\u00a0%")
    if len(best) == 1:
        row = best.iloc[0]
        return f"{row['articleType']}, the only type: {percent(row['part'])} of its {of} are for {row['gender']}."
    if len(least) > 1:
        names = equals(least["articleType"].tolist(), "articleType")
        return f"{said}; the most mixed are {names}, each at most {percent(least['part'].iloc[0])} for one gender."
    row = least.iloc[0]
    most = f"at most {percent(row['part'])} for one gender ({row['gender']})"
    return f"{said}; the most mixed is {row['articleType']}, {most}."


def _association(found: TypeByGender) -> str:
    if math.isnan(found.v):
        if found.types > 1 and found.rows["gender"].nunique() > 1:
            return f"There are too few {found.scope.units} to measure an association of types and genders."
        return "With only one gender or only one type there is no association to measure."
    rows = found.rows
    drawn = rows["articleType"].nunique()
    parts = [
        f"{_cells(rows[at_most(end)], found)} lies furthest {word} expectation"
        for end, word in (
            (rows["residual"].round(9), "above"),
            (-rows["residual"].round(9), "below"),
        )
        if end.max() > 0
    ]
    said = (
        opened(of_drawn(drawn, found.types - drawn, "articleType"), "; ".join(parts)) + "." if parts else ""
    )
    types = f"{'all ' if found.types > 1 else ''}{counted(found.types, 'types')}"
    measured = f"Cramér's V = {found.v:.2f} (0 not at all, 1 completely; computed from {types})"
    return f"Type and gender are associated with {measured}. {said}".strip()


def _cells(rows: pd.DataFrame, found: TypeByGender) -> str:
    """The cells that stand out most, with what is there and what was expected."""
    if len(rows) > 2:
        return f"each of {len(rows)} cells alike"
    return listed(
        [
            f"{row.articleType} for {row.gender} ({found.scope.amount(row.count)}, {about(row.expected)} expected)"
            for row in records(rows)
        ]
    )


def _panels(found: TypeByGender, options: Options) -> tuple[Panel, ...]:
    """A heat map; every cell carries its number."""
    measure = {"count": "count", "share": "share", "association": "residual"}[options.as_]
    write: Callable[[float], str] = {"count": number, "share": percent, "residual": signed}[measure]
    types, genders = (tuple(dict.fromkeys(found.rows[column])) for column in ("articleType", "gender"))
    lines = [rows for _, rows in found.rows.groupby("articleType", sort=False)]
    cells = tuple(numbers(rows[measure]) for rows in lines)
    diverging = measure == "residual"
    high = {"residual": RESIDUAL_RANGE, "share": 1.0, "count": max(map(max, cells)) or 1.0}[measure]
    heat = Heat(
        tuple(short(kind) for kind in types),
        tuple(short(gender, 13) for gender in genders),
        cells,
        tuple(tuple(write(value) for value in row) for row in cells),
        tuple(_hovers(rows, found) for rows in lines),
        DIVERGING if diverging else SEQUENTIAL,
        -high if diverging else 0.0,
        high,
        tuple(picks_of(rows, "articleType", "gender") for rows in lines),
    )
    return (Panel(heat),)


def _hovers(rows: pd.DataFrame, found: TypeByGender) -> tuple[str, ...]:
    return tuple(
        f"{short(row.articleType)} · {short(row.gender)}: {counted(row.count, found.scope.unit)}, "
        f"{percent(row.share)} of the type, {about(row.expected)} expected, residual {signed(row.residual)}"
        for row in records(rows)
    )


GENDER = View(
    key="gender",
    title="Type × gender",
    question="Which types are for whom?",
    kind="Heat map of product types and genders.",
    table=lambda catalogue, selection, options: type_by_gender(catalogue.select(selection)),
    sentence=_sentence,
    panels=_panels,
    how=lambda options: (
        "Association: adjusted residuals (Haberman 1973), how far a count lies from what it would be if types and "
        "genders were independent; beyond ±3 is hardly chance. Cramér's V is bias-corrected (Bergsma 2013)."
        if options.as_ == "association"
        else f"The {HEAT_ROWS} most frequent types. Shares are parts of each type."
    ),
    serves="targeting",
    ways=("count", "share", "association"),
    published=True,
)
