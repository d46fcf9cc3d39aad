"""Photos that visitors upload: checked, made small, kept in their own session's memory only."""

from __future__ import annotations

import base64
import hashlib

import streamlit as st
from markupsafe import Markup

from mpsr.catalogue.located import PICTURE_SUFFIXES
from mpsr.catalogue.pictures import MAX_UPLOAD_BYTES, decode_upload, small_jpeg
from mpsr.errors import InputError

#: Kept at once in a session; the oldest is dropped when another comes.
AT_MOST = 4

#: Largest upload in MB; the server refuses more before it is read.
MEGABYTES = MAX_UPLOAD_BYTES // 2**20

#: What the upload offers to choose; whatever a file calls itself, its content decides.
ENDINGS = [suffix.removeprefix(".") for suffix in PICTURE_SUFFIXES]

#: Characters of a small copy in base64 at most: far more than any has.
_LARGEST_COPY = 2**20

_KEPT, _TOLD = "photos_kept", "photos_told"


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


def untold() -> dict[str, str]:
    """The photos the visitor's tab has not been given yet, base64; they count as given from now on."""
    told = st.session_state.setdefault(_TOLD, set())
    fresh = {name: base64.b64encode(copy).decode() for name, copy in _kept().items() if name not in told}
    told.update(fresh)
    return fresh


def take_back(fingerprint: str, encoded: str) -> bool:
    """Keep a photo again that the visitor's tab gives back after a reload; False for what is not the photo of that name.

    Args:
        fingerprint: what ``keep`` returned for it.
        encoded: the small copy, base64.
    """
    if len(encoded) > _LARGEST_COPY:
        return False
    try:
        copy = base64.b64decode(encoded, validate=True)
        if hashlib.sha256(copy).hexdigest()[:12] != fingerprint:
            return False
        decode_upload(copy)
    except (ValueError, InputError):
        return False
    st.session_state[_KEPT] = dict([*_kept().items(), (fingerprint, copy)][-AT_MOST:])
    st.session_state.setdefault(_TOLD, set()).add(fingerprint)
    return True


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
