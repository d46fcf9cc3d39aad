"""The map in the browser: a Streamlit component of our own (``map.html``, ``map.css``, ``map.js``).

It fetches positions, colours and names by address, once; what it is given on each run of the page are marks: one bit a
product for the selection, a few rows for the picked product and its neighbours. It answers with one small event. So a
lasso around 44,000 products sends its corners and not their ids, and a selection never draws the map anew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st


def _read(kind: str) -> str:
    return Path(__file__).with_name(f"map.{kind}").read_text(encoding="utf-8")


_component = st.components.v2.component("mpsr_map", html=_read("html"), css=_read("css"), js=_read("js"))

KEY = "map"


def product_map(data: dict[str, Any], on_event: Callable[[dict[str, Any]], None]) -> None:
    """The map; ``on_event`` hears ``{"pick": row}``, ``{"shape": corners}``, ``{"region": n}`` or ``{"clear": true}``."""

    def happened() -> None:
        event = st.session_state[KEY].event
        if isinstance(event, dict):
            on_event(event)

    _component(key=KEY, data=data, on_event_change=happened)
