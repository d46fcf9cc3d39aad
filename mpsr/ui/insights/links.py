"""The way from a selection on another page to the insights page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from mpsr.errors import InputError
from mpsr.insights.idset import pack
from mpsr.service import Service
from mpsr.ui.find.address import FIND
from mpsr.ui.find.question import Question
from mpsr.ui.insights.address import IDS, ONLY_BOARD, VIEW
from mpsr.ui.stores import STORE, store_to_name

PAGE, ICON = "pages/insights.py", ":material/bar_chart:"


def insights_link(service: Service, rows: Iterable[int], label: str) -> None:
    """A link that opens the insights page on these rows of the catalogue, on what sets them apart."""
    try:
        packed = pack(rows, len(service), service.snapshot.fingerprint)
    except InputError as error:
        _link(label, disabled=True, help=str(error))
        return
    _link(label, query_params=_here() | {IDS: packed, VIEW: "apart"})


def board_insights_link(board: str, store: str, label: str) -> None:
    """A link that opens the insights page on a board's products of a store."""
    told = {STORE: store, ONLY_BOARD: board, VIEW: "apart"}
    _link(label, query_params=told)


def find_link(question: Question, label: str) -> None:
    """A link that opens the Find page with this question."""
    told = _here() | {name: list(values) for name, values in question.parameters().items()}
    with st.container(key="mpsr-in-find", width="content"):
        st.page_link(FIND, label=label, icon=":material/search:", query_params=told)


def _link(label: str, **options: Any) -> None:
    """It stands among buttons and looks like one."""
    with st.container(key="mpsr-charts", width="content"):
        st.page_link(PAGE, label=label, icon=ICON, **options)


def _here() -> dict[str, str]:
    """The open store stays open."""
    store = store_to_name()
    return {STORE: store} if store else {}
