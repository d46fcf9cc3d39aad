"""The address bar: the one place where the map page's state is kept."""

from __future__ import annotations

import streamlit as st

from mpsr.service import Service
from mpsr.ui.map.data import MapData
from mpsr.ui.map.state import OWNED, MapState


def state_asked(service: Service, data: MapData) -> MapState:
    """The state in the address bar; a warning names what does not fit this store, the rest is used."""
    state, trouble = MapState.parse(st.query_params, service, data.columns)
    for message in trouble:
        st.warning("Part of this link does not fit this catalogue. The rest is shown.")
        st.text(message)
    return state


def go(state: MapState) -> None:
    """Write the state into the address bar; called back by a widget, the page then shows it."""
    kept = {name: st.query_params.get_all(name) for name in st.query_params if name not in OWNED}
    st.query_params.from_dict({**kept, **state.address()})
