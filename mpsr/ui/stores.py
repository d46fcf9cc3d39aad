"""Which store is open, and the one object that answers for it. The address bar says which; the newest by default."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mpsr.errors import StoreError
from mpsr.service import Service
from mpsr.store import known_stores
from mpsr.ui.opened import is_open, opened

STORE, PICKER = "store", "store_picker"


def choose_store() -> Path | None:
    """The store in the address bar; with several, a control in the sidebar switches between them."""
    stores = _stores()
    if len(stores) > 1:
        st.session_state[PICKER] = _chosen(stores)
        st.sidebar.selectbox("Catalogue", list(stores), key=PICKER, on_change=_switch)
    return stores[_chosen(stores)] if stores else None


def current_service() -> Service:
    """The open store's service; a store that cannot be trusted stops the page with what to do."""
    stores = _stores()
    root = stores[_chosen(stores)]
    try:
        if is_open(root):
            return opened(root)
        with st.spinner("Opening the store …"):
            return opened(root)
    except (StoreError, OSError) as error:
        st.error(str(error), icon=":material/error:")
        st.stop()


def _stores() -> dict[str, Path]:
    return {path.name: path for path in known_stores()}


def _chosen(stores: dict[str, Path]) -> str:
    wanted = st.query_params.get(STORE, "")
    return wanted if wanted in stores else next(iter(stores))


def _switch() -> None:
    """Another store begins with its own example: nothing else of the address is kept."""
    st.query_params.from_dict({STORE: st.session_state[PICKER]})
