"""Tables of what goes together: product types and genders, and the combinations that are thin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mpsr.catalogue.columns import MISSING
from mpsr.insights.listings import Listings
from mpsr.insights.statistics import LEAST_EXPECTED, association, effective_size, simultaneous_z
from mpsr.insights.tables import Table, cross, share_of, table

#: Rows of the heat map at the most; the association is always computed from all types.
HEAT_ROWS = 20

#: Columns whose combinations are looked at for gaps, and the strata within which they are.
GAP_COLUMNS = ("articleType", "baseColour")
GAP_WITHIN = ("gender", "masterCategory")


def type_by_gender(listings: Listings, rows: int = HEAT_ROWS) -> Table:
    """The contingency table of article types and genders.

    Rows: articleType, gender, count, products, share (of the type's count), type_count, expected (count if
    types and genders did not go together), residual (adjusted residual, about standard normal in that case:
    beyond ±3 is hardly chance). One row for each of the ``rows`` most frequent types and each gender,
    missing values among them. Facts: v (Cramér's V, bias-corrected, of the table of all types), chi2, dof, p,
    thin (share of all cells with an expected count below 5), types (how many there are).

    With weights (sales), expected and residual are of the effective number of products (Kish 1965).
    """
    counts = cross(listings, "articleType", "gender")
    wide = counts.pivot(index="articleType", columns="gender", values="count").fillna(0.0)
    genders = list(dict.fromkeys(counts.sort_values("count", ascending=False)["gender"]))
    genders.sort(key=lambda gender: gender == MISSING)
    wide = wide.reindex(columns=genders)
    scale = _scale(listings)
    found = association(wide.to_numpy(dtype=np.float64) * scale)
    order = wide.sum(axis=1).sort_values(ascending=False, kind="stable").index[:rows]
    long = pd.MultiIndex.from_product([wide.index, genders], names=["articleType", "gender"]).to_frame(
        index=False
    )
    long["count"] = wide.to_numpy(dtype=np.float64).ravel()
    long["type_count"] = long.groupby("articleType")["count"].transform("sum")
    long["share"] = share_of(long["count"], long["type_count"])
    long["expected"] = found.expected.ravel() / scale
    long["residual"] = found.residuals.ravel()
    long = long.merge(counts[["articleType", "gender", "products"]], "left", on=["articleType", "gender"])
    long["products"] = long["products"].fillna(0).astype("int64")
    kept = long.set_index("articleType").loc[order].reset_index()
    facts = {"v": found.v, "chi2": found.chi2, "dof": found.dof, "p": found.p, "thin": found.thin}
    rest = len(wide) - len(order)
    notes = [f"{rest:,} rarer types not drawn, but part of the association" if rest else ""]
    columns = ["articleType", "gender", "count", "products", "share", "type_count", "expected", "residual"]
    shown = int(kept["products"].sum())
    return table("gender", listings, kept[columns], shown, facts | {"types": len(wide)}, notes)


def _scale(listings: Listings) -> float:
    """What turns weighted counts into effective numbers of products: 1 for listings."""
    weights = listings.frame["weight"].to_numpy()
    total = float(weights.sum())
    return effective_size(weights) / total if total else 1.0


def gaps(listings: Listings, least: float = LEAST_EXPECTED) -> Table:
    """Combinations of type and colour that are thin compared with what their margins suggest.

    Within each gender and category (so that nobody is told that men lack dresses), type and colour are taken to
    be independent: expected = count of the type × count of the colour / count of both. A combination counts as
    thin when its adjusted residual (Haberman 1973) lies below what chance gives over all combinations looked at
    (95 %, Bonferroni). Looked at are those with an expected number of products of at least ``least`` and with
    no value missing.

    Rows, the largest shortfall first: gender, masterCategory, articleType, baseColour, count, expected,
    shortfall (expected - count), type_count (of that type in that gender and category), share (count of
    type_count), expected_share, residual. Facts: compared (combinations looked at), z (the bound on the residual).
    """
    counts = cross(listings, *GAP_WITHIN, *GAP_COLUMNS)
    cells = _expected(counts)
    scale = _scale(listings)
    named = (cells[[*GAP_WITHIN, *GAP_COLUMNS]] != MISSING).all(axis=1)
    compared = cells[named & (cells["expected"] * scale >= least)].copy()
    variance = (
        compared["expected"] * (1 - compared["share_of_type"]) * (1 - compared["expected_share"]) * scale
    )
    compared = compared[variance > 0]
    compared["residual"] = (
        (compared["count"] - compared["expected"]) * scale / np.sqrt(variance[variance > 0])
    )
    compared["shortfall"] = compared["expected"] - compared["count"]
    compared["share"] = share_of(compared["count"], compared["type_count"])
    z = simultaneous_z(len(compared))
    thin = compared[compared["residual"] < -z].sort_values("shortfall", ascending=False, kind="stable")
    columns = ["gender", "masterCategory", "articleType", "baseColour", "count", "expected", "shortfall"]
    facts = {"compared": len(compared), "z": z, "thin": len(thin)}
    behind = int(compared["products"].sum())
    note = f"{len(compared):,} combinations of at least {least:g} expected products compared"
    rows = thin[[*columns, "type_count", "share", "expected_share", "residual"]]
    return table("gaps", listings, rows, behind, facts, [note])


def _expected(counts: pd.DataFrame) -> pd.DataFrame:
    """Every combination of a stratum's types and colours, with its count and what its margins suggest."""
    within = list(GAP_WITHIN)
    kind, colour = GAP_COLUMNS
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
