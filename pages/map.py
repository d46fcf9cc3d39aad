"""The map: all products at once, alike ones together; wander, circle a corner, see what is in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from mpsr.errors import InputError, StoreError
from mpsr.service import Service
from mpsr.ui.map import panel as map_panel
from mpsr.ui.map import selection as map_selection
from mpsr.ui.map.component import product_map
from mpsr.ui.map.data import MapData, map_data
from mpsr.ui.map.plain import plain_chart
from mpsr.ui.map.state import OWNED, MapState
from mpsr.ui.map.view import after, view
from mpsr.ui.stores import current_service
from mpsr.ui.text import column as told
from mpsr.ui.text import named


def main() -> None:
    service = current_service()
    st.title("Map")
    try:
        data = map_data(service)
    except StoreError as error:
        st.info("This store has no map yet.", icon=":material/map:")
        st.text(named(error, service.root))
        return
    state, trouble = MapState.parse(st.query_params, service, data.columns)
    for message in trouble:
        st.warning("Something in this link does not fit this store; the rest of it is shown.")
        st.text(message)
    _controls(service, data, state)
    _map(service, state)


def _map(service: Service, state: MapState) -> None:
    chosen = state.selected(service) if state.selecting else None
    found = map_panel.neighbours(service, state)
    drawn, aside = st.columns([3, 1], gap="medium")

    def happened(event: dict[str, Any]) -> None:
        try:
            go(after(event, service, state))
        except InputError as error:
            st.toast(str(error))

    with drawn:
        if state.plain:
            plain_chart(service, state.colour, happened)
        else:
            product_map(view(service, state, chosen, found.rows, found.placed), happened)
    with aside:
        map_panel.panel(service, state, found, lambda **changes: go(state.but(**changes)))
    if chosen is not None:
        _selection(service, state, chosen)


def _selection(service: Service, state: MapState, chosen: np.ndarray) -> None:
    rows = service.atlas.middle_first(np.flatnonzero(chosen))
    st.subheader(f"{len(rows):,} products selected")
    with st.container(horizontal=True, vertical_alignment="center"):
        map_selection.take_along(service, rows)
        st.button("Let go", icon=":material/close:", on_click=go, key="map-clear",
                  args=(state.but(words="", shape=None, region=None),))  # fmt: skip
    if not len(rows):
        st.info("No product is there. Draw another shape, or look for other words.")
        return
    map_selection.gallery(
        service, rows, state.page,
        lambda product: go(state.but(picked=product, page=state.page)),
        lambda page: go(state.but(page=page)),
    )  # fmt: skip
    st.subheader("More and less than in the catalogue")
    map_selection.make_up(service, chosen)


def _controls(service: Service, data: MapData, state: MapState) -> None:
    words, colour, region, plain = st.columns([3, 2, 3, 2], vertical_alignment="bottom")
    regions = {
        number: f"{region.label}{f', {region.detail}' if region.detail else ''} ({region.size:,})"
        for number, region in enumerate(service.atlas.regions)
        if region.label
    }
    st.session_state["map-words"] = state.words
    words.text_input("Light up", placeholder="Words of a name: striped shirt", key="map-words",
                     on_change=lambda: go(state.but(words=st.session_state["map-words"].strip())))  # fmt: skip
    st.session_state["map-colour"] = state.colour
    colour.selectbox("Colour by", data.columns, format_func=told, key="map-colour",
                     on_change=lambda: go(state.but(colour=st.session_state["map-colour"], page=state.page)))  # fmt: skip
    st.session_state["map-region"] = state.region if state.region in regions else None
    region.selectbox("Region", list(regions), format_func=regions.__getitem__, index=None, key="map-region",
                     placeholder="Select a region",
                     on_change=lambda: go(state.but(region=st.session_state["map-region"], shape=None)))  # fmt: skip
    st.session_state["map-plain-on"] = state.plain
    plain.toggle("Plain chart", key="map-plain-on", help="For browsers in which the map does not work",
                 on_change=lambda: go(state.but(plain=st.session_state["map-plain-on"], page=state.page)))  # fmt: skip


def go(state: MapState) -> None:
    """Write the state into the address bar; called back by a widget, the page then shows it."""
    kept: dict[str, Any] = {
        name: st.query_params.get_all(name) for name in st.query_params if name not in OWNED
    }
    st.query_params.from_dict(kept | state.address())


main()
