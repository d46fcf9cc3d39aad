"""Under-represented: combinations of type, colour and gender that are rarer than expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mpsr.catalogue.coded import MISSING
from mpsr.insights.chart import Axis, Pairs, Panel, Series, scaled
from mpsr.insights.listings import Listings
from mpsr.insights.statistics import LEAST_EXPECTED, simultaneous_z, weight_scale
from mpsr.insights.style import HUE
from mpsr.insights.tables import TOP, Table, cross, picks_of, records, scope_of, share_of
from mpsr.insights.views.base import Options, View
from mpsr.insights.words import about, counted, number, percent, short

#: Columns whose combinations are looked at, and the strata within which they are.
COLUMNS = ("articleType", "baseColour")
WITHIN = ("gender", "masterCategory")

#: Rows drawn at the most.
DRAWN = TOP + 2


@dataclass(frozen=True)
class UnderRepresented(Table):
    """Combinations of type and colour with fewer products than expected.

    Within each gender and category (so that nobody is told that men lack dresses), type and colour are taken to
    be independent: expected = count of the type × count of the colour / count of both. A combination is listed
    when its adjusted residual (Haberman 1973) lies below what chance gives over all combinations looked at
    (95 %, Bonferroni). Looked at are those with an expected number of products of at least ``LEAST_EXPECTED`` and
    with no value missing.

    Rows, the largest shortfall first: gender, masterCategory, articleType, baseColour, count, expected,
    shortfall (expected - count), type_count (of that type in that gender and category), share (count of
    type_count), expected_share, residual.

    Attributes:
        compared: combinations looked at.
        z: the bound on the residual.
    """

    compared: int
    z: float


def under_represented(listings: Listings, least: float = LEAST_EXPECTED) -> UnderRepresented:
    """The combinations of a selection with clearly fewer products than expected."""
    cells = _expected(cross(listings, *WITHIN, *COLUMNS))
    scale = weight_scale(listings.frame["weight"].to_numpy())
    named = (cells[[*WITHIN, *COLUMNS]] != MISSING).all(axis=1)
    compared = cells[named & (cells["expected"] * scale >= least)].copy()
    spread = (1 - compared["share_of_type"]) * (1 - compared["expected_share"])
    variance = compared["expected"] * spread * scale
    compared, variance = compared[variance > 0], variance[variance > 0]
    compared["residual"] = (compared["count"] - compared["expected"]) * scale / np.sqrt(variance)
    compared["shortfall"] = compared["expected"] - compared["count"]
    compared["share"] = share_of(compared["count"], compared["type_count"])
    z = simultaneous_z(len(compared))
    rare = compared[compared["residual"] < -z].sort_values("shortfall", ascending=False, kind="stable")
    columns = [*WITHIN, *COLUMNS, "count", "expected", "shortfall"]
    rows = rare[[*columns, "type_count", "share", "expected_share", "residual"]].reset_index(drop=True)
    note = f"{counted(len(compared), 'combinations')} of at least {least:g} expected products compared"
    scope = scope_of(listings, int(compared["products"].sum()), [note])
    return UnderRepresented(rows, scope, len(compared), z)


def _expected(counts: pd.DataFrame) -> pd.DataFrame:
    """Every combination of a stratum's types and colours, with its count and the expected one."""
    within = list(WITHIN)
    kind, colour = COLUMNS
    strata = counts.groupby(within)["count"].sum().rename("stratum").reset_index()
    kinds = counts.groupby([*within, kind])["count"].sum().rename("type_count").reset_index()
    colours = counts.groupby([*within, colour])["count"].sum().rename("colour_count").reset_index()
    cells = kinds.merge(colours, on=within).merge(strata, on=within)
    cells = cells.merge(counts, "left", on=[*within, kind, colour])
    cells["count"] = cells["count"].fillna(0.0).astype("float64")
    cells["products"] = cells["products"].fillna(0).astype("int64")
    cells["share_of_type"] = share_of(cells["type_count"], cells["stratum"])
    cells["expected_share"] = share_of(cells["colour_count"], cells["stratum"])
    cells["expected"] = cells["type_count"] * cells["expected_share"]
    return cells


def _sentence(found: UnderRepresented, options: Options) -> str:
    if not found.compared:
        return f"No combination has enough products ({LEAST_EXPECTED:g} expected) to be compared."
    compared = counted(found.compared, "combinations")
    if found.empty:
        return f"None of {compared} compared has clearly fewer {found.scope.units} than expected."
    row = found.rows.iloc[0]
    have = "has" if len(found.rows) == 1 else "have"
    name = f"{row['baseColour']} {row['articleType']} for {row['gender']} ({row['masterCategory']})"
    if options.share:
        there = f"{percent(row['share'])} of these {row['articleType']}, {percent(row['expected_share'])} expected"
    else:
        there = f"{found.scope.amount(row['count'])}, {about(row['expected'])} expected"
    return (
        f"{len(found.rows):,} of {compared} {have} clearly fewer {found.scope.units} than expected; the largest "
        f"shortfall in {found.scope.unit} is {name}: {there}."
    )


def _panels(found: UnderRepresented, options: Options) -> tuple[Panel, ...]:
    """What is expected (hollow) and what is there (full), the largest shortfalls."""
    rows = found.rows.head(DRAWN)
    labels = tuple(
        f"{short(row.baseColour, 14)} {short(row.articleType, 18)}\n{short(row.gender, 16)}"
        for row in records(rows)
    )
    columns = ("expected_share", "share") if options.share else ("expected", "count")
    ends = [
        _end(rows, found.scope.unit, place, column, options.share) for place, column in enumerate(columns)
    ]
    title = f"share of the type's {found.scope.unit}" if options.share else found.scope.unit
    return (Panel(Pairs(labels, ends[0], ends[1], Axis(options.share, title=title))),)


def _end(rows: pd.DataFrame, unit: str, place: int, column: str, share: bool) -> Series:
    name = ("expected", "actual")[place]
    hovers = tuple(
        f"{short(row.baseColour)} {short(row.articleType)}, {short(row.gender)}, {name}: "
        f"{percent(value) if share else number(round(value, 1))}{'' if share else ' ' + unit}"
        for row, value in zip(records(rows), rows[column], strict=True)
    )
    picks = picks_of(rows, *WITHIN, *COLUMNS)
    return Series(name, HUE[place], scaled(rows[column], share), ("",) * len(rows), hovers, picks)


UNDER_REPRESENTED = View(
    key="underrepresented",
    title="Under-represented",
    question="Which combinations of type, colour and gender are rarer than expected?",
    kind="Expected and actual numbers of under-represented combinations.",
    table=lambda catalogue, selection, options: under_represented(catalogue.select(selection)),
    sentence=_sentence,
    panels=_panels,
    how=lambda options: (
        "Expected: as if, within each gender and category of the selection, every type came in the same mix of colours. "
        "Listed are combinations with fewer products than chance explains (adjusted residuals, 95\u00a0% over all "
        f"combinations, Bonferroni); the {DRAWN} largest shortfalls are drawn. Some combinations are rare because nobody "
        "wants them: take the list as questions to ask."
    ),
)
