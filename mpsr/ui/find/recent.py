"""The searches of this tab: what was asked last comes first, and one click asks it again."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mpsr.service import Service
from mpsr.ui.find import address
from mpsr.ui.find.chips import chips_of, short
from mpsr.ui.find.question import STEPS, Question
from mpsr.ui.text import plain

#: In the session: the searches of each store.
KEPT = "recent-searches"

#: How many are kept.
MOST = 8


def remember(store: str, question: Question) -> None:
    """Keep a search; how many results are shown and what is explained make no other search of it."""
    if question.empty:
        return
    question = replace(question, k=STEPS[0], weak=False, why="")
    kept = st.session_state.setdefault(KEPT, {})
    kept[store] = [question, *(one for one in kept.get(store, []) if one != question)][:MOST]


def recent(service: Service, asked: Question) -> None:
    """The menu of the searches before this one; nothing where there was none."""
    now = replace(asked, k=STEPS[0], weak=False, why="")
    kept = [one for one in st.session_state.get(KEPT, {}).get(service.root.name, []) if one != now]
    if not kept:
        return
    with st.popover("Recent", icon=":material/history:", key=f"recent-{len(kept)}-{hash(now)}"):
        for number, question in enumerate(kept):
            said = " · ".join(chip.said for chip in chips_of(service, question))
            st.button(
                plain(short(said)), key=f"recent-search-{number}", type="tertiary",
                on_click=address.go, args=(question,),
            )  # fmt: skip
