"""Buttons say which product they are about, to those who hear the page: "Find similar: Alder Men Blue Shirt".

Streamlit's buttons take no label of their own for assistive technology. So a script in the browser gives every button
inside a card (a container whose key begins with ``card-``) an ``aria-label``: its text and the card's ``data-name``.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mpsr_button_names", js=Path(__file__).with_name("button_names.js").read_text(encoding="utf-8")
)


def name_buttons() -> None:
    """Have the browser name the buttons of this page's cards. Takes no room on the page."""
    with st.container(key="mpsr-button-names"):
        _component(key="button-names", data={})
