"""The map: all products at once, similar ones together; select some, see what they are, place something new."""

import streamlit as st

from mpsr.ui.map import page
from mpsr.ui.map.address import state_asked
from mpsr.ui.map.neighbours import neighbours
from mpsr.ui.map.panel import panel
from mpsr.ui.stores import current_service

service = current_service()
st.title("Map")
data = page.data_or_stop(service)
state = state_asked(service, data)
page.controls(service, data, state)
chosen = state.selected(service) if state.selecting else None
found = neighbours(service, state)

drawn, aside = st.columns([3, 1], gap="medium")
with drawn:
    page.drawing(service, state, chosen, found)
with aside:
    panel(service, state, found, chosen)
if chosen is not None:
    page.selection(service, state, chosen)
