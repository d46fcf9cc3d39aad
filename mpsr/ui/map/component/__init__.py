"""The map in the browser: a Streamlit component of our own (``map.html``, ``map.css``, ``map.js``).

It fetches coordinates, colours and names by address, once. Each run of the page then sends only marks: one bit per
product for the selection, a few rows for the selected product and its neighbours. It answers with one small event. So a
lasso around 44,000 products sends its corners and not their ids, and a selection never redraws the page.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import streamlit as st

from mpsr.ui.map.events import MapEvent
from mpsr.ui.map.view import MapView


def _read(kind: str) -> str:
    return Path(__file__).with_name(f"map.{kind}").read_text(encoding="utf-8")


_component = st.components.v2.component("mpsr_map", html=_read("html"), css=_read("css"), js=_read("js"))

KEY = "map"


def product_map(data: MapView, on_event: Callable[[MapEvent], None]) -> None:
    """The map; ``on_event`` is called with what the visitor does."""

    def happened() -> None:
        event = st.session_state[KEY].event
        if isinstance(event, dict):
            on_event(cast(MapEvent, event))

    _component(key=KEY, data=data, on_event_change=happened)
