"""Which store is open: the address bar says it, else what this session looked at last, else the newest."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mpsr.errors import StoreError
from mpsr.service import Service
from mpsr.store import known_stores
from mpsr.ui.opened import is_open, opened
from mpsr.ui.text import named, plain

STORE, PICKER, LAST = "store", "store_picker", "store_last"


def choose_store() -> Path | None:
    """The store that is open; with several, a control in the side bar switches between them."""
    stores = _stores()
    if not stores:
        return None
    wanted, chosen = st.query_params.get(STORE), _chosen(stores)
    if wanted and wanted != chosen:
        st.warning(
            plain(f"There is no catalogue {wanted!r} here. Showing {chosen!r}."), icon=":material/link_off:"
        )
    st.session_state[LAST] = chosen
    if len(stores) > 1:
        st.session_state[PICKER] = chosen
        st.sidebar.selectbox("Catalogue", list(stores), key=PICKER, on_change=_switch)
    return stores[chosen]


def store_to_name() -> str | None:
    """The open store, where an address must name it because there are several."""
    stores = _stores()
    return _chosen(stores) if len(stores) > 1 else None


def current_service() -> Service:
    """The open store's service; a store that cannot be trusted stops the page with what to do."""
    stores = _stores()
    if not stores:  # moved away since the page began
        st.error(
            "The catalogue that was shown is no longer in its folder. Once it is back, reload this page.",
            icon=":material/error:",
        )
        st.stop()
    root = stores[_chosen(stores)]
    try:
        if is_open(root):
            return opened(root)
        with st.spinner("Opening the store …"):
            return opened(root)
    except (StoreError, OSError) as error:
        st.error(plain(named(error, root)), icon=":material/error:")
        st.stop()


def _stores() -> dict[str, Path]:
    return {path.name: path for path in known_stores()}


def _chosen(stores: dict[str, Path]) -> str:
    named = (st.query_params.get(STORE), st.session_state.get(LAST))
    return next((name for name in named if name in stores), next(iter(stores)))


def _switch() -> None:
    """Another store begins with its own example: nothing else of the address is kept."""
    st.query_params.from_dict({STORE: st.session_state[PICKER]})
