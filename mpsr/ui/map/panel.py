"""Beside the map: the selected product with its neighbours, and the form that places something new."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from mpsr.search.neighbours import Neighbour
from mpsr.service import Service
from mpsr.ui import card, photos
from mpsr.ui.map.address import go
from mpsr.ui.map.neighbours import PHOTO, PLACED_BY, Found
from mpsr.ui.map.state import MapState
from mpsr.ui.photo_upload import photo_upload
from mpsr.ui.text import plain


def panel(service: Service, state: MapState, found: Found) -> None:
    """The selected product, its neighbours, and the form for something new."""
    if state.picked:
        card.product_card(service, state.picked, "map-picked")
        if not service.atlas.placed[service.row_of(state.picked)]:
            st.text("It has neither a description nor a picture, so it is not on the map.")
        st.button("Deselect", key="map-unpick", on_click=go, args=(state.but(picked="", page=state.page),),
                  width="stretch")  # fmt: skip
        _list(service, state, "Most similar", found.of_product, "near")
    else:
        st.text(
            "Click a product to see it here with the most similar ones. Draw around products with Lasso or Box."
        )
        _list(service, state, f"Most similar to {found.placed_name}", found.of_placed, "near")
    _something_new(service, state, found)


def _list(service: Service, state: MapState, title: str, items: Sequence[Neighbour], key: str) -> None:
    """Neighbours as a list; a click selects one."""
    if not items:
        return
    st.html(Markup("<b>{}</b>").format(title))
    for item in items:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            st.html(card.thumbnail(service, item.id), width=50)
            st.button(plain(card.name(service, item.id)), key=f"{key}-{item.id}", type="tertiary", width="stretch",
                      on_click=go, args=(state.but(picked=item.id, page=state.page),))  # fmt: skip


def _something_new(service: Service, state: MapState, found: Found) -> None:
    with st.expander("Place a photo or text", expanded=bool(found.placed_name or found.trouble)):
        st.session_state["map-at"] = state.at
        st.text_input("Text", placeholder="A red summer dress", key="map-at",
                      on_change=_asked, args=(state,))  # fmt: skip
        photo_upload("map", "Or a photo", lambda photo: _photo_taken(state, photo))
        _placed_photo()
        if found.placed:
            st.text(f"The star marks {found.placed_name}, placed by its {PLACED_BY} most similar products.")
        if found.trouble:
            st.warning("That could not be placed.")
            st.text(found.trouble)
        if state.picked:
            _list(service, state, f"Most similar to {found.placed_name}", found.of_placed, "placed")


def _photo_taken(state: MapState, photo: str) -> None:
    """One thing is placed at a time: a photo takes the place of the text, and a text that of the photo."""
    st.session_state[PHOTO] = photo
    go(state.but(at="", page=state.page))


def _asked(state: MapState) -> None:
    st.session_state.pop(PHOTO, None)
    go(state.but(at=st.session_state["map-at"].strip(), page=state.page))


def _placed_photo() -> None:
    if photo := st.session_state.get(PHOTO):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(Markup('<div class="mpsr-part">{}</div>').format(photos.image(photo)), width=80)
            st.button("Remove photo", icon=":material/close:", key="map-photo-forget", type="tertiary",
                      on_click=lambda: st.session_state.pop(PHOTO))  # fmt: skip
