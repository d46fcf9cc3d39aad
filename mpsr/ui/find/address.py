"""The address bar: the one place where the Find page's state is kept."""

from __future__ import annotations

import streamlit as st

from mpsr.service import Service
from mpsr.ui.find.link import fitting
from mpsr.ui.find.question import Question
from mpsr.ui.stores import current_service

FIND = "pages/find.py"


def read(service: Service) -> tuple[Question, list[str]]:
    """The question in the address bar, and messages about what of it cannot be shown and is left out."""
    parsed, unread = Question.parse({name: st.query_params.get_all(name) for name in st.query_params})
    question, unknown = fitting(parsed, service)
    return question, [*unread, *unknown]


def asked() -> Question:
    """The question in the address bar, without what of it cannot be shown."""
    return read(current_service())[0]


def go(question: Question) -> None:
    """Write the question into the address bar; called back by a widget, the page then shows it."""
    st.query_params.from_dict(_kept() | question.parameters())


def find(question: Question) -> None:
    """Leave for the Find page with this question."""
    st.switch_page(FIND, query_params=_kept() | question.parameters())


def _kept() -> dict[str, list[str]]:
    """Parameters that are not the question's: the store that is open, the board that is being filled."""
    return {name: st.query_params.get_all(name) for name in st.query_params if not Question.owns(name)}
