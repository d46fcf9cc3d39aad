"""Photos that visitors upload: checked, made small, kept in their own session's memory only."""

from __future__ import annotations

import base64
import hashlib

import streamlit as st
from markupsafe import Markup

from mpsr.catalogue.located import PICTURE_SUFFIXES
from mpsr.catalogue.pictures import MAX_UPLOAD_BYTES, decode_upload, small_jpeg

#: Kept at once in a session; the oldest is dropped when another comes.
AT_MOST = 4

#: Largest upload in MB; the server refuses more before it is read.
MEGABYTES = MAX_UPLOAD_BYTES // 2**20

#: What the upload offers to choose; whatever a file calls itself, its content decides.
ENDINGS = [suffix.removeprefix(".") for suffix in PICTURE_SUFFIXES]

_KEPT = "photos_kept"


def keep(data: bytes) -> str:
    """Check an upload by its content and keep a small copy without metadata; returns its fingerprint.

    Raises:
        InputError: not a picture, too large, or damaged.
    """
    copy = small_jpeg(decode_upload(data))
    fingerprint = hashlib.sha256(copy).hexdigest()[:12]
    kept = {name: copy for name, copy in _kept().items() if name != fingerprint}
    st.session_state[_KEPT] = dict([*kept.items(), (fingerprint, copy)][-AT_MOST:])
    return fingerprint


def kept(fingerprint: str) -> bytes | None:
    """The copy of a photo of this session; None for one that is another's, or gone."""
    return _kept().get(fingerprint)


def data_url(fingerprint: str) -> str:
    """The photo as part of the page, so that it is never served by an address of its own.

    Raises:
        KeyError: this session has no such photo.
    """
    return f"data:image/jpeg;base64,{base64.b64encode(_kept()[fingerprint]).decode()}"


def image(fingerprint: str) -> Markup:
    """The photo with its alternative text.

    Raises:
        KeyError: this session has no such photo.
    """
    return Markup('<img src="{}" alt="Your photo">').format(data_url(fingerprint))


def _kept() -> dict[str, bytes]:
    found: dict[str, bytes] = st.session_state.get(_KEPT, {})
    return found
