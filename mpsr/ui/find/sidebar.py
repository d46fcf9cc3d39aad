"""The side bar of the Find page: filters, and under Advanced what to match by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypedDict

import streamlit as st

from mpsr.service import Service
from mpsr.ui.find import address
from mpsr.ui.find.question import Question
from mpsr.ui.text import MODALITY_LABEL, column, plain

#: Space → what the app calls it.
SPACES = {"learned": "Trained on this catalogue", "paper": "Original"}


def refine(service: Service, question: Question) -> None:
    """All controls; each shows what the address says, and a change is written there."""
    with st.sidebar:
        st.subheader("Filters")
        st.toggle(
            "Hide variants",
            help="Show one product of those that share a name or have nearly the same picture.",
            **_bound(question, "hide_variants", question.hide_variants),
        )
        _filters(service, question)
        usual = Question()
        changed = any(
            getattr(question, one) != getattr(usual, one) for one in ("picture", "space", "diversity")
        )
        with st.expander("Advanced", icon=":material/tune:", expanded=changed):
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
                **_bound(question, "diversity", question.diversity),
            )


class Bound(TypedDict):
    """Arguments that bind a widget to a field of the question."""

    key: str
    on_change: Callable[[Question, str], None]
    args: tuple[Question, str]


def _weights(question: Question) -> None:
    st.slider(
        f"{MODALITY_LABEL['text'].capitalize()} ↔ {MODALITY_LABEL['image']}",
        0,
        100,
        step=5,
        format=f"%d %% {MODALITY_LABEL['image']}",
        **_bound(question, "picture", question.picture),
    )


def _space(service: Service, question: Question) -> None:
    st.segmented_control(
        "Model",
        service.spaces,
        format_func=lambda name: SPACES.get(name, name),
        required=True,
        help="Original: the embeddings of description and picture, standardised and concatenated, no training.",
        **_bound(question, "space", question.space or service.spaces[0]),
    )


def _filters(service: Service, question: Question) -> None:
    where = dict(question.where)
    for name, counts in service.counts(where).items():
        key = f"where.{name}"
        st.session_state[key] = list(where.get(name, ()))
        st.multiselect(
            plain(column(name)),
            list(counts),
            format_func=partial(_counted, counts),
            placeholder="Any",
            key=key,
            on_change=_filtered,
            args=(question, name),
        )
    if where:
        st.button(
            "Clear all filters",
            key="clear-filters",
            on_click=address.go,
            args=(question.unfiltered(),),
            width="stretch",
        )


def _counted(counts: Mapping[str, int], value: str) -> str:
    return f"{value} ({counts.get(value, 0):,})"


def _bound(question: Question, field: str, value: object) -> Bound:
    """Key and callback of a control that shows a field of the question."""
    key = f"question.{field}"
    st.session_state[key] = value
    return {"key": key, "on_change": _changed, "args": (question, field)}


def _changed(question: Question, field: str) -> None:
    address.go(replace(question, **{field: st.session_state[f"question.{field}"]}))


def _filtered(question: Question, name: str) -> None:
    address.go(question.filtered(name, st.session_state[f"where.{name}"]))
