"""Photos outlive a reload: the browser keeps the session's small copies in its tab and gives back those a page asks for.

A reload begins a new session on the server, which knows no photos. The copies are in the tab's session storage: they are
gone when the tab is closed, no other tab sees them, and they are no part of links.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mpsr.ui import photos

_component = st.components.v2.component(
    "mpsr_photo_memory", js=Path(__file__).with_name("photo_memory.js").read_text(encoding="utf-8")
)

KEY, PHOTO = "photo-memory", "photo"


def remember_photos() -> None:
    """Have the tab keep the session's photos, and give back those in the address. Takes no room on the page."""
    wanted = [name for name in st.query_params.get_all(PHOTO) if photos.kept(name) is None]
    data = {"keep": photos.untold(), "wanted": wanted, "at_most": photos.AT_MOST}
    with st.container(key="mpsr-photo-memory"):
        _component(key=KEY, data=data, on_back_change=_back)


def _back() -> None:
    found = st.session_state[KEY].back
    for name, encoded in (found if isinstance(found, dict) else {}).items():
        photos.take_back(str(name), str(encoded))
