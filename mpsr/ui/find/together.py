"""What is done with several results at once: all of them, those that are selected, or the query onto a board."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mpsr.service import Service
from mpsr.ui.boards.filling import add_all_button
from mpsr.ui.find.question import Question

#: In the session: how wide the cards are, kept while other pages are looked at.
LARGE, SWITCH = "find-large", "find-large-switch"

#: Cards in a row, and the narrowest a large one gets.
IN_A_ROW, LARGE_IN_A_ROW, LARGE_WIDTH = 5, 3, 240


def in_a_row() -> int:
    """How many cards stand in a row of a wide screen."""
    return LARGE_IN_A_ROW if st.session_state.get(LARGE) else IN_A_ROW


def narrowest(usual: int) -> int:
    """How narrow a card may get before its row takes one card less."""
    return LARGE_WIDTH if st.session_state.get(LARGE) else usual


def select_key(product: str) -> str:
    """The key of a result's checkbox."""
    return f"select-{product}"


def selected(products: Sequence[str]) -> list[str]:
    """Those of the results that are selected, in their order."""
    return [product for product in products if st.session_state.get(select_key(product))]


def together(service: Service, question: Question, products: Sequence[str]) -> None:
    """The row above the results.

    Args:
        service: the open store.
        question: what is asked; the products it names can be added, too.
        products: the results that are shown.
    """
    chosen = selected(products)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="mpsr-together"):
        if chosen:
            add_all_button(service, chosen, "add-selected", f"Add {len(chosen)} selected to board")
            st.button("Clear selection", key="select-none", type="tertiary", on_click=_clear, args=(chosen,))
        elif len(products) > 1:
            add_all_button(service, products, "add-shown", f"Add all {len(products)} to board")
        if question.more:
            add_all_button(service, question.more, "add-query", "Add the query to board")
        st.session_state[SWITCH] = bool(st.session_state.get(LARGE))
        st.toggle("Large pictures", key=SWITCH, on_change=_switched)


def _switched() -> None:
    st.session_state[LARGE] = st.session_state[SWITCH]


def _clear(products: Sequence[str]) -> None:
    for product in products:
        st.session_state[select_key(product)] = False
