"""What the address says on every page: which store is open and which board is being filled.

A page that is entered by the menu begins without both. What the server writes into the address (``st.query_params``) is
a step for the browser's back button each time, and while a page is being entered the browser even takes it for the page
that is left. So at the entering the browser is asked to write it, as no step of its own; afterwards the server does.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mpsr_addressbar", js=Path(__file__).with_name("addressbar.js").read_text(encoding="utf-8")
)

ENTERED = "page_entered"


def address_says(page: str, **names: str | None) -> None:
    """Have the address of a page say these names; None says nothing. Takes no room on the page.

    Args:
        page: what the page is called.
        names: parameter → value.
    """
    told = {name: value for name, value in names.items() if value}
    if st.session_state.get(ENTERED) == page:
        for name, value in told.items():
            if st.query_params.get(name) != value:
                st.query_params[name] = value
    st.session_state[ENTERED] = page
    with st.container(key="mpsr-address-bar"):
        _component(key="address-bar", data={"page": page, "names": told})
