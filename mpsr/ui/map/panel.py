"""Beside the map: what is selected, the product shown with its neighbours, and the form that places something new."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st
from markupsafe import Markup

from mpsr.search.neighbours import Neighbour
from mpsr.service import Service
from mpsr.ui import card, photos
from mpsr.ui.map import selection as selected
from mpsr.ui.map.address import go
from mpsr.ui.map.neighbours import PLACED_BY, Found
from mpsr.ui.map.state import MapState
from mpsr.ui.photo_upload import photo_upload
from mpsr.ui.text import counted, plain

#: Products of a selection that are shown beside the map.
FIRST = 5

Chosen = npt.NDArray[np.bool_]


def panel(service: Service, state: MapState, found: Found, chosen: Chosen | None) -> None:
    """The selection, the product that is shown, its neighbours, and the form for something new.

    Args:
        service: the open store.
        state: of the page.
        found: the neighbours.
        chosen: shape (N,), the selection; None when nothing is selected.
    """
    if chosen is not None:
        _selection(service, state, chosen)
    if state.picked:
        card.product_card(service, state.picked, "map-picked")
        if not service.atlas.placed[service.row_of(state.picked)]:
            st.text("It has neither a description nor a picture, so it is not on the map.")
        st.button("Deselect", key="map-unpick", on_click=go, args=(state.but(picked="", page=state.page),),
                  width="stretch")  # fmt: skip
        _list(service, state, "Most similar", _ids(found.of_product), "near")
    else:
        if chosen is None:
            st.text(
                "Products close to each other are alike; directions mean nothing. Click a product to see it here with "
                "the most similar ones. Draw around products with Lasso or Box."
            )
        _list(service, state, f"Most similar to {found.placed_name}", _ids(found.of_placed), "near")
    _something_new(service, state, found)


def _selection(service: Service, state: MapState, chosen: Chosen) -> None:
    """How many products are selected, what can be done with them, and the first of them."""
    rows = service.atlas.middle_first(np.flatnonzero(chosen))
    st.subheader(f"{counted(len(rows), 'product')} selected")
    if not len(rows):
        st.info("No products here. Draw another shape, or highlight other words.")
    with st.container(horizontal=True, gap="xsmall"):
        if len(rows):
            selected.actions(service, rows)
        st.button("Clear selection", icon=":material/close:", on_click=go, key="map-clear",
                  args=(state.but(words="", shape=None, region=None),))  # fmt: skip
    if not state.picked:
        first = [service.ids[row] for row in rows[:FIRST]]
        more = f", {FIRST} of {len(rows):,}; all are below the map" if len(rows) > FIRST else ""
        _list(service, state, f"In the middle of the selection{more}", first, "first")


def _ids(items: Sequence[Neighbour]) -> list[str]:
    return [item.id for item in items]


def _list(service: Service, state: MapState, title: str, products: Sequence[str], key: str) -> None:
    """Products as a list; a click selects one."""
    if not products:
        return
    st.html(Markup("<b>{}</b>").format(title))
    for product in products:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            st.html(card.thumbnail(service, product), width=50)
            st.button(plain(card.name(service, product)), key=f"{key}-{product}", type="tertiary", width="stretch",
                      on_click=go, args=(state.but(picked=product, page=state.page),))  # fmt: skip


def _something_new(service: Service, state: MapState, found: Found) -> None:
    with st.expander(
        "Place a photo or text", expanded=bool(found.placed_name or state.photo or found.trouble)
    ):
        st.session_state["map-at"] = state.at
        st.text_input("Text", placeholder="A red summer dress", key="map-at",
                      on_change=_asked, args=(state,))  # fmt: skip
        photo_upload("map", "Or a photo", lambda photo: _photo_taken(state, photo))
        _placed_photo(state)
        if found.placed:
            st.text(f"The star marks {found.placed_name}, placed by its {PLACED_BY} most similar products.")
        if found.trouble:
            st.warning("That could not be placed.")
            st.text(found.trouble)
        if state.picked:
            _list(service, state, f"Most similar to {found.placed_name}", _ids(found.of_placed), "placed")


def _photo_taken(state: MapState, photo: str) -> None:
    """One thing is placed at a time: a photo takes the place of the text, and a text that of the photo."""
    go(state.but(photo=photo, at="", page=state.page))


def _asked(state: MapState) -> None:
    go(state.but(at=st.session_state["map-at"].strip(), photo="", page=state.page))


def _placed_photo(state: MapState) -> None:
    if not state.photo:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if photos.kept(state.photo) is None:
            st.text("A photo was placed here. Photos are not part of links: upload it again.")
        else:
            st.html(Markup('<div class="mpsr-part">{}</div>').format(photos.image(state.photo)), width=80)
        st.button("Remove photo", icon=":material/close:", key="map-photo-forget", type="tertiary",
                  on_click=go, args=(state.but(photo="", page=state.page),))  # fmt: skip
