"""The bar at the top of the Find page: by product, by words, by photo, by chance; new, or added to what was asked."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mpsr.errors import InputError
from mpsr.service import Service
from mpsr.ui import card, photos
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.find.typeahead import typeahead

ADD = "add_to_question"
EXAMPLES = 6


def ask_bar(service: Service, question: Question) -> None:
    """The bar. ``question`` is what the page shows; parts are added to it when the visitor wants that."""

    def on_product(product: str) -> None:
        address.go(question.more_like(product) if st.session_state.get(ADD) else question.about(product))

    def on_words(words: str) -> None:
        address.go(question.also_saying(words) if st.session_state.get(ADD) else question.saying(words))

    def on_photo(photo: str) -> None:
        address.go(question.also_showing(photo) if st.session_state.get(ADD) else question.showing(photo))

    typeahead(service, "asked", "A product's name or id, or words: blue summer shirt", on_product, on_words)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("Photo", icon=":material/photo_camera:"):
            _photo(on_photo)
        st.button("Random product", icon=":material/casino:", on_click=lambda: on_product(service.random()))
        st.toggle("Add to what is asked", key=ADD, help="Mix products, words and photos in one question.")


def _photo(on_photo: Callable[[str], None]) -> None:
    """Upload or camera; the widget is made new after each photo, so that the upload itself is dropped."""
    turn = st.session_state.get("photo_turn", 0)
    st.file_uploader(
        "A photo of what you look for",
        photos.ENDINGS,
        key=f"photo-{turn}",
        max_upload_size=photos.MEGABYTES,
        on_change=_taken,
        args=(f"photo-{turn}", on_photo),
    )
    if st.toggle("Use the camera", key="camera_on"):
        st.camera_input(
            "Take a photo", key=f"camera-{turn}", on_change=_taken, args=(f"camera-{turn}", on_photo)
        )
    if refused := st.session_state.get("photo_refused"):
        st.text(refused)
    st.caption("It stays in this session's memory, small and without metadata, and is not part of links.")


def _taken(key: str, on_photo: Callable[[str], None]) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    st.session_state["photo_turn"] = st.session_state.get("photo_turn", 0) + 1
    st.session_state["photo_refused"] = None
    try:
        on_photo(photos.keep(upload.getvalue()))
    except InputError as error:
        st.session_state["photo_refused"] = str(error)


def examples(service: Service, question: Question) -> None:
    """Products to start from."""
    st.subheader("Start from one of these")
    grid = st.grid(EXAMPLES, min_column_width=card.NARROWEST, gap="small")
    for product in service.examples(EXAMPLES):
        with grid.cell().container(gap="xsmall"):
            card.face(service, product)
            st.button(
                "Start here", key=f"start-{product}", width="stretch",
                on_click=address.go, args=(question.about(product),),
            )  # fmt: skip
