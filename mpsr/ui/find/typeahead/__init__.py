"""The search box for a product's name, its id, or words, with suggestions from the server while typing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, cast

import streamlit as st

from mpsr.service import Service
from mpsr.ui.pictures import base_path


def _file(kind: str) -> str:
    return Path(__file__).with_name(f"typeahead.{kind}").read_text(encoding="utf-8")


_component = st.components.v2.component(
    "mpsr_typeahead", html=_file("html"), css=_file("css"), js=_file("js")
)


class Chosen(TypedDict, total=False):
    """What the box reports: the id of the product that was chosen, or words and whether they begin a new search."""

    product: str
    words: str
    anew: bool


def typeahead(
    service: Service,
    key: str,
    placeholder: str,
    on_product: Callable[[str], None],
    on_words: Callable[[str, bool], None],
    refines: bool,
) -> None:
    """The box; calls back with the product that was chosen, or with the words and whether they begin anew.

    Args:
        service: the open store.
        key: of the component.
        placeholder: what may be typed.
        on_product: called with a product's id.
        on_words: called with words, and whether they begin a new search.
        refines: words are for the query that is there, unless somebody chooses otherwise.
    """

    def chosen() -> None:
        answer = cast(Chosen, st.session_state[key].chosen or {})
        if "product" in answer:
            on_product(str(answer["product"]))
        elif "words" in answer:
            on_words(str(answer["words"]), bool(answer.get("anew")))

    suggest = f"{base_path()}/suggest/{service.snapshot.fingerprint}"
    data = {"suggest": suggest, "placeholder": placeholder, "refines": refines}
    _component(key=key, data=data, on_chosen_change=chosen)
