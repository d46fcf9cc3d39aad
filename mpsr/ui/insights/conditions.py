"""Filters of the Insights page beyond the columns it counts: ranges of numbers, values left out, any other column.

Their parameters in the address are those of the Find page: ``where.brand=Alder``, ``not.baseColour=Black``,
``range.price=20..50``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

import streamlit as st

from mpsr.errors import InputError
from mpsr.insights.listings import DIMENSIONS
from mpsr.search.conditions import Where, number_text, range_of
from mpsr.search.filters import NumberRange
from mpsr.service import Service
from mpsr.ui.find.offered import FEW
from mpsr.ui.find.question import NOT, RANGE, WHERE, Question
from mpsr.ui.text import column, plain

#: Columns that the visitor has added to those shown at first.
ADDED = "insights-added"


def parameters() -> list[str]:
    """The parameters of the address that are conditions."""
    return [name for name in dict.fromkeys(st.query_params) if name.startswith((WHERE, NOT, RANGE))]


def asked(service: Service) -> tuple[Question, list[str]]:
    """The conditions of the address that this store can answer, and what is wrong with the others."""
    known: dict[str, list[str]] = {}
    trouble: list[str] = []
    for name in parameters():
        values = st.query_params.get_all(name)
        one, wrong = Question.parse({name: values})
        try:
            service.mask(one.filters)
        except InputError as error:
            wrong = [str(error)]
        trouble += wrong
        if not wrong:
            known[name] = values
    return Question.parse(known)[0], trouble


def controls(
    service: Service,
    question: Question,
    elsewhere: Collection[str] = DIMENSIONS,
    title: str = "More conditions",
) -> Where:
    """The controls of the conditions, in the side bar, folded away while nothing of them is asked.

    Args:
        service: the open store.
        question: holds what is asked.
        elsewhere: columns that have controls of their own on the page.
        title: what the folder is called.
    """
    with st.expander(title, expanded=question.narrowed):
        counts, ranges = service.counts(), service.ranges()
        wanted = {*question.filters, *st.session_state.get(ADDED, [])}
        others = [name for name in dict.fromkeys([*ranges, *counts]) if name not in elsewhere]
        for name in others if len(others) <= FEW else [name for name in others if name in wanted]:
            if name in ranges:
                _range(name, dict(question.ranges).get(name, ""), ranges[name])
            else:
                _values(name, list(dict(question.where).get(name, ())), counts[name])
        if len(others) > FEW:
            st.multiselect("More filters", others, format_func=_label, placeholder="Any", key=ADDED)
        _refused(question, counts)
    return question.filters


def _label(name: str) -> str:
    return plain(column(name))


def _values(name: str, chosen: list[str], counts: Mapping[str, int]) -> None:
    key = f"insights-{WHERE}{name}"
    st.session_state[key] = chosen
    options = list(dict.fromkeys([*counts, *chosen]))
    st.multiselect(_label(name), options, placeholder="all", key=key, on_change=_write_values, args=(name,))


def _range(name: str, limits: str, there: NumberRange) -> None:
    ends = range_of(limits) if limits else (None, None)
    bounds = (there.least, there.most)
    for place, end, value, bound in zip(st.columns(2), ("from", "to"), ends, bounds, strict=True):
        key = f"insights-{RANGE}{name}.{end}"
        st.session_state[key] = value
        place.number_input(
            f"{_label(name)} {end}", value=None, placeholder=number_text(bound), format="%0.10g", key=key,
            on_change=_write_range, args=(name,),
        )  # fmt: skip


def _refused(question: Question, counts: Mapping[str, Mapping[str, int]]) -> None:
    chosen = [(name, value) for name, values in question.refused for value in values]
    pairs = [(name, value) for name, values in counts.items() for value in values]
    st.session_state["insights-refused"] = chosen
    st.multiselect(
        "Leave out", list(dict.fromkeys([*pairs, *chosen])), placeholder="Nothing", key="insights-refused",
        format_func=lambda pair: f"{column(pair[0])}: {pair[1]}", on_change=partial(_write_refused, question),
    )  # fmt: skip


# -- what the controls write into the address -------------------------------------------------------------


def _put(name: str, values: list[str]) -> None:
    if values:
        st.query_params[name] = values
    else:
        st.query_params.pop(name, None)


def _write_values(name: str) -> None:
    _put(f"{WHERE}{name}", st.session_state[f"insights-{WHERE}{name}"])


def _write_range(name: str) -> None:
    ends = [st.session_state[f"insights-{RANGE}{name}.{end}"] for end in ("from", "to")]
    asked_for = any(end is not None for end in ends)
    _put(f"{RANGE}{name}", ["..".join(map(number_text, ends))] if asked_for else [])


def _write_refused(question: Question) -> None:
    pairs: list[tuple[str, str]] = st.session_state["insights-refused"]
    for name in dict.fromkeys([*dict(question.refused), *(name for name, _ in pairs)]):
        _put(f"{NOT}{name}", [value for one, value in pairs if one == name])
