"""What a visitor sees whose link cannot be shown, and the way on."""

from __future__ import annotations

import streamlit as st

from mpsr.errors import InputError
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.stores import current_service
from mpsr.ui.text import named, plain


def lost(error: InputError) -> None:
    """The link or the choice does not fit this store: what is wrong, and a way on."""
    say(error)
    _way_on()


def say(error: InputError) -> None:
    """What is wrong and what to do, as text: the message may quote a link or a catalogue."""
    message = named(error, current_service().root)
    st.warning(plain(message[:1].upper() + message[1:]), icon=":material/link_off:")


def photo_elsewhere() -> None:
    """The link was made with a photo, which no link carries."""
    st.info(
        "This view was asked with a photo. A photo stays with the visitor who brought it and is forgotten "
        "afterwards; no link carries it. Bring it again with the button Photo.",
        icon=":material/no_photography:",
    )
    _way_on()


def _way_on() -> None:
    st.button(
        "Start from an example",
        key="way-on",
        icon=":material/restart_alt:",
        on_click=address.go,
        args=(Question(),),
    )
