"""What a visitor sees when a link cannot be shown, and a way to continue."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mpsr.errors import InputError
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.stores import current_service
from mpsr.ui.text import named, plain


def lost(error: InputError) -> None:
    """The link or the choice does not fit this catalogue: what is wrong, and a way to continue."""
    say(error)
    _way_on()


def dropped(trouble: Sequence[str]) -> None:
    """Parts of the link that cannot be shown here; the rest of it is on the page."""
    if trouble:
        st.warning(
            "Part of this link does not fit this catalogue. The rest is shown.", icon=":material/link_off:"
        )
        for message in dict.fromkeys(trouble):
            st.text(message[:1].upper() + message[1:])


def say(error: InputError) -> None:
    """What is wrong and what to do, as text: the message may quote a link or a catalogue."""
    message = named(error, current_service().root)
    st.warning(plain(message[:1].upper() + message[1:]), icon=":material/link_off:")


def photo_elsewhere() -> None:
    """The link was made with a photo, and links do not contain photos."""
    st.info(
        "This search used a photo. Photos stay in the browser tab of the person who uploaded them and are not part of "
        "links. Upload the photo again with **Photo**.",
        icon=":material/no_photography:",
    )
    _way_on()


def _way_on() -> None:
    st.button(
        "Start with an example",
        key="way-on",
        icon=":material/restart_alt:",
        on_click=address.go,
        args=(Question(),),
    )
