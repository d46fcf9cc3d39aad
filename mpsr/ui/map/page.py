"""The map page, part by part: its controls, the drawing, and the selection below it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from mpsr.errors import InputError, StoreError
from mpsr.service import Service
from mpsr.ui.map import selection as selected
from mpsr.ui.map.address import go
from mpsr.ui.map.component import product_map
from mpsr.ui.map.data import MapData, map_data
from mpsr.ui.map.events import MapEvent, after
from mpsr.ui.map.neighbours import Found
from mpsr.ui.map.plain import plain_chart
from mpsr.ui.map.state import MapState
from mpsr.ui.map.view import view
from mpsr.ui.text import column, named

Chosen = npt.NDArray[np.bool_]


def data_or_stop(service: Service) -> MapData:
    """What the map draws; a store that was built before there were maps stops the page with what to do."""
    try:
        return map_data(service)
    except StoreError as error:
        st.info("This catalogue has no map yet.", icon=":material/map:")
        st.text(named(error, service.root))
        st.stop()


def controls(service: Service, data: MapData, state: MapState) -> None:
    """The row above the map; each control shows what the address says, and a change is written there."""
    words, colour, region, plain = st.columns([3, 2, 3, 2], vertical_alignment="bottom")
    regions = {
        number: f"{region.label}{f', {region.detail}' if region.detail else ''} ({region.size:,})"
        for number, region in enumerate(service.atlas.regions)
        if region.label
    }
    st.session_state["map-words"] = state.words
    words.text_input("Highlight", placeholder="Words in a product name: striped shirt", key="map-words",
                     on_change=lambda: go(state.but(words=st.session_state["map-words"].strip())))  # fmt: skip
    st.session_state["map-colour"] = state.colour
    colour.selectbox("Colour by", data.columns, format_func=column, key="map-colour",
                     on_change=lambda: go(state.but(colour=st.session_state["map-colour"], page=state.page)))  # fmt: skip
    st.session_state["map-region"] = state.region if state.region in regions else None
    region.selectbox("Region", list(regions), format_func=regions.__getitem__, index=None, key="map-region",
                     placeholder="Select a region",
                     on_change=lambda: go(state.but(region=st.session_state["map-region"], shape=None)))  # fmt: skip
    st.session_state["map-plain-on"] = state.plain
    plain.toggle("Basic chart", key="map-plain-on", help="Use this if the map does not load in your browser.",
                 on_change=lambda: go(state.but(plain=st.session_state["map-plain-on"], page=state.page)))  # fmt: skip


def drawing(service: Service, state: MapState, chosen: Chosen | None, found: Found) -> None:
    """The map itself, or the basic chart; what the visitor does there becomes the next state.

    Args:
        service: the open store.
        state: of the page.
        chosen: shape (N,), the selection; None when nothing is selected.
        found: the neighbours to mark.
    """

    def happened(event: MapEvent) -> None:
        try:
            go(after(event, service, state))
        except InputError as error:
            st.toast(str(error))

    if state.plain:
        plain_chart(service, state.colour, happened)
    else:
        product_map(view(service, state, chosen, found.rows, found.placed), happened)


def selection(service: Service, state: MapState, chosen: Chosen) -> None:
    """Below the map: a gallery of the selected products, and what sets them apart."""
    rows = service.atlas.middle_first(np.flatnonzero(chosen))
    if not len(rows):
        return
    st.subheader("Selected products")
    selected.gallery(
        service, rows, state.page,
        lambda product: go(state.but(picked=product, page=state.page)),
        lambda page: go(state.but(page=page)),
    )  # fmt: skip
    st.subheader("Over- and under-represented")
    st.caption("Values with a clearly larger or smaller share in the selection than in the whole catalogue.")
    selected.make_up(service, chosen)
