"""The views of the Range page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from mpsr.search.conditions import Where
from mpsr.service import Service
from mpsr.ui.range import compare, look, overlap, plan, substitutes
from mpsr.ui.range.address import VIEW, bound, one_of


@dataclass(frozen=True)
class View:
    """A question of a range.

    Attributes:
        title: what its tab is called.
        question: what it answers.
        show: shows the answer for the products that pass the filters.
    """

    title: str
    question: str
    show: Callable[[Service, Where], None]


VIEWS = {
    "substitutes": View("Substitutes", "What can be offered in place of what sells out?", substitutes.view),
    "look": View("Look", "What completes the look?", look.view),
    "overlap": View("Overlap", "What stands in for each other, and what stands alone?", overlap.view),
    "plan": View("Plan", "Is the range as it was planned?", plan.view),
    "compare": View("Compare", "What do two catalogues share, and what has only one?", compare.view),
}


def choose_view(service: Service) -> View:
    """The view in the address, and the switch between them; to compare takes a second catalogue."""
    keys = [key for key in VIEWS if key != "compare" or compare.others(service)]
    asked = one_of(VIEW, keys)
    st.segmented_control(
        "Question",
        keys,
        format_func=lambda key: VIEWS[key].title,
        label_visibility="collapsed",
        required=True,
        wrap=True,
        **bound(VIEW, asked),
    )
    return VIEWS[asked]
