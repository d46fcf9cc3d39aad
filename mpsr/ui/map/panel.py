"""Beside the map: the picked product with its neighbours, and where words or a photo would belong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from markupsafe import Markup

from mpsr.errors import InputError, MPSRError
from mpsr.search.neighbours import Neighbour
from mpsr.search.request import Request
from mpsr.service import Service
from mpsr.types import Part, Query
from mpsr.ui import card, photos
from mpsr.ui.map.state import MapState
from mpsr.ui.text import plain

#: Neighbours marked on the map, and those that say where something new belongs.
MARKED, PLACED_BY = 8, 15

#: In the session: the photo that is placed, how many were brought, and why the last one was refused.
PHOTO, TURN, REFUSED = "map-photo", "map-photo-turn", "map-photo-refused"


@dataclass(frozen=True)
class Found:
    """Neighbours to mark.

    Attributes:
        neighbours: best first.
        rows: of them.
        placed: where the words or the photo belong, None when nothing is placed.
        trouble: why nothing could be placed.
    """

    neighbours: list[Neighbour]
    rows: list[int]
    placed: tuple[float, float] | None = None
    trouble: str = ""


def neighbours(service: Service, state: MapState) -> Found:
    """The neighbours of what is placed, else of the picked product."""
    query = _placed_query(state)
    try:
        if query is not None:
            near = service.search(Request(query, PLACED_BY, service.atlas.space)).neighbours
            rows = [service.row_of(item.id) for item in near]
            placed = service.atlas.place(rows, [item.score for item in near])
            return Found(near[:MARKED], rows[:MARKED], placed)
        if state.picked:
            near = service.similar(state.picked, k=MARKED, space=service.atlas.space).neighbours
            return Found(near, [service.row_of(item.id) for item in near])
    except MPSRError as error:
        return Found([], [], trouble=str(error))
    return Found([], [])


def _placed_query(state: MapState) -> Query | None:
    """What is to be placed: the words of the address, or the photo of this session."""
    photo = photos.kept(st.session_state.get(PHOTO, ""))
    if photo is not None:
        return Query((Part(picture=photo),))
    return Query((Part(words=state.at),)) if state.at else None


def panel(service: Service, state: MapState, found: Found, change: Callable[..., None]) -> None:
    """The picked product, its neighbours, and the form for something new.

    Args:
        service: the open store.
        state: of the page.
        found: what ``neighbours`` gave.
        change: called with changed fields of the state.
    """
    if state.picked:
        card.product_card(service, state.picked, "map-picked")
        if not service.atlas.placed[service.row_of(state.picked)]:
            st.text("It has neither words nor a picture, and no place on the map.")
        st.button("Let it go", key="map-unpick", on_click=change, kwargs={"picked": "", "page": state.page},
                  width="stretch")  # fmt: skip
    else:
        st.text("Click a product to see it here with its neighbours. Draw around products with Lasso or Box.")
    if found.neighbours:
        st.html("<b>Nearest</b>")
        for item in found.neighbours:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
                st.html(card.thumbnail(service, item.id), width=50)
                st.button(plain(card.name(service, item.id)), key=f"near-{item.id}", type="tertiary",
                          width="stretch", on_click=change, kwargs={"picked": item.id, "page": state.page})  # fmt: skip
    _something_new(state, found, change)


def _something_new(state: MapState, found: Found, change: Callable[..., None]) -> None:
    with st.expander("Where would it belong?", expanded=bool(state.at or found.trouble)):
        st.session_state["map-at"] = state.at
        st.text_input("Words", placeholder="A red summer dress", key="map-at",
                      on_change=_asked, args=(change, state))  # fmt: skip
        _photo()
        if found.placed:
            st.text("The star marks the place, found from the 15 nearest products.")
        if found.trouble:
            st.warning("That could not be placed.")
            st.text(found.trouble)


def _photo() -> None:
    """The upload, made new after each photo so that the upload itself is dropped, and the photo that is placed."""
    turn = st.session_state.get(TURN, 0)
    st.file_uploader("Or a photo", photos.ENDINGS, key=f"{PHOTO}-{turn}", max_upload_size=photos.MEGABYTES,
                     on_change=_taken, args=(f"{PHOTO}-{turn}",))  # fmt: skip
    if refused := st.session_state.get(REFUSED):
        st.text(refused)
    if photo := st.session_state.get(PHOTO):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(Markup('<div class="mpsr-part">{}</div>').format(photos.image(photo)), width=80)
            st.button("Forget the photo", icon=":material/close:", key="map-photo-forget", type="tertiary",
                      on_click=lambda: st.session_state.pop(PHOTO))  # fmt: skip


def _taken(key: str) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state[REFUSED] = None
    try:
        st.session_state[PHOTO] = photos.keep(upload.getvalue())
    except InputError as error:
        st.session_state[REFUSED] = str(error)


def _asked(change: Callable[..., None], state: MapState) -> None:
    words: Any = st.session_state["map-at"]
    change(at=words.strip(), page=state.page)
