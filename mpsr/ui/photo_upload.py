"""The upload of a photo, for every page that takes one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mpsr.errors import InputError
from mpsr.ui import photos


def photo_upload(name: str, label: str, on_photo: Callable[[str], None], camera: bool = False) -> None:
    """A file upload, and a camera on request.

    The widgets get another key after each upload: so the upload itself is dropped, and a photo can be sent again.

    Args:
        name: tells the uploads of several pages apart.
        label: above the upload.
        on_photo: called with the fingerprint of the photo that is kept.
        camera: offer the camera too.
    """
    turn = st.session_state.get(f"{name}-photo-turn", 0)
    key = f"{name}-photo-{turn}"
    st.file_uploader(label, photos.ENDINGS, key=key, max_upload_size=photos.MEGABYTES, on_change=_uploaded,
                     args=(name, key, on_photo))  # fmt: skip
    if camera and st.toggle("Use the camera", key=f"{name}-camera-on"):
        key = f"{name}-camera-{turn}"
        st.camera_input("Take a photo", key=key, on_change=_uploaded, args=(name, key, on_photo))
    if refused := st.session_state.pop(
        _refused(name), None
    ):  # about one upload: gone with whatever comes next
        st.text(refused[:1].upper() + refused[1:])


def _refused(name: str) -> str:
    return f"{name}-photo-refused"


def _uploaded(name: str, key: str, on_photo: Callable[[str], None]) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    st.session_state[f"{name}-photo-turn"] = st.session_state.get(f"{name}-photo-turn", 0) + 1
    try:
        on_photo(photos.keep(upload.getvalue()))
    except InputError as error:
        st.session_state[_refused(name)] = str(error)
