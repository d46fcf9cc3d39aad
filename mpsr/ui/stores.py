"""Which store is open, and the one object that answers for it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mpsr.errors import StoreError
from mpsr.service import Service, open_service
from mpsr.store import CURRENT, known_stores

STORE = "store"


@st.cache_resource(show_spinner="Opening the store …", max_entries=2)
def _open(root: str, published: str) -> Service:
    """One service a published snapshot, shared by all sessions; ``published`` makes a new build a new key."""
    return open_service(root)


def choose_store() -> Path | None:
    """The store picked in the sidebar (only shown when there are several), the newest by default."""
    stores = {path.name: path for path in known_stores()}
    if not stores:
        return None
    wanted = st.query_params.get(STORE, "")
    names = list(stores)
    name = wanted if wanted in stores else names[0]
    if len(stores) > 1:
        name = st.sidebar.selectbox("Catalogue", names, index=names.index(name), key="store_picker")
        if name != wanted and (wanted or name != names[0]):
            st.query_params.from_dict({STORE: name})
    return stores[name]


def current_service() -> Service:
    """The open store's service; a store that cannot be trusted stops the page with what to do."""
    root = choose_store_path()
    try:
        return _open(str(root), (root / CURRENT).read_text(encoding="utf-8").strip())
    except (StoreError, OSError) as error:
        st.error(str(error), icon=":material/error:")
        st.stop()


def choose_store_path() -> Path:
    """The store the router chose in this run."""
    stores = {path.name: path for path in known_stores()}
    name = st.session_state.get("store_picker") or st.query_params.get(STORE, "")
    return stores.get(name) or next(iter(stores.values()))
