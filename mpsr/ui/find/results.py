"""The results of a query, five in a row, and what to do when no match is good."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mpsr.search.neighbours import Neighbour, Neighbours
from mpsr.service import Service
from mpsr.ui import card
from mpsr.ui.find import address
from mpsr.ui.find.question import STEPS, Question
from mpsr.ui.find.together import in_a_row, narrowest, together
from mpsr.ui.match import match_share


def results(service: Service, question: Question, found: Neighbours) -> None:
    """The good matches; weaker ones after them on request."""
    kept = _good_or_pinned(found)
    shown = found.neighbours if question.weak else kept
    if not found.neighbours:
        _nothing(question)
        return
    if not kept:
        _no_good_match(question, found)
    if shown:
        together(service, question, [item.id for item in shown])
    _grid(service, question, shown, found.match_percentile)
    if kept and len(kept) < len(found.neighbours):
        _some_weak(question, found)
    _more(question, found)


def _good_or_pinned(found: Neighbours) -> list[Neighbour]:
    """What is shown at first: a rule gives its product a place however similar it is."""
    return [item for item in found.neighbours if item.pinned or item.similarity >= found.match_threshold]


def _grid(service: Service, question: Question, shown: list[Neighbour], match_percentile: float) -> None:
    grid = st.grid(in_a_row(), min_column_width=narrowest(card.NARROWEST), gap="small")
    for rank, item in enumerate(shown, 1):
        with grid.cell():
            card.neighbour_card(service, rank, item, question, match_percentile)


def _nothing(question: Question) -> None:
    said = (
        "No other products match the filters." if question.narrowed else "There is no other product to show."
    )
    st.info(said, icon=":material/filter_alt_off:")
    if question.narrowed:
        st.button("Clear all filters", key="clear-here", on_click=address.go, args=(question.unfiltered(),))


def _no_good_match(question: Question, found: Neighbours) -> None:
    best, share = max(item.score for item in found.neighbours), match_share(found.match_percentile)
    st.info(
        f"**No good match.** The best score is {best:.3f}; a good match scores at least {found.match_threshold:.3f}, "
        f"and {share} of random pairs of products score less. Try fewer filters, other words, or another "
        "balance of description and picture.",
        icon=":material/search_off:",
    )
    _toggle_weak(question, len(found.neighbours))


def _some_weak(question: Question, found: Neighbours) -> None:
    weak = len(found.neighbours) - len(_good_or_pinned(found))
    share = match_share(found.match_percentile)
    weaker = "1 weaker match" if weak == 1 else f"{weak} weaker matches"
    if not question.weak:
        st.caption(
            f"{weaker} hidden",
            help=f"They score below {found.match_threshold:.3f}, like {share} of random pairs of products.",
        )
    _toggle_weak(question, weak)


def _toggle_weak(question: Question, count: int) -> None:
    label = (
        "Hide weaker matches" if question.weak else f"Show {'it' if count == 1 else f'all {count}'} anyway"
    )
    st.button(label, key="weak", on_click=address.go, args=(replace(question, weak=not question.weak),))


def _more(question: Question, found: Neighbours) -> None:
    further = [step for step in STEPS if step > question.k]
    if further and len(found.neighbours) == question.k and (question.weak or len(found.good) == question.k):
        st.button(
            f"Show {further[0]}", key="further", icon=":material/expand_more:",
            on_click=address.go, args=(replace(question, k=further[0]),),
        )  # fmt: skip
