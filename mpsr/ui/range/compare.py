"""Two catalogues side by side."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from markupsafe import Markup

from mpsr.assortment.compare import Comparison, compare
from mpsr.errors import InputError, StoreError
from mpsr.search.conditions import Where
from mpsr.service import Service
from mpsr.store import known_stores
from mpsr.ui import card
from mpsr.ui.opened import opened
from mpsr.ui.range import parts
from mpsr.ui.range.address import bound, one_of
from mpsr.ui.text import named, plain

SHARES = ("share_a", "low_a", "high_a", "share_b", "low_b", "high_b", "difference", "low", "high")


@st.cache_resource(show_spinner=False, max_entries=4)
def _found(_a: Service, _b: Service, snapshots: tuple[str, str]) -> Comparison:
    with parts.progress("Comparing the products of both catalogues …") as told:
        return compare(_a, _b, told)


def others(service: Service) -> list[str]:
    """The catalogues that this one can be compared with."""
    return [path.name for path in known_stores() if path.name != service.root.name]


def view(service: Service, where: Where) -> None:
    """The view; the open catalogue is A. Filters do not count here."""
    names = {path.name: path for path in known_stores() if path.name != service.root.name}
    asked = one_of("other", list(names))
    st.selectbox("Compare with", list(names), **bound("other", asked))
    if where:
        st.caption("The filters do not count here: both catalogues are compared as a whole.")
    try:
        other = opened(names[asked])
        snapshots = (service.snapshot.fingerprint, other.snapshot.fingerprint)
        found = _found(service, other, snapshots)
    except (InputError, StoreError, OSError) as error:
        st.error(plain(named(error, names[asked])), icon=":material/error:")
        return
    st.markdown(
        plain(f"{len(found.pairs):,} pairs · {len(found.only_a):,} only in {service.root.name} · "
              f"{len(found.only_b):,} only in {asked}")
    )  # fmt: skip
    _pairs(service, other, found.pairs)
    for own, table, key in ((service, found.only_a, "a"), (other, found.only_b, "b")):
        st.subheader(plain(f"Only in {own.root.name}"), anchor=False)
        st.html(parts.row_of_pictures(own, table["id"].tolist(), own is service))
        st.dataframe(table.head(parts.ON_A_PAGE), hide_index=True, width="stretch", key=f"range-only-{key}")
    st.subheader("Shares", anchor=False)
    percent = {name: st.column_config.NumberColumn(format="percent") for name in SHARES}
    st.dataframe(found.shares, hide_index=True, width="stretch", column_config=percent)
    tables = {"pairs": found.pairs, "only_a": found.only_a, "only_b": found.only_b, "shares": found.shares}
    parts.take_away("compare", tables, found.notes)


def _pairs(service: Service, other: Service, pairs: pd.DataFrame) -> None:
    st.subheader("In both", anchor=False)
    for pair in pairs.iloc[parts.page_of("pairs", len(pairs))].to_dict("records"):
        price = f" · price {pair['price_difference']:+g}" if "price_difference" in pair else ""
        st.html(
            Markup('<div class="mpsr-part">{}{}<p>{} = {}</p><small>score {:.3f}{}</small></div>').format(
                card.thumbnail(service, pair["a"]),
                parts.picture(other, pair["b"]),
                pair["a_name"],
                pair["b_name"],
                pair["score"],
                price,
            )
        )
