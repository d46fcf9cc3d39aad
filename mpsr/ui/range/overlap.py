"""Overlap and uniqueness."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mpsr.assortment.overlap import PERCENTILE, Overlap, overlap
from mpsr.errors import InputError
from mpsr.search.conditions import Where
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.range import parts
from mpsr.ui.range.address import bound, one_of
from mpsr.ui.text import counted, plain

STEPS = [str(step) for step in (PERCENTILE, 0.98, 0.99, 0.995, 0.9995, 0.9999, 0.99999)]

#: Products that stand alone, shown at first.
ALONE = 12


@st.cache_resource(show_spinner=False, max_entries=8)
def _found(_service: Service, snapshot: str, percentile: float, filters: str, _where: Where) -> Overlap:
    with parts.progress("Comparing the products with each other …") as told:
        return overlap(_service, percentile, _where, told)


def view(service: Service, where: Where) -> None:
    """The view."""
    asked = one_of("percentile", STEPS)
    st.select_slider(
        "Two products stand in for each other above this share of random pairs",
        sorted(STEPS),
        format_func=lambda step: f"{100 * float(step):g} %",
        **bound("percentile", asked),
    )
    filters = repr(sorted(where.items()))
    try:
        found = _found(service, service.snapshot.fingerprint, float(asked), filters, where)
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _groups(service, found)
    _alone(service, found)
    parts.take_away("overlap", {"groups": found.groups, "products": found.products}, found.notes)


def _groups(service: Service, found: Overlap) -> None:
    """The groups, a page of them, each with its pictures."""
    grouped = int(found.groups["products"].sum())
    st.markdown(
        f"{counted(grouped, 'product')} of {len(found.products):,} stand in for others, in "
        f"{counted(len(found.groups), 'group')}."
    )
    groups = found.groups.iloc[parts.page_of("overlap", len(found.groups))]
    for group in groups.to_dict("records"):
        members = found.products.loc[found.products["group"] == group["group"], "id"].tolist()
        kind = f"{group['gender']} · {group['articleType']} · {group['colours']}"
        priced = pd.notna(group.get("price_least"))  # a group may be without any price
        prices = f" · {group['price_least']:g} to {group['price_most']:g}" if priced else ""
        st.html(
            parts.line(f"{counted(group['products'], 'product')} like {group['central_name']}", kind + prices)
            + parts.row_of_pictures(service, members)
        )


def _alone(service: Service, found: Overlap) -> None:
    """The products that stand alone the most."""
    st.subheader("What stands alone", anchor=False)
    alone = found.products.sort_values("uniqueness", ascending=False, kind="stable").head(ALONE)
    grid = st.grid(6, min_column_width=card.NARROWEST, gap="small")
    for row in alone.to_dict("records"):
        with grid.cell():
            card.face(service, row["id"], card.quiet(f"more alone than {row['uniqueness']:.1%}"))
