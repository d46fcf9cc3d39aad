"""The side bar of the Find page: filters, and under Advanced what to match by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypedDict

import streamlit as st

from mpsr.service import Service
from mpsr.ui.find import address
from mpsr.ui.find.filters import filters
from mpsr.ui.find.question import Question
from mpsr.ui.text import MODALITY_LABEL

#: Space → what the app calls it.
SPACES = {"learned": "Trained on this catalogue", "paper": "Original"}


def refine(service: Service, question: Question) -> None:
    """All controls; each shows what the address says, and a change is written there."""
    with st.sidebar:
        st.subheader("Filters")
        st.toggle(
            "Hide variants",
            help="Show one product of those that share a name or have nearly the same picture.",
            **_bound("hide_variants", question.hide_variants),
        )
        if service.rules.rules:
            st.toggle(
                "Rules",
                help="The shop's own rules: products that are pinned, lifted, lowered or left out.",
                **_bound("rules", question.rules),
            )
        filters(service, question)
        with st.expander("Advanced", icon=":material/tune:", expanded=_tuned(question)):
            _weights(question)
            if len(service.spaces) > 1:
                _space(service, question)
            st.slider(
                "Diversity",
                0,
                100,
                step=5,
                format="%d %%",
                help="Higher values prefer results that differ from each other (MMR).",
                **_bound("diversity", question.diversity),
            )


def _tuned(question: Question) -> bool:
    """Whether anything under Advanced is not as usual."""
    usual = Question()
    return any(getattr(question, one) != getattr(usual, one) for one in ("picture", "space", "diversity"))


class Bound(TypedDict):
    """Arguments that bind a widget to a field of the question."""

    key: str
    on_change: Callable[[str], None]
    args: tuple[str]


def _weights(question: Question) -> None:
    st.slider(
        f"{MODALITY_LABEL['text'].capitalize()} ↔ {MODALITY_LABEL['image']}",
        0,
        100,
        step=5,
        format=f"%d %% {MODALITY_LABEL['image']}",
        **_bound("picture", question.picture),
    )


def _space(service: Service, question: Question) -> None:
    st.segmented_control(
        "Model",
        service.spaces,
        format_func=lambda name: SPACES.get(name, name),
        required=True,
        help="Original: the embeddings of description and picture, standardised and concatenated, no training.",
        **_bound("space", question.space or service.spaces[0]),
    )


def _bound(field: str, value: object) -> Bound:
    """Key and callback of a control that shows a field of the question."""
    key = f"question.{field}"
    st.session_state[key] = value
    return {"key": key, "on_change": _changed, "args": (field,)}


def _changed(field: str) -> None:
    address.go(replace(address.asked(), **{field: st.session_state[f"question.{field}"]}))
